"""Closing an account for good: it stays as a name, and nothing is left that ever opened it.

In: a name. Out: the closed account, without password, app, passkeys, codes or invitation.
"""

from __future__ import annotations

from sqlalchemy import Engine

from surveys.database import writing
from surveys.staff.accounts import Account, close_account, put_password_hash
from surveys.staff.authenticator import forget_authenticator
from surveys.staff.invited import forget_invitation
from surveys.staff.passkeys import forget_passkeys
from surveys.staff.recovery import forget_codes


def close_for_good(engine: Engine, name: str) -> Account:
    """Close the account and forget what opened it. Raises AccountError for an unknown name.

    It is closed first, so that nothing in between leaves it half open.
    """
    account = close_account(engine, name)
    with writing(engine).begin() as connection:
        forget_authenticator(connection, account.id)
        forget_passkeys(connection, account.id)
        forget_codes(connection, account.id)
        forget_invitation(connection, account.id)
        put_password_hash(connection, account.id, "")
    return account
