"""The desk's front door: log in, log out, home; and what every page of the desk may use.

In: the log-in form. Out: a signed-in session, or one kind sentence that does not say whether
it was the name or the password.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import get_locale, gettext, ngettext
from werkzeug.wrappers import Response

from surveys.audiences import Audience, open_to
from surveys.site import Site, current_site
from surveys.staff import audit
from surveys.staff.accounts import STAFF_ROLES, account_for, end_sessions, plain_name
from surveys.staff.destinations import destinations, navigation
from surveys.staff.forms import LogInForm
from surveys.staff.guesses import Guesses
from surveys.staff.sign_in import (
    has_run_out,
    sign_in,
    signed_in_name,
    signed_in_roles,
    stay_signed_in,
)

blueprint = Blueprint("staff", __name__, url_prefix="/staff", template_folder="../templates")

_GUESSES = "heard.guesses"
Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.record
def remember_guesses(state: BlueprintSetupState) -> None:
    """Every app counts the guesses at its own door."""
    state.app.extensions[_GUESSES] = Guesses()


@blueprint.before_app_request
def keep_signed_in() -> None:
    """Start the idle time afresh. Whether the sign-in still stands, admission has looked."""
    now = current_site().now()
    if request.endpoint not in (None, "static") and signed_in_roles(session, now):
        stay_signed_in(session, now)


@blueprint.app_context_processor
def desk() -> dict[str, object]:
    """What the desk's page skeleton needs: site, who is signed in, where they may go."""
    if not has_request_context():
        return {}  # a letter printed from the command line has no visitor
    site, locale = current_site(), get_locale()
    roles = signed_in_roles(session, site.now())
    return {
        "site": site,
        "staff_roles": roles,
        "staff_name": signed_in_name(session, site.now()),
        "staff_navigation": navigation(roles),
        "page_language": str(locale or "en").replace("_", "-"),
        "page_direction": locale.text_direction if locale else "ltr",
    }


@blueprint.get("/log-in")
@open_to(Audience.PUBLIC)
def log_in() -> Page:
    """The form; whoever is signed in already goes home."""
    if signed_in_roles(session, current_site().now()):
        return redirect(url_for("staff.home"), 303)
    return _log_in_page(LogInForm(), ran_out=has_run_out(session, current_site().now()))


@blueprint.post("/log-in")
@open_to(Audience.PUBLIC)
def check_log_in() -> Page:
    """Sign in, or say kindly what to do next."""
    form, site = LogInForm(), current_site()
    if not form.validate_on_submit():
        return _log_in_page(form), 422
    guesses: Guesses = current_app.extensions[_GUESSES]
    name, password = plain_name(form.name.data or ""), form.password.data or ""
    wait = guesses.take(name, site.now().timestamp())
    if wait:
        return _log_in_page(form, trouble=_wait_words(wait)), 429, {"Retry-After": str(wait)}
    account = account_for(site.engine, name, password)
    if account is None:
        trouble = gettext("That name and password do not fit together. Check both and try again.")
        return _log_in_page(form, trouble=trouble), 422
    guesses.succeeded(name)
    audit.record(audit_log_of(site), _today(site), account.name, "sign_in")
    sign_in(session, account, site.now())
    return redirect(url_for("staff.home"), 303)


@blueprint.post("/log-out")
@open_to(Audience.PUBLIC)
def log_out() -> Response:
    """End the account's sessions, copied ones too, and let the browser forget what it kept."""
    staff = session.get("staff")
    session.clear()
    if staff:
        end_sessions(current_site().engine, bytes.fromhex(staff["id"]), staff["session_number"])
    response = redirect(url_for("staff.log_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/")
@open_to(*sorted(STAFF_ROLES))
def home() -> Page:
    """What the signed-in person may do here."""
    roles = signed_in_roles(session, current_site().now())
    return render_template("staff/home.html", destinations=destinations(roles))


def audit_log_of(site: Site) -> Path:
    """The site's audit log: in the site's own folder, beside the summaries."""
    return site.summaries.parent / audit.FILE_NAME


def _log_in_page(form: LogInForm, *, trouble: str = "", ran_out: bool = False) -> str:
    return render_template("staff/log_in.html", form=form, trouble=trouble, ran_out=ran_out)


def _wait_words(seconds: int) -> str:
    start = gettext("There were too many tries with this name.")
    if seconds <= 90:
        wait = ngettext("Wait %(num)s second.", "Wait %(num)s seconds.", seconds)
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("Wait %(num)s minute.", "Wait %(num)s minutes.", minutes)
    return f"{start} {wait} " + gettext("Then try again.")


def _today(site: Site) -> date:
    return site.now().date()
