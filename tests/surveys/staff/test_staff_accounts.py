"""Accounts: one per person whatever the spelling, with roles of the desk only, closed for good."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from surveys.audiences import Audience
from surveys.database import metadata, open_engine
from surveys.staff.accounts import (
    AccountError,
    account_for,
    account_with_id,
    add_account,
    all_accounts,
    change_password,
    close_account,
    end_sessions,
)
from surveys.staff.passwords import UnfitPassword

PASSWORD = "a password of my own"


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/accounts.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def sam(engine):
    return add_account(engine, "  Sam   Okafor ", PASSWORD, ["coordinator", "helper"])


def test_account_keeps_its_spelling_and_roles(sam):
    assert sam.name == "Sam Okafor"
    assert sam.roles == {Audience.COORDINATOR, Audience.HELPER}


@pytest.mark.parametrize("name", ["Sam Okafor", "sam okafor", " SAM\tOKAFOR "])
def test_name_in_any_spelling_with_the_password_opens(engine, sam, name):
    assert account_for(engine, name, PASSWORD) == sam


@pytest.mark.parametrize(
    ("name", "password"), [("Sam Okafor", "not my password"), ("Somebody", PASSWORD), ("", "")]
)
def test_anything_else_opens_nothing(engine, sam, name, password):
    assert account_for(engine, name, password) is None


def test_second_account_of_a_name_is_refused(engine, sam):
    with pytest.raises(AccountError, match="already"):
        add_account(engine, "SAM okafor", PASSWORD, ["analyst"])
    assert all_accounts(engine) == (sam,)


@pytest.mark.parametrize("roles", [[], ["respondent"], ["public"], ["coordinator", "king"]])
def test_roles_that_are_not_of_the_desk_are_refused(engine, roles):
    with pytest.raises(AccountError, match="one or more of"):
        add_account(engine, "Sam", PASSWORD, roles)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Sam\x00"])
def test_names_that_cannot_be_read_are_refused(engine, name):
    with pytest.raises(AccountError, match="1 to 80"):
        add_account(engine, name, PASSWORD, ["analyst"])


def test_unfit_password_makes_no_account(engine):
    with pytest.raises(UnfitPassword):
        add_account(engine, "Sam", "too short", ["analyst"])
    assert all_accounts(engine) == ()


def test_closed_account_opens_no_more_but_stays_known(engine, sam):
    close_account(engine, "sam okafor")
    assert account_for(engine, "Sam Okafor", PASSWORD) is None
    assert account_with_id(engine, sam.id).active is False


def test_changed_password_replaces_the_old(engine, sam):
    change_password(engine, "sam okafor", "another password")
    assert account_for(engine, "Sam Okafor", PASSWORD) is None
    changed = replace(sam, session_number=1)  # so that earlier sessions end
    assert account_for(engine, "Sam Okafor", "another password") == changed


def test_ending_sessions_twice_is_ending_them_once(engine, sam):
    for _ in range(2):
        end_sessions(engine, sam.id, sam.session_number)
    assert account_with_id(engine, sam.id).session_number == 1


def test_ending_the_sessions_of_one_account_leaves_the_others(engine, sam):
    ana = add_account(engine, "Ana", PASSWORD, ["analyst"])
    end_sessions(engine, ana.id, ana.session_number)
    assert account_with_id(engine, sam.id) == sam


@pytest.mark.parametrize("change", [close_account, lambda e, n: change_password(e, n, PASSWORD)])
def test_changing_nobody_is_an_error(engine, change):
    with pytest.raises(AccountError, match="no account"):
        change(engine, "Nobody")


def test_unknown_id_is_no_account(engine):
    assert account_with_id(engine, bytes(16)) is None


def test_password_is_nowhere_in_the_table(engine, sam):
    with engine.connect() as connection:
        rows = connection.execute(text("select * from account")).all()
    assert PASSWORD not in repr(rows)
