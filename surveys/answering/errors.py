"""Errors that belong to answering, as kind pages that lose nothing.

In: what a view of this room raised. Out: a page that says what to do. Other errors, such as an
address that does not exist, are shown by surveys.errors with the same templates.
"""

from __future__ import annotations

import logging

from flask import redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from surveys.admission import NoSitting
from surveys.answering.blueprint import blueprint
from surveys.answering.onward import go_away, go_on, page
from surveys.answering.sitting import Hidden, NothingOpen, SittingOver, close, end
from surveys.database import NOT_STORED
from surveys.vault.public_keys import KeysUnfit

log = logging.getLogger("heard")


@blueprint.errorhandler(Hidden)
def is_hidden(error: Hidden) -> Response:
    """Back, another tab or an old form: the calm page, until its owner has come back."""
    if request.form.get("go") == "leave":
        close()
        return go_away()
    return go_on(url_for("answering.hidden"))


@blueprint.errorhandler(NothingOpen)
def nothing_open(error: NothingOpen) -> tuple[str, int]:
    """The draft is no longer there: sent from another page, or the survey has closed."""
    end()
    return page("errors/410", 410)


@blueprint.errorhandler(SittingOver)
def sitting_over(error: SittingOver) -> Response | tuple[str, int]:
    """The draft was opened again since, or left: this session opens nothing any more."""
    end()
    if request.form.get("go") == "leave":
        return go_away()
    if request.method == "GET":
        return redirect(url_for("answering.session_ended"), 303)
    return page("errors/419", 400, unsaved=request.form.get("words", ""))


@blueprint.errorhandler(KeysUnfit)
def keys_unfit(error: KeysUnfit) -> tuple[str, int]:
    """Nothing may be collected that could not be sealed; the log says why, and what to do."""
    log.error("%s", error)
    return page("errors/503", 503)


def not_stored(error: Exception) -> tuple[str, int]:
    """The database is full, stopped or gone. What was put in goes into the page, to be sent again.

    The error says what was being done, never with which answers, and is logged no further than its
    kind.
    """
    log.error("not stored on %s: %s", request.endpoint, type(error.__cause__ or error).__name__)
    if request.method != "POST":
        return page("errors/503", 503)
    fields = request.form.items(multi=True)
    posted = [(name, value) for name, value in fields if name != "csrf_token"]
    return page("errors/not_saved", 503, posted=posted, address=request.path)


for each in NOT_STORED:
    blueprint.register_error_handler(each, not_stored)


@blueprint.errorhandler(CSRFError)
def form_expired(error: CSRFError) -> Response | tuple[str, int]:
    """The session behind a form has ended. What was written is given back, not saved."""
    if session.get("done"):  # a second press of Send, or another tab
        return redirect(url_for("answering.thanks"), 303)
    try:
        written = request.form
    except RequestEntityTooLarge:  # nobody has read the form before
        return page("errors/413", 413)
    if written.get("go") in ("hide", "leave"):  # nothing is shown to whoever comes in
        return go_away()
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    unsaved = written.get("words", "").strip() if own and "page" in written else ""
    if isinstance(error, NoSitting) and not unsaved:
        return redirect(url_for("answering.session_ended"), 303)
    return page("errors/419", 400, unsaved=unsaved, still_open="access" in session)
