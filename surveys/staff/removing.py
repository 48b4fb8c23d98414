"""Taking a factor away: asked once, and never the last one of a real site's account.

In: whoever is signed in, and has just proved it. Out: one factor less, and every other session
ended.
"""

from __future__ import annotations

import base64
import binascii

from flask import abort, redirect, render_template, session, url_for

from surveys.audiences import confirmed, open_to
from surveys.site import current_site
from surveys.staff.accounts import Account
from surveys.staff.authenticator import remove_authenticator
from surveys.staff.confirming import EVERYBODY
from surveys.staff.desk import Page, blueprint, note, own_account
from surveys.staff.factors import Factors, factors_of
from surveys.staff.passkeys import Passkey, remove_passkey
from surveys.staff.sign_in import carry_on


@blueprint.get("/sign-in/app/remove")
@open_to(*EVERYBODY)
@confirmed
def ask_remove_app() -> Page:
    """Ask before the app is taken away."""
    _, factors = _own_factors()
    if not factors.app:
        return redirect(url_for("staff.own_sign_in"), 303)
    return render_template("staff/remove.html", name="", last=_is_last(factors))


@blueprint.post("/sign-in/app/remove")
@open_to(*EVERYBODY)
@confirmed
def remove_app() -> Page:
    """Take the app away."""
    account, factors = _own_factors()
    if not factors.app or _is_last(factors):
        return redirect(url_for("staff.own_sign_in"), 303)
    carry_on(session, remove_authenticator(current_site().engine, account.id))
    note(account.name, "app_removed")
    return redirect(url_for("staff.own_sign_in"), 303)


@blueprint.get("/sign-in/passkey/<passkey>/remove")
@open_to(*EVERYBODY)
@confirmed
def ask_remove_passkey(passkey: str) -> Page:
    """Ask before a passkey is taken away."""
    _, factors = _own_factors()
    found = _named(factors, passkey)
    return render_template("staff/remove.html", name=found.name, last=_is_last(factors))


@blueprint.post("/sign-in/passkey/<passkey>/remove")
@open_to(*EVERYBODY)
@confirmed
def remove_own_passkey(passkey: str) -> Page:
    """Take a passkey away."""
    account, factors = _own_factors()
    found = _named(factors, passkey)
    if not _is_last(factors):
        carry_on(session, remove_passkey(current_site().engine, account.id, found.id))
        note(account.name, "passkey_removed", passkey=found.name)
    return redirect(url_for("staff.own_sign_in"), 303)


@blueprint.app_template_filter("passkey_address")
def passkey_address(passkey: Passkey) -> str:
    """A passkey's id as part of an address."""
    return base64.urlsafe_b64encode(passkey.id).decode("ascii").rstrip("=")


def _own_factors() -> tuple[Account, Factors]:
    account = own_account()
    return account, factors_of(current_site().engine, account.id)


def _is_last(factors: Factors) -> bool:
    """Whether nothing would be left that a real site asks for."""
    return factors.count == 1 and not current_site().demo


def _named(factors: Factors, address: str) -> Passkey:
    try:
        wanted = base64.urlsafe_b64decode(address + "=" * (-len(address) % 4))
    except (ValueError, binascii.Error):
        abort(404)
    for passkey in factors.passkeys:
        if passkey.id == wanted:
            return passkey
    abort(404)
