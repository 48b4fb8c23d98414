"""The desk's front door: log in, log out, home.

In: the log-in form or a passkey. Out: the next step of signing in, or one kind sentence that does
not say whether it was the name or the password.
"""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from surveys.audiences import Audience, open_to
from surveys.site import current_site
from surveys.staff import accepting, confirming, own_sign_in, people, removing, second_step
from surveys.staff.accounts import (
    STAFF_ROLES,
    account_for,
    account_with_id,
    end_sessions,
    plain_name,
)
from surveys.staff.desk import Page, blueprint, guesses_of, own_account, wait_words
from surveys.staff.destinations import destinations
from surveys.staff.factors import factors_of
from surveys.staff.forms import LogInForm
from surveys.staff.letting_in import after_password, let_in, turned_away
from surveys.staff.passkey_calls import answered_by, ask_for_passkey
from surveys.staff.passkeys import PasskeyRefused
from surveys.staff.passwords import at_the_door
from surveys.staff.sign_in import has_run_out, roles_at_set_up, signed_in_roles

ROOMS = (accepting, confirming, own_sign_in, people, removing, second_step)
"""The other files whose views the blueprint has, by being imported."""


@blueprint.get("/log-in")
@open_to(Audience.PUBLIC)
def log_in() -> Page:
    """The form; whoever is signed in already goes home."""
    if roles_at_set_up(session, current_site().now()):
        return redirect(url_for("staff.home"), 303)
    return _log_in_page(LogInForm(), ran_out=has_run_out(session, current_site().now()))


@blueprint.post("/log-in")
@open_to(Audience.PUBLIC)
@at_the_door()
def check_log_in() -> Page:
    """Take the password and go on to the second factor, or say kindly what to do next."""
    form, site = LogInForm(), current_site()
    if not form.validate_on_submit():
        return _log_in_page(form), 422
    name, password = plain_name(form.name.data or ""), form.password.data or ""
    guesses, now = guesses_of(site), site.now().timestamp()
    wait = guesses.take(f"password {name}", now)
    if wait:
        return _log_in_page(form, trouble=wait_words(wait)), 429, {"Retry-After": str(wait)}
    account = account_for(site.engine, name, password)
    if account is None:
        trouble = gettext("That name and password do not fit together. Check both and try again.")
        return _log_in_page(form, trouble=trouble), 422
    guesses.succeeded(f"password {name}", now)
    if trouble := turned_away(account):
        return _log_in_page(form, trouble=trouble), 403
    return after_password(account)


@blueprint.post("/log-in/passkey")
@open_to(Audience.PUBLIC)
def check_passkey() -> Page:
    """Sign in with a passkey alone: it has checked its owner by itself, so it is both factors."""
    try:
        account = account_with_id(current_site().engine, answered_by())
    except PasskeyRefused:
        account = None
    if account is None or not account.active:
        trouble = gettext("That passkey opens no account here. Log in with your password instead.")
        return _log_in_page(LogInForm(formdata=None), trouble=trouble), 422
    if trouble := turned_away(account):
        return _log_in_page(LogInForm(formdata=None), trouble=trouble), 403
    return let_in(account, "passkey")


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
    site = current_site()
    roles = signed_in_roles(session, site.now())
    return render_template(
        "staff/home.html",
        destinations=destinations(roles),
        factors=factors_of(site.engine, own_account().id),
    )


def _log_in_page(form: LogInForm, *, trouble: str = "", ran_out: bool = False) -> str:
    return render_template(
        "staff/log_in.html",
        form=form,
        trouble=trouble,
        ran_out=ran_out,
        passkey=ask_for_passkey(),
    )
