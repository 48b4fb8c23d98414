"""Proving it once more, before exports, keys and accounts.

In: whoever is signed in, and the page they were on their way to. Out: that page, for five minutes
without being asked again. Admission sends people here from every view marked ``@confirmed``.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext

from surveys.audiences import Audience, open_to, sets_up
from surveys.site import current_site
from surveys.staff.accounts import STAFF_ROLES, Account, account_for, plain_name
from surveys.staff.authenticator import use_code
from surveys.staff.desk import Page, blueprint, guesses_of, note, own_account, wait_words
from surveys.staff.factors import factors_of
from surveys.staff.passkey_calls import answered_by, ask_for_passkey
from surveys.staff.passkeys import PasskeyRefused
from surveys.staff.passwords import MAXIMUM_LENGTH, at_the_door
from surveys.staff.sign_in import confirm

_LONGEST_CODE = 80
EVERYBODY: tuple[Audience, ...] = tuple(sorted(STAFF_ROLES))


@blueprint.get("/confirm")
@open_to(*EVERYBODY)
@sets_up
def ask_confirm() -> Page:
    """Ask for the password, a code or a passkey."""
    return _page()


@blueprint.post("/confirm")
@open_to(*EVERYBODY)
@sets_up
def check_confirm() -> Page:
    """Go on to where they were going; a file is offered as a link, so that a page is left."""
    with nullcontext() if request.form.get("credential") else at_the_door():
        return _checked()


def _checked() -> Page:
    account, now = own_account(), current_site().now()
    passkey, door = bool(request.form.get("credential")), _door(account)
    wait = 0 if passkey else guesses_of(current_site()).take(door, now.timestamp())
    if wait:
        return _page(wait_words(wait)), 429, {"Retry-After": str(wait)}
    if not (_passkey_fits(account.id) if passkey else _typed_fits(account.id, account.name)):
        if _typed_code() and not passkey:
            note(account.name, "second_factor_wrong")
        return _page(gettext("That does not fit. Check it and try again.")), 422
    if not passkey:  # which says nothing of who typed before
        guesses_of(current_site()).succeeded(door, now.timestamp())
    confirm(session, now)
    onward = session.pop("onward", None) or url_for("staff.home")
    if PurePosixPath(urlsplit(onward).path).suffix:
        return render_template("staff/confirmed.html", file=onward)
    return redirect(onward, 303)


def _door(account: Account) -> str:
    """Where the try counts: with those of the same kind at the front door, each kind apart."""
    if _typed_code():
        return f"second {account.id.hex()}"
    return f"password {plain_name(account.name)}"


def _typed_code() -> str:
    return request.form.get("code", "")[:_LONGEST_CODE]


def _typed_fits(account_id: bytes, name: str) -> bool:
    site, code = current_site(), _typed_code()
    if code:
        now = site.now().timestamp()
        return use_code(site.engine, site.storage_key, account_id, code, now)
    password = request.form.get("password", "")[:MAXIMUM_LENGTH]
    return account_for(site.engine, name, password) is not None


def _passkey_fits(account_id: bytes) -> bool:
    try:
        return answered_by() == account_id
    except PasskeyRefused:
        return False


def _page(trouble: str = "") -> str:
    factors = factors_of(current_site().engine, own_account().id)
    return render_template(
        "staff/confirm.html",
        trouble=trouble,
        factors=factors,
        passkey=ask_for_passkey(factors.passkeys) if factors.passkeys else "",
    )
