"""Letting visitors in: the audience that a view declares against who is asking.

In: the view about to be served and the session. Out: nothing, or the response that turns away.
A view that declares no audience is served to nobody; a sign-in is believed no longer than its
account bears it out; without a second factor it opens only what sets one up; and a view that asks
to be confirmed is served to whoever has proved themselves within five minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from surveys.audiences import Audience
from surveys.site import current_site
from surveys.staff.accounts import account_with_id
from surveys.staff.sign_in import (
    confirmed_lately,
    roles_at_set_up,
    signed_in_roles,
    still_stands,
)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class NoSitting(CSRFError):
    """A form of a sitting that is over: its token fits nobody any more."""


def guard(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(refuse_cross_site)
    app.before_request(admit)


def admit() -> Response | None:
    """Serve the view only to an audience it names; static files are public."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    audiences: frozenset[Audience] = getattr(view, "audiences", frozenset())
    if Audience.PUBLIC in audiences:
        return None
    if _signed_in_no_more():
        session.clear()
        return redirect(url_for("staff.log_in"), 303)
    staff = _staff_roles(view)
    if staff & audiences:
        return _ask_to_confirm(view)
    if "access" in session and Audience.RESPONDENT in audiences:
        return None
    return _turn_away(view, audiences)


def refuse_cross_site() -> None:
    """A form must come from our own page: Sec-Fetch-Site says so, or Origin in older browsers."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin", "null")
    if site is None and origin != "null" and _host_of(origin) != request.host:
        abort(403)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None  # no browser writes such an origin


def _signed_in_no_more() -> bool:
    """Whether the session is of a sign-in that has since been ended or changed: one read."""
    site = current_site()
    if not roles_at_set_up(session, site.now()):
        return False
    account = account_with_id(site.engine, bytes.fromhex(session["staff"]["id"]))
    return not still_stands(session, account)


def _staff_roles(view: Callable[..., object]) -> frozenset[Audience]:
    """The roles that count at this view: before a second factor, only where one is set up."""
    believed = roles_at_set_up if getattr(view, "sets_up", False) else signed_in_roles
    return frozenset(Audience(role) for role in believed(session, current_site().now()))


def _ask_to_confirm(view: Callable[..., object]) -> Response | None:
    """Send whoever must prove it once more there, and remember where they were going."""
    needed = getattr(view, "needs_confirming", False)
    if not needed or confirmed_lately(session, current_site().now()):
        return None
    session["onward"] = request.full_path.rstrip("?") if _can_be_opened() else ""
    return redirect(url_for("staff.ask_confirm"), 303)


def _can_be_opened() -> bool:
    """Whether the address has a page of its own; what was typed into a form is typed again."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(request.path, "GET")


def _turn_away(view: Callable[..., object], audiences: frozenset[Audience]) -> Response:
    if audiences == {Audience.RESPONDENT}:
        if request.method not in _SAFE_METHODS:
            raise NoSitting  # what was written is given back, not led away
        return redirect(url_for("answering.session_ended"), 303)
    if not audiences or signed_in_roles(session, current_site().now()):
        abort(403)
    if roles_at_set_up(session, current_site().now()):
        return redirect(url_for("staff.own_sign_in"), 303)
    return redirect(url_for("staff.log_in"), 303)
