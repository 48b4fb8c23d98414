"""Everybody's own way of signing in: the app, passkeys, recovery codes, the password.

In: whoever is signed in, and has just proved it. Out: what they have, and more of it. Every change
ends all other sessions of the account and stands in the audit log. Removing is in removing.py.
"""

from __future__ import annotations

import segno
from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext

from surveys.audiences import confirmed, open_to, sets_up
from surveys.site import current_site
from surveys.staff.accounts import change_password
from surveys.staff.authenticator import app_address, keep_authenticator, new_secret
from surveys.staff.confirming import EVERYBODY
from surveys.staff.desk import Page, blueprint, guesses_of, note, own_account, wait_words
from surveys.staff.factors import factors_of
from surveys.staff.forms import NewPasswordForm, PasskeyForm
from surveys.staff.passkey_calls import ask_for_new_passkey, keep_new_passkey
from surveys.staff.passkeys import MOST_PASSKEYS, PasskeyRefused
from surveys.staff.passwords import at_the_door
from surveys.staff.recovery import replace_codes
from surveys.staff.relying_party import relying_party
from surveys.staff.sign_in import carry_on, signed_in_roles

_LONGEST_CODE = 80
_SECRET = "new_app_secret"  # noqa: S105  # the name of a place in the sealed cookie


@blueprint.get("/sign-in")
@open_to(*EVERYBODY)
@sets_up
def own_sign_in() -> Page:
    """What the account has beside its password."""
    site = current_site()
    return render_template(
        "staff/own_sign_in.html",
        factors=factors_of(site.engine, own_account().id),
        setting_up=not signed_in_roles(session, site.now()),
        has_passkeys=relying_party(site, request.host) is not None,
        most_passkeys=MOST_PASSKEYS,
    )


@blueprint.get("/sign-in/app")
@open_to(*EVERYBODY)
@confirmed
@sets_up
def set_up_app() -> Page:
    """Show a fresh secret, as a picture to scan and as letters."""
    session.setdefault(_SECRET, new_secret())
    return _app_page()


@blueprint.post("/sign-in/app")
@open_to(*EVERYBODY)
@confirmed
@sets_up
def keep_app() -> Page:
    """Keep the secret when a code shows that the app has it. It is never shown again."""
    site, account, secret = current_site(), own_account(), session.get(_SECRET)
    if not secret:
        return redirect(url_for("staff.set_up_app"), 303)
    door, now = f"new app {account.id.hex()}", site.now().timestamp()
    if wait := guesses_of(site).take(door, now):
        return _app_page(wait_words(wait)), 429, {"Retry-After": str(wait)}
    code = request.form.get("code", "")[:_LONGEST_CODE]
    number = keep_authenticator(
        site.engine, site.storage_key, account.id, secret=secret, code=code, now=now
    )
    if number is None:
        return _app_page(gettext("That code does not fit. Wait for the next one.")), 422
    guesses_of(site).succeeded(door, now)
    session.pop(_SECRET)
    carry_on(session, number)
    note(account.name, "app_set_up")
    return _after_new_factor(account.id, account.name)


@blueprint.get("/sign-in/passkey")
@open_to(*EVERYBODY)
@confirmed
@sets_up
def name_passkey() -> Page:
    """Name a new passkey; the button asks the browser to make it."""
    return _passkey_page(PasskeyForm())


@blueprint.post("/sign-in/passkey")
@open_to(*EVERYBODY)
@confirmed
@sets_up
def keep_passkey() -> Page:
    """Keep the passkey that the browser has made."""
    form, account = PasskeyForm(), own_account()
    if not form.validate_on_submit():
        return _passkey_page(form), 422
    if len(factors_of(current_site().engine, account.id).passkeys) >= MOST_PASSKEYS:
        return redirect(url_for("staff.own_sign_in"), 303)
    try:
        number = keep_new_passkey(account.id, form.name.data or "")
    except PasskeyRefused:
        trouble = gettext("No passkey was made. Try again, or use an app instead.")
        return _passkey_page(form, trouble), 422
    carry_on(session, number)
    note(account.name, "passkey_added", passkey=form.name.data or "")
    return _after_new_factor(account.id, account.name)


@blueprint.get("/sign-in/codes")
@open_to(*EVERYBODY)
@confirmed
def ask_new_codes() -> Page:
    """Ask before the codes of before stop working."""
    return render_template("staff/new_codes.html")


@blueprint.post("/sign-in/codes")
@open_to(*EVERYBODY)
@confirmed
def make_codes() -> Page:
    """Ten fresh recovery codes, shown this once. Without a second factor there are none."""
    account = own_account()
    if not factors_of(current_site().engine, account.id):
        return redirect(url_for("staff.own_sign_in"), 303)
    return _new_codes(account.id, account.name)


@blueprint.get("/sign-in/password")
@open_to(*EVERYBODY)
@confirmed
def choose_password() -> Page:
    """Choose another password."""
    return render_template("staff/new_password.html", form=NewPasswordForm())


@blueprint.post("/sign-in/password")
@open_to(*EVERYBODY)
@confirmed
@at_the_door()
def keep_password() -> Page:
    """Keep it, and end all other sessions."""
    form, account = NewPasswordForm(), own_account()
    if not form.validate_on_submit():
        return render_template("staff/new_password.html", form=form), 422
    changed = change_password(current_site().engine, account.name, form.password.data or "")
    carry_on(session, changed.session_number)
    note(account.name, "password_changed", name=account.name)
    return redirect(url_for("staff.own_sign_in"), 303)


def _after_new_factor(account_id: bytes, name: str) -> Page:
    """The first factor brings recovery codes along."""
    if factors_of(current_site().engine, account_id).codes:
        return redirect(url_for("staff.own_sign_in"), 303)
    return _new_codes(account_id, name)


def _new_codes(account_id: bytes, name: str) -> str:
    site = current_site()
    codes = replace_codes(site.engine, site.pepper, account_id)
    note(name, "recovery_codes_replaced")
    return render_template("staff/codes.html", codes=codes)


def _app_page(trouble: str = "") -> str:
    secret = session[_SECRET]
    address = app_address(secret, own_account().name, current_site().authority)
    picture = segno.make(address, error="m", micro=False)
    return render_template(
        "staff/app.html",
        picture=picture.svg_data_uri(scale=5, border=4),
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        trouble=trouble,
    )


def _passkey_page(form: PasskeyForm, trouble: str = "") -> str:
    account = own_account()
    known = factors_of(current_site().engine, account.id).passkeys
    return render_template(
        "staff/passkey.html",
        form=form,
        trouble=trouble,
        passkey=ask_for_new_passkey(account, known),
    )
