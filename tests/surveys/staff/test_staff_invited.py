"""Invitations: good once, until a day, and nobody but the invited ever knows the password."""

from datetime import date, timedelta

import pyotp
import pytest

from surveys.staff.accounts import (
    AccountError,
    DutiesClash,
    NameTaken,
    account_for,
    account_named,
    add_account,
    all_accounts,
    close_account,
)
from surveys.staff.authenticator import keep_authenticator, new_secret
from surveys.staff.closing import close_for_good
from surveys.staff.factors import Factors, factors_of
from surveys.staff.invited import (
    InvitationEnded,
    NoInvitation,
    accept,
    invitation_table,
    invite,
    invite_again,
    invited_until,
)
from surveys.staff.passwords import UnfitPassword
from surveys.staff.recovery import replace_codes

PEPPER = b"p" * 32
TODAY = date(2026, 11, 27)
PASSWORD = "four words of my own"


@pytest.fixture
def engine(site):
    return site.engine


@pytest.fixture
def invited(engine):
    return invite(engine, PEPPER, "Sam Okafor", ["coordinator"], TODAY)


def test_accepting_gives_the_account_its_password_once(engine, invited):
    account, code = invited
    assert not account.has_password
    accepted = accept(engine, PEPPER, code, PASSWORD, TODAY)
    assert accepted.id == account.id and accepted.has_password
    assert account_for(engine, "sam okafor", PASSWORD) == accepted
    with pytest.raises(NoInvitation):
        accept(engine, PEPPER, code, "another password", TODAY)
    assert account_for(engine, "sam okafor", PASSWORD)


@pytest.mark.parametrize("password", ["", "x", "four words of my own"])
def test_no_password_opens_an_account_that_is_only_invited(engine, invited, password):
    assert account_for(engine, "Sam Okafor", password) is None


def test_last_day_counts_and_the_day_after_does_not(engine, invited):
    with pytest.raises(InvitationEnded):
        accept(engine, PEPPER, invited[1], PASSWORD, TODAY + timedelta(days=1))
    assert accept(engine, PEPPER, invited[1], PASSWORD, TODAY)


@pytest.mark.parametrize(
    "spelt", [str.upper, lambda code: f" {code[:13]} {code[13:]}", lambda c: f"https://x/y#{c}"]
)
def test_code_is_forgiven_its_spelling(engine, invited, spelt):
    assert accept(engine, PEPPER, spelt(invited[1]), PASSWORD, TODAY)


@pytest.mark.parametrize("code", ["", "a" * 26, "x" * 25, "no code at all"])
def test_other_codes_open_nothing(engine, invited, code):
    with pytest.raises(NoInvitation):
        accept(engine, PEPPER, code, PASSWORD, TODAY)
    with pytest.raises(NoInvitation):
        accept(engine, b"another pepper", invited[1], PASSWORD, TODAY)


def test_unfit_password_leaves_the_code_good(engine, invited):
    with pytest.raises(UnfitPassword):
        accept(engine, PEPPER, invited[1], "too short", TODAY)
    assert accept(engine, PEPPER, invited[1], PASSWORD, TODAY)


def test_code_is_not_in_the_database(engine, invited):
    with engine.connect() as connection:
        row = connection.execute(invitation_table.select()).one()
    assert len(row.digest) == 32 and row.last_day == "2026-11-27"
    assert invited[1].encode() not in row.digest


def test_name_and_duties_are_checked_before_anything_is_made(engine, invited):
    with pytest.raises(NameTaken):
        invite(engine, PEPPER, "SAM okafor", ["inspector"], TODAY)
    with pytest.raises(DutiesClash):
        invite(engine, PEPPER, "Ana", ["analyst", "coordinator"], TODAY)
    assert [account.name for account in all_accounts(engine)] == ["Sam Okafor"]


def test_again_takes_password_factors_and_the_older_code_away(engine, invited):
    account, first = invited
    accept(engine, PEPPER, first, PASSWORD, TODAY)
    replace_codes(engine, PEPPER, account.id)
    before = account_named(engine, "Sam Okafor").session_number
    _, second = invite_again(engine, PEPPER, "sam okafor", TODAY)
    _, third = invite_again(engine, PEPPER, "sam okafor", TODAY)
    assert account_for(engine, "Sam Okafor", PASSWORD) is None
    assert account_named(engine, "Sam Okafor").session_number > before
    assert not factors_of(engine, account.id).codes
    with pytest.raises(NoInvitation):
        accept(engine, PEPPER, second, PASSWORD, TODAY)
    assert accept(engine, PEPPER, third, PASSWORD, TODAY).id == account.id
    assert invited_until(engine) == {}


def test_closed_account_is_invited_no_more(engine, invited):
    close_account(engine, "Sam Okafor")
    with pytest.raises(NoInvitation):
        accept(engine, PEPPER, invited[1], PASSWORD, TODAY)
    with pytest.raises(AccountError, match="closed"):
        invite_again(engine, PEPPER, "Sam Okafor", TODAY)
    with pytest.raises(AccountError, match="no account"):
        invite_again(engine, PEPPER, "Nobody", TODAY)


def test_closing_for_good_leaves_nothing_that_opened_it(engine):
    account = add_account(engine, "Ana", PASSWORD, ["inspector"])
    secret = new_secret()
    code = pyotp.TOTP(secret).at(59)
    keep_authenticator(engine, bytes(32), account.id, secret=secret, code=code, now=59)
    replace_codes(engine, PEPPER, account.id)
    _, waiting = invite(engine, PEPPER, "Sam Okafor", ["coordinator"], TODAY)
    for name in ("ana", "Sam Okafor"):
        closed = close_for_good(engine, name)
        assert not account_named(engine, name).active
        assert not account_named(engine, name).has_password
        assert factors_of(engine, closed.id) == Factors(app=False, passkeys=(), codes=0)
    assert invited_until(engine) == {}
    with pytest.raises(NoInvitation):
        accept(engine, PEPPER, waiting, PASSWORD, TODAY)


def test_an_account_with_a_password_is_not_waiting(engine):
    assert add_account(engine, "Ana", PASSWORD, ["inspector"]).has_password
    assert invited_until(engine) == {}
