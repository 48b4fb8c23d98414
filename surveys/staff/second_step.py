"""The second step of logging in: a code of the app, a passkey, or a recovery code.

In: a session whose password was right within the last five minutes. Out: a sign-in, or one kind
sentence. Wrong codes are counted by account, and each stands in the audit log: whoever gives one
knows the password.
"""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext

from surveys.audiences import Audience, open_to
from surveys.site import current_site
from surveys.staff.accounts import Account, account_with_id
from surveys.staff.authenticator import use_code
from surveys.staff.desk import Page, blueprint, guesses_of, note, wait_words
from surveys.staff.factors import Factors, factors_of
from surveys.staff.letting_in import let_in
from surveys.staff.passkey_calls import answered_by, ask_for_passkey
from surveys.staff.passkeys import PasskeyRefused
from surveys.staff.recovery import use_recovery_code
from surveys.staff.sign_in import halfway_in

_LONGEST_CODE = 80


@blueprint.get("/second-step")
@open_to(Audience.PUBLIC)
def second_step() -> Page:
    """Ask for the second factor of whoever has given a right password."""
    account = _halfway_account()
    return _page(account) if account else redirect(url_for("staff.log_in"), 303)


@blueprint.post("/second-step")
@open_to(Audience.PUBLIC)
def check_second_step() -> Page:
    """Sign in, or say kindly what to do next."""
    account = _halfway_account()
    if account is None:
        return redirect(url_for("staff.log_in"), 303)
    if request.form.get("credential"):
        return _with_passkey(account)
    guesses, door = guesses_of(current_site()), f"second {account.id.hex()}"
    now = current_site().now().timestamp()
    wait = guesses.take(door, now)
    if wait:
        return _page(account, wait_words(wait)), 429, {"Retry-After": str(wait)}
    by = _right_code(account, now)
    if not by:
        note(account.name, "second_factor_wrong")
        return _page(account, gettext("That code does not fit. Wait for the next one.")), 422
    guesses.succeeded(door, now)
    return let_in(account, by)


def _halfway_account() -> Account | None:
    """The account, if it is still as it was when the password was given."""
    found = halfway_in(session, current_site().now())
    if found is None:
        return None
    account = account_with_id(current_site().engine, found[0])
    stands = account and account.active and account.session_number == found[1]
    return account if stands else None


def _with_passkey(account: Account) -> Page:
    try:
        whose = answered_by()
    except PasskeyRefused:
        whose = b""
    if whose != account.id:
        return _page(account, gettext("That passkey does not belong to this account.")), 422
    return let_in(account, "passkey")


def _right_code(account: Account, now: float) -> str:
    """What kind of code was right, "" for none. A right one is used up."""
    site = current_site()
    code = request.form.get("code", "")[:_LONGEST_CODE]
    recovery = request.form.get("recovery", "")[:_LONGEST_CODE]
    if recovery:
        right = use_recovery_code(site.engine, site.pepper, account.id, recovery)
        return "recovery_code" if right else ""
    return "app" if use_code(site.engine, site.storage_key, account.id, code, now) else ""


def _page(account: Account, trouble: str = "") -> str:
    factors: Factors = factors_of(current_site().engine, account.id)
    return render_template(
        "staff/second_step.html",
        factors=factors,
        trouble=trouble,
        passkey=ask_for_passkey(factors.passkeys) if factors.passkeys else "",
    )
