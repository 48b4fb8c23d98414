"""Being signed in ends by itself: after fifteen quiet minutes, or eight hours in all."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.audiences import Audience
from surveys.staff.accounts import Account
from surveys.staff.sign_in import (
    has_run_out,
    sign_in,
    signed_in_name,
    signed_in_roles,
    stay_signed_in,
    still_stands,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
SAM = Account(bytes(16), "Sam", frozenset({Audience.COORDINATOR}), active=True)


def later(**time):
    return NOON + timedelta(**time)


@pytest.fixture
def session():
    made = {"access": "of somebody before", "language": "cy"}
    sign_in(made, SAM, NOON)
    return made


def test_signing_in_leaves_nothing_of_what_was_there(session):
    assert set(session) == {"staff"}
    assert session["staff"]["id"] == "00" * 16
    assert session["staff"]["roles"] == ["coordinator"]


@pytest.mark.parametrize(
    ("moment", "roles"),
    [
        (later(minutes=0), {"coordinator"}),
        (later(minutes=15), {"coordinator"}),
        (later(minutes=15, seconds=1), set()),
        (later(hours=9), set()),
    ],
)
def test_fifteen_quiet_minutes_end_it(session, moment, roles):
    assert signed_in_roles(session, moment) == roles
    assert signed_in_name(session, moment) == ("Sam" if roles else "")
    assert has_run_out(session, moment) is not bool(roles)


def test_eight_hours_end_it_however_busy(session):
    for quarter in range(1, 33):
        moment = later(minutes=15 * quarter)
        assert signed_in_roles(session, moment)
        stay_signed_in(session, moment)
    assert not signed_in_roles(session, later(hours=8, seconds=1))


@pytest.mark.parametrize(
    "session",
    [{}, {"staff": None}, {"staff": "Sam"}, {"staff": {}}, {"staff": {"roles": ["coordinator"]}}],
)
def test_anything_malformed_is_nobody(session):
    assert signed_in_roles(session, NOON) == frozenset()


@pytest.mark.parametrize(
    ("account", "stands"),
    [
        (SAM, True),
        (None, False),
        (replace(SAM, active=False), False),
        (replace(SAM, session_number=1), False),
        (replace(SAM, roles=frozenset({Audience.INSPECTOR})), False),
    ],
)
def test_sign_in_stands_while_its_account_is_as_it_was(session, account, stands):
    assert still_stands(session, account) is stands


def test_session_without_a_number_does_not_stand(session):
    del session["staff"]["session_number"]
    assert still_stands(session, SAM) is False


def test_roles_unknown_to_the_desk_do_not_count():
    seen = int(NOON.timestamp())
    session = {"staff": {"roles": ["respondent", "king", "inspector"], "seen": seen}}
    assert signed_in_roles(session, NOON) == {"inspector"}


def test_nobody_signed_in_has_not_run_out():
    assert has_run_out({}, NOON) is False
