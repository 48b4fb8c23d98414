"""Separation of duties: who sends does not read, who reads does not release, and why."""

import re
from datetime import date
from itertools import combinations

import pytest
from every_role import PASSWORD, account_with, give_roles

from surveys.rehearsal.stage import read_plan
from surveys.staff.accounts import (
    STAFF_ROLES,
    DutiesClash,
    account_for,
    add_account,
    all_accounts,
)
from surveys.staff.duties import APART, broken_duty
from surveys.staff.invited import accept, invite, invite_again

TODAY = date(2026, 11, 27)
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


def test_account_of_before_the_rule_gets_no_new_way_in(site):
    account_with(site.engine, "Sam Okafor", ["analyst", "coordinator"])
    with pytest.raises(DutiesClash, match="who got which code"):
        invite_again(site.engine, site.pepper, "sam okafor", TODAY)
    assert account_for(site.engine, "Sam Okafor", PASSWORD), "nothing was changed"


def test_invitation_of_before_the_rule_lets_nobody_in(site, client):
    account, code = invite(site.engine, site.pepper, "Sam Okafor", ["coordinator"], TODAY)
    give_roles(site.engine, account, ["analyst", "coordinator"])
    with pytest.raises(DutiesClash, match="who got which code"):
        accept(site.engine, site.pepper, code, PASSWORD, TODAY)
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', client.get("/staff/invitation").text)[1]
    data = {"csrf_token": token, "code": code, "password": PASSWORD, "again": PASSWORD}
    answer = client.post("/staff/invitation", data=data)
    assert answer.status_code == 403
    assert "roles that one person may not hold together" in answer.text
    assert client.get("/staff/").status_code == 303
    assert account_for(site.engine, "Sam Okafor", PASSWORD) is None
