"""An account that holds roles which no real one may hold together, so that one visitor meets all pages.

In: an engine, a name, roles. Out: the account. It is written past the rule of duties.py, which
test_staff_duties.py proves.
"""

import json
from dataclasses import replace

from sqlalchemy import update

from surveys.audiences import Audience
from surveys.database import writing
from surveys.staff.accounts import account_table, add_account

PASSWORD = "a password of my own"


def account_with(engine, name, roles):
    made = add_account(engine, name, PASSWORD, list(roles)[:1])
    return give_roles(engine, made, roles)


def give_roles(engine, account, roles):
    step = update(account_table).where(account_table.c.id == account.id)
    with writing(engine).begin() as connection:
        connection.execute(step.values(roles=json.dumps(sorted(roles))))
    return replace(account, roles=frozenset(Audience(role) for role in roles))
