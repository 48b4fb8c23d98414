"""Writing down who of the staff looked at results or took them away: who, which page, which day.

In: an app whose views carry the mark ``noted``. Out: a line in the audit log for every such page
that was served to somebody who is signed in. A page that cannot be written down is not served.
Respondents have no name here and no page of theirs carries the mark, so they are never written.
"""

from __future__ import annotations

from flask import Flask, current_app, request, session
from werkzeug.wrappers import Response

from surveys.audiences import Audience
from surveys.audit.log import audit_log_of, record
from surveys.site import current_site
from surveys.staff.sign_in import signed_in_name

_NEVER = frozenset({Audience.PUBLIC, Audience.RESPONDENT})


def watch(app: Flask) -> None:
    """Note every served page whose view is marked."""
    app.after_request(note)


def note(response: Response) -> Response:
    """Write the page down, if its view asks for it and somebody of the staff got it."""
    view = current_app.view_functions.get(request.endpoint or "")
    what: str = getattr(view, "noted_as", "")
    if not what or response.status_code >= 300 or getattr(view, "audiences", _NEVER) & _NEVER:
        return response
    site = current_site()
    if name := signed_in_name(session, site.now()):
        record(audit_log_of(site), site.now().date(), name, what, {"page": request.path})
    return response
