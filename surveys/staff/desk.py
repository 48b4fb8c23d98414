"""The desk itself: its blueprint, and what every page of it may use.

In: a request. Out: what the page skeleton needs to know, and the few things that several files of
the desk's front door share.
"""

from __future__ import annotations

from flask import Blueprint, has_request_context, render_template, request, session
from flask_babel import get_locale, gettext, ngettext
from werkzeug.wrappers import Response

from surveys.audit.log import audit_log_of, record
from surveys.site import Site, current_site
from surveys.staff.accounts import Account, account_with_id
from surveys.staff.destinations import navigation
from surveys.staff.guesses import Answered, Guesses
from surveys.staff.passwords import DoorCrowded
from surveys.staff.sign_in import (
    roles_at_set_up,
    signed_in_name,
    signed_in_roles,
    stay_signed_in,
)

blueprint = Blueprint("staff", __name__, url_prefix="/staff", template_folder="../templates")

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.before_app_request
def keep_signed_in() -> None:
    """Start the idle time afresh. Whether the sign-in still stands, admission has looked."""
    now = current_site().now()
    if request.endpoint not in (None, "static") and roles_at_set_up(session, now):
        stay_signed_in(session, now)


@blueprint.app_context_processor
def desk() -> dict[str, object]:
    """What the desk's page skeleton needs: site, who is signed in, where they may go."""
    if not has_request_context():
        return {}  # a letter printed from the command line has no visitor
    site, locale = current_site(), get_locale()
    return {
        "site": site,
        "staff_roles": roles_at_set_up(session, site.now()),
        "staff_name": signed_in_name(session, site.now()),
        "staff_navigation": navigation(signed_in_roles(session, site.now())),
        "page_language": str(locale or "en").replace("_", "-"),
        "page_direction": locale.text_direction if locale else "ltr",
    }


@blueprint.errorhandler(DoorCrowded)
def show_crowded(_: DoorCrowded) -> Page:
    """Ask for a little patience. Nothing was done, and no try was counted."""
    return render_template("staff/crowded.html"), 503, {"Retry-After": "5"}


def own_account() -> Account:
    """The account of whoever is signed in, which admission has just found open."""
    account = account_with_id(current_site().engine, bytes.fromhex(session["staff"]["id"]))
    if account is None:
        raise LookupError("a signed-in account is never deleted")
    return account


def guesses_of(site: Site) -> Guesses:
    """The count of tries at this site's doors."""
    return Guesses(site.summaries.parent / "guesses.json", site.pepper)


def answered_of(site: Site) -> Answered:
    """The challenges that passkeys have answered at this site."""
    return Answered(site.summaries.parent / "answered.json", site.pepper)


def note(who: str, what: str, **about: str) -> None:
    """Write what was done into the audit log, with the day."""
    site = current_site()
    record(audit_log_of(site), site.now().date(), who, what, about)


def wait_words(seconds: int) -> str:
    """What to say to somebody who has to wait."""
    start = gettext("There were too many tries with this name.")
    if seconds <= 90:
        wait = ngettext("Wait %(num)s second.", "Wait %(num)s seconds.", seconds)
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("Wait %(num)s minute.", "Wait %(num)s minutes.", minutes)
    return f"{start} {wait} " + gettext("Then try again.")
