"""The administrator's page: inviting, inviting again, closing; nobody else gets there."""

import json
import re

import pytest
from desk_site import set_clock
from every_role import account_with
from real_desk import ADDRESS, PASSWORD, words

from surveys.audit.log import audit_log_of
from surveys.staff.accounts import account_named, add_account, all_accounts
from surveys.staff.factors import factors_of


@pytest.fixture
def ada(real):
    person = real("Ada Admin", "administrator").have_app()
    person.log_in()
    return person


def invite(ada, name="Sam Okafor", roles=("coordinator",), days="3"):
    return ada.post("/staff/people", name=name, roles=list(roles), days=days)


def code_on(page):
    return re.search(r"#([a-z2-7]{26})", page.text)[1]


def test_invitation_is_shown_once_and_leads_to_the_desk(ada):
    shown = invite(ada)
    code = code_on(shown)
    assert f"{ADDRESS}/staff/invitation#{code}" in shown.text
    assert "until the end of 2026-11-30" in words(shown)
    people = ada.client.get("/staff/people")
    assert code not in people.text and "Invited, until the end of 2026-11-30." in words(people)
    visitor = ada.app.test_client()
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', visitor.get("/staff/invitation").text)[1]
    data = {"csrf_token": token, "code": code, "password": PASSWORD, "again": PASSWORD}
    assert visitor.post("/staff/invitation", data=data).location == "/staff/sign-in"
    assert "Set up an app" in visitor.get("/staff/sign-in").text
    assert visitor.get("/coordinator/").location == "/staff/sign-in"
    log = [json.loads(line) for line in audit_log_of(ada.site).read_text().splitlines()]
    assert [(line["who"], line["what"]) for line in log] == [
        ("Ada Admin", "sign_in"),
        ("Ada Admin", "account_invited"),
        ("Sam Okafor", "invitation_accepted"),
        ("Sam Okafor", "sign_in_to_set_up"),
    ]
    assert code not in json.dumps(log) and PASSWORD not in json.dumps(log)


def test_older_account_whose_roles_clash_is_not_invited_again(ada):
    sam = account_with(ada.site.engine, "Sam Okafor", ["analyst", "coordinator"])
    page = f"/staff/people/{sam.id.hex()}/again"
    answer = ada.post(page, name="Sam Okafor")
    assert answer.status_code == 422
    assert "roles that one person may not hold together" in words(answer)
    assert account_named(ada.site.engine, "Sam Okafor").has_password


def test_invitation_ends(ada):
    code = code_on(invite(ada, days="1"))
    set_clock(ada.app, days=2)
    visitor = ada.app.test_client()
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', visitor.get("/staff/invitation").text)[1]
    data = {"csrf_token": token, "code": code, "password": PASSWORD, "again": PASSWORD}
    answer = visitor.post("/staff/invitation", data=data)
    assert answer.status_code == 422 and "This invitation has ended." in words(answer)
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Type a name."),
        ({"name": "x" * 81}, "That name is too long."),
        ({"name": "   "}, "Type a name"),
        ({"name": "\u2003"}, "Type a name"),
        ({"name": "Sam\u200b"}, "Type a name with letters or digits that can be seen."),
        ({"name": "ADA admin"}, "There is an account with that name already."),
        ({"roles": ()}, "Choose a role."),
        ({"roles": ("king",)}, "king"),
        ({"roles": ("analyst", "coordinator")}, "so they must not open answers"),
        ({"days": "0"}, "Type a number of days from 1 to 30."),
        ({"days": "31"}, "Type a number of days from 1 to 30."),
        ({"days": "many"}, "Not a valid integer value."),
    ],
)
def test_what_cannot_be_is_said_kindly_and_makes_nothing(ada, fields, said):
    answer = invite(ada, **fields)
    assert answer.status_code == 422 and said in words(answer)
    assert [account.name for account in all_accounts(ada.site.engine)] == ["Ada Admin"]


def test_closing_asks_for_the_name(ada):
    add_account(ada.site.engine, "Ina", PASSWORD, ["inspector"])
    page = re.search(r"/staff/people/[0-9a-f]{32}/close", ada.client.get("/staff/people").text)[0]
    assert "not the name" in words(ada.post(page, name="Somebody"))
    assert account_named(ada.site.engine, "Ina").active
    assert ada.post(page, name=" ina ").location == "/staff/people"
    assert not account_named(ada.site.engine, "Ina").active
    assert ada.client.get(page).status_code == 404


def test_inviting_again_takes_the_ways_in_away(ada, real):
    ina = real("Ina", "helper").have_app()
    ina.log_in()
    page = re.search(r"/staff/people/[0-9a-f]{32}/again", ada.client.get("/staff/people").text)[0]
    assert ada.post(page, name="wrong").status_code == 422
    assert ina.opens("/staff/")
    shown = ada.post(page, name="Ina")
    assert len(code_on(shown)) == 26
    assert not ina.opens("/staff/") and not factors_of(ada.site.engine, ina.id)
    assert ina.give_password().status_code == 422


def test_nobody_closes_or_resets_themselves(ada):
    for act in ("close", "again"):
        assert ada.client.get(f"/staff/people/{ada.id.hex()}/{act}").status_code == 404
    for address in ("x", "00" * 16, "zz" * 16):
        assert ada.client.get(f"/staff/people/{address}/close").status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "inspector", "custodian", "safeguarding"])
def test_others_do_not_get_there(real, role):
    person = real("Somebody", role).have_app()
    person.log_in()
    assert person.client.get("/staff/people").status_code == 403
    assert "/staff/people" not in person.client.get("/staff/").text


def test_list_says_who_has_what(ada):
    add_account(ada.site.engine, "Ina", PASSWORD, ["inspector"])
    page = words(ada.client.get("/staff/people"))
    assert (
        "Ada Admin Administrator: makes and closes accounts Second factor: set up. 10 recovery codes left."
        in page
    )
    assert "Ina Inspector: reads results Second factor: none." in page


def test_without_an_address_the_code_alone_is_shown(ada):
    from dataclasses import replace

    ada.app.extensions["heard"] = replace(ada.site, address="")
    shown = invite(ada)
    assert "#" not in re.sub(r'href="#[^"]*"', "", shown.text.split("<main")[1])
    assert re.search(r">([a-z2-7]{26})<", shown.text)
    assert "localhost" not in shown.text
    page = words(ada.client.get("/staff/sign-in"))
    assert "Passkeys are not switched on here" in page
