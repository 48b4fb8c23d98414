"""The helper's pages on a shared tablet: the rules, starting a run, and taking the tablet back.

In: a signed-in helper and a child's card. Out: a clean screen for the child, with the helper's
sign-in put away behind four digits. Which card was used, by whom and when, is written nowhere.
"""

from __future__ import annotations

import logging

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_babel import refresh as refresh_language
from werkzeug.wrappers import Response

from surveys.answering.onward import answering_back, leaving_no_page
from surveys.answering.sitting import NothingOpen, begin, close
from surveys.answering.tries import minutes_to_wait, note_wrong_try
from surveys.audiences import Audience, open_to
from surveys.invitations.codes import TooManyAtOnce, code_in
from surveys.languages import NAMES
from surveys.site import current_site
from surveys.staff.sign_in import signed_in_roles
from surveys.tablets.watch import DIGITS, PUT_AWAY, fit_digits, is_watched, put_away, take_back
from surveys.vault.public_keys import KeysUnfit

log = logging.getLogger("heard")

blueprint = Blueprint("tablets", __name__, url_prefix="/tablet", template_folder="../templates")

Page = str | Response | tuple[str, int]
_LONGEST_CODE = 200


@blueprint.get("/")
@open_to(Audience.HELPER)
def helper() -> Page:
    """The helper's rules, and the card with which a child's run starts."""
    return _page()


@blueprint.get("/check")
@open_to(Audience.HELPER)
def device() -> Page:
    """Try the tablet before a child has it: sound, size, network, what the browser keeps."""
    return render_template("tablets/device.html")


@blueprint.post("/digits")
@open_to(Audience.HELPER)
def set_digits() -> Page:
    """Choose the four digits that bring the helper back after a child's run."""
    if trouble := _more_than_a_helper():
        return _page(digits_trouble=trouble), 403
    digits = fit_digits(request.form.get("digits", ""))
    if not digits:
        return _page(digits_trouble=gettext("Please type four digits.")), 422
    session["digits"] = digits
    return redirect(url_for("tablets.helper"), 303)


@blueprint.post("/start")
@open_to(Audience.HELPER)
def start() -> Page:
    """Open the child's card and hand over a clean screen."""
    typed = request.form.get("words", "")[:_LONGEST_CODE]
    if trouble := _trouble(typed):
        return _page(trouble=trouble, typed=typed), 422
    kept = put_away(session, session["digits"])
    before = dict(session)
    try:
        begin(code_in(typed))
    except (NothingOpen, TooManyAtOnce, KeysUnfit) as error:
        session.clear()
        session.update(before)
        return _not_begun(error, typed)
    session[PUT_AWAY] = kept
    _speak(request.form.get("language", "en"))
    return redirect(url_for("answering.welcome"), 303)


@blueprint.get("/ready")
@open_to(Audience.PUBLIC)
def ready() -> Page:
    """The tablet is back: nothing of the child is left, and only the helper can go on."""
    if "access" in session:  # a child is still answering
        return redirect(answering_back(), 303)
    if not is_watched(session):
        return redirect(url_for("staff.log_in"), 303)
    return render_template("tablets/ready.html", trouble="")


@blueprint.post("/ready")
@open_to(Audience.PUBLIC)
def unlock() -> Page:
    """The helper's four digits."""
    if not is_watched(session):
        return redirect(url_for("staff.log_in"), 303)
    if "access" in session:
        kept = session[PUT_AWAY]
        close()
        session[PUT_AWAY] = kept
    if take_back(session, fit_digits(request.form.get("digits", "")), current_site().now()):
        return leaving_no_page(redirect(url_for("tablets.helper"), 303))
    if not is_watched(session):
        return leaving_no_page(redirect(url_for("staff.log_in"), 303))
    return render_template("tablets/ready.html", trouble=gettext("Those digits do not fit.")), 422


def _more_than_a_helper() -> str:
    """Four digits on a child's tablet must never open more than a helper's page."""
    if signed_in_roles(session, current_site().now()) == {Audience.HELPER}:
        return ""
    return gettext("Sign in with an account that is a helper’s and nothing else.")


def _trouble(typed: str) -> str:
    if trouble := _more_than_a_helper():
        return trouble
    if not session.get("digits"):
        return gettext("Choose your four digits first.")
    if not typed.strip():
        return gettext("Type the five words of the child’s card, or scan its code.")
    if minutes := minutes_to_wait():
        return gettext("Too many tries. Minutes to wait: %(minutes)s.", minutes=minutes)
    return ""


def _not_begun(error: Exception, typed: str) -> Page:
    if isinstance(error, TooManyAtOnce):
        trouble = gettext("Many are starting right now. Wait a little, then press Start again.")
        return _page(trouble=trouble, typed=typed), 503
    if isinstance(error, KeysUnfit):
        log.error("%s", error)
        trouble = gettext("This survey cannot take answers just now. Tell the coordinator.")
        return _page(trouble=trouble, typed=typed), 503
    note_wrong_try()
    trouble = gettext(
        "That card opens nothing just now: a word may be spelt in another way, the answers may "
        "have been sent, or the survey is not open."
    )
    return _page(trouble=trouble, typed=typed), 404


def _speak(language: str) -> None:
    """The language that the helper chose for the child, if the survey has it."""
    if language in current_site().languages.get(str(session.get("survey")), ("en",)):
        session["language"] = language
        refresh_language()


def _page(*, trouble: str = "", digits_trouble: str = "", typed: str = "") -> str:
    codes = {code for offered in current_site().languages.values() for code in offered}
    return render_template(
        "tablets/helper.html",
        languages=[(code, name) for code, name in NAMES.items() if code in codes],
        has_digits=bool(session.get("digits")),
        digits=DIGITS,
        trouble=trouble,
        digits_trouble=digits_trouble,
        typed=typed,
    )
