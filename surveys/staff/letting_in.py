"""What follows a right password or passkey: home, the second factor, or setting one up.

In: an account whose password or passkey was right. Out: the next page. A password alone lets nobody
into a real site: it leads to the second factor, or to setting one up and nowhere else.
"""

from __future__ import annotations

from flask import redirect, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from surveys.site import current_site
from surveys.staff.accounts import Account
from surveys.staff.desk import note
from surveys.staff.duties import broken_duty
from surveys.staff.factors import factors_of
from surveys.staff.sign_in import begin_halfway, begin_set_up, sign_in


def after_password(account: Account) -> Response:
    """Ask for the second factor; without one, have it set up. A demonstration lets it be."""
    site = current_site()
    if factors_of(site.engine, account.id):
        begin_halfway(session, account, site.now())
        return redirect(url_for("staff.second_step"), 303)
    if site.demo:
        return let_in(account, "password")
    note(account.name, "sign_in_to_set_up")
    begin_set_up(session, account, site.now())
    return redirect(url_for("staff.own_sign_in"), 303)


def let_in(account: Account, by: str) -> Response:
    """Sign in for good. Call it when every factor has been seen; ``by`` names the last."""
    note(account.name, "sign_in", by=by)
    sign_in(session, account, current_site().now())
    return redirect(url_for("staff.home"), 303)


def turned_away(account: Account) -> str:
    """Why this account may not sign in although all was right, "" when it may.

    Roles are kept apart when an account is made; this is for accounts made before that was so.
    """
    reason = broken_duty(account.roles)
    return not_together(reason) if reason else ""


def not_together(reason: str) -> str:
    """What to say to whoever's account holds roles that are kept apart for this reason."""
    start = gettext("This account holds roles that one person may not hold together.")
    return f"{start} {gettext(reason)}"
