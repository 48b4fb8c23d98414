"""Separation of duties: who sends does not read, who reads does not release, and why."""

from itertools import combinations

import pytest
from every_role import account_with

from surveys.rehearsal.stage import read_plan
from surveys.staff.accounts import STAFF_ROLES, DutiesClash, add_account, all_accounts
from surveys.staff.duties import APART, broken_duty

ALLOWED = {
    ("administrator", "helper"),
    ("coordinator", "helper"),
    ("coordinator", "safeguarding"),
    ("custodian", "data_entry"),
    ("custodian", "helper"),
    ("custodian", "safeguarding"),
    ("data_entry", "helper"),
    ("data_entry", "inspector"),
    ("data_entry", "safeguarding"),
    ("helper", "inspector"),
    ("helper", "safeguarding"),
}
"""Every pair that one person may hold. Whoever adds a role decides here about each pair."""


def test_every_pair_of_roles_is_decided():
    pairs = {tuple(sorted(pair)) for pair in combinations((r.value for r in STAFF_ROLES), 2)}
    assert {pair for pair in pairs if not broken_duty(pair)} == ALLOWED


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (("coordinator", "analyst"), "who got which code"),
        (("custodian", "analyst"), "two people"),
        (("safeguarding", "analyst"), "asked to talk"),
        (("administrator", "analyst"), "makes accounts"),
        (("administrator", "inspector"), "makes accounts"),
        (("administrator", "safeguarding"), "makes accounts"),
        (("coordinator", "custodian"), "parts answers from codes"),
        (("coordinator", "data_entry"), "list of codes"),
    ],
)
def test_the_reason_is_one_sentence(roles, words):
    reason = broken_duty(roles)
    assert words in reason and reason.endswith(".") and reason.count(". ") == 0
    assert broken_duty((*roles, "helper")) in APART.values(), "a third role mends nothing"


@pytest.mark.parametrize("pair", sorted(tuple(sorted(pair)) for pair in APART))
def test_account_that_would_break_it_is_not_made(site, pair):
    with pytest.raises(DutiesClash) as refused:
        add_account(site.engine, "Sam", "a password of my own", pair)
    assert str(refused.value) == APART[frozenset(pair)]
    assert all_accounts(site.engine) == ()


def test_account_of_before_the_rule_cannot_sign_in(site, client):
    from test_staff_pages import log_in, words

    account_with(site.engine, "Sam Okafor", ["analyst", "coordinator"])
    answer = log_in(client)
    assert answer.status_code == 403
    assert "one person may not hold together" in words(answer)
    assert "so they must not open answers" in words(answer)
    assert client.get("/staff/").status_code == 303


def test_the_demonstration_keeps_the_rule_too():
    assert {name: broken_duty(roles) for name, roles in read_plan()["accounts"].items()} == (
        dict.fromkeys(read_plan()["accounts"], "")
    )
