"""An account with a duty of its own is not invited again unseen: two people are told first."""

import json
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from mail_server import MailServer
from real_desk import PASSWORD, words

from surveys.audiences import Audience
from surveys.audit.log import audit_log_of
from surveys.mail.addresses import Notify
from surveys.mail.sending import MailSettings, Security
from surveys.staff.accounts import account_for, account_named, add_account
from surveys.staff.commands import staff as group
from surveys.staff.duties import broken_duty, kept_apart_from
from surveys.staff.factors import factors_of
from surveys.staff.telling import watched_duties, words_of

TWO = ("dpo@example.gov.uk", "it@example.gov.uk")
WATCHED = ["analyst", "coordinator", "custodian", "data_entry", "inspector", "safeguarding"]


@pytest.fixture
def post():
    with MailServer() as server:
        yield server


def mailing(site, port, audit=TWO):
    mail = MailSettings(
        host="127.0.0.1", port=port, sender="heard@example.gov.uk", security=Security.NONE,
        patience=5.0,
    )  # fmt: skip
    return replace(site, mail=mail, notify=Notify(audit=audit))


@pytest.fixture
def ada(real):
    person = real("Ada Admin", "administrator").have_app()
    person.log_in()
    return person


def again(ada, name):
    account = account_named(ada.site.engine, name)
    return ada.post(f"/staff/people/{account.id.hex()}/again", name=name)


def acts(site, what):
    path = audit_log_of(site)
    lines = map(json.loads, path.read_text().splitlines() if path.exists() else [])
    return [(line["who"], line["what"], line["about"]) for line in lines if what in line["what"]]


def test_watched_are_exactly_the_duties_that_an_administrator_may_not_hold():
    assert sorted(kept_apart_from(Audience.ADMINISTRATOR)) == WATCHED
    for role in Audience:
        watched = bool(watched_duties({role}))
        assert watched == bool(broken_duty({role, Audience.ADMINISTRATOR})), role
    assert watched_duties({Audience.HELPER, Audience.DATA_ENTRY}) == (Audience.DATA_ENTRY,)


@pytest.mark.parametrize("role", WATCHED)
def test_two_people_are_told_before_the_way_in_is_made_anew(ada, post, role):
    add_account(ada.site.engine, "Ina Okafor", PASSWORD, [role])
    ada.app.extensions["heard"] = mailing(ada.site, post.port)
    assert "Two people are told" in words(again_page(ada, "Ina Okafor"))
    shown = again(ada, "Ina Okafor")
    assert shown.status_code == 200 and "Invitation for Ina Okafor" in words(shown)
    [(to, whole)] = post.post.mails
    assert tuple(to) == TWO
    said = post.post.parsed[0].get_content()
    assert role in said and "On 2026-11-27" in said
    assert b"Ina" not in whole and b"Ada" not in whole, "a mail lies on other people's disks"
    [(who, what, about)] = acts(ada.site, "again")
    assert (who, what) == ("Ada Admin", "duty_account_invited_again")
    assert about == {"name": "Ina Okafor", "duties": role, "told": "2"}
    assert what in said, "the mail says what to look for"


def again_page(ada, name):
    account = account_named(ada.site.engine, name)
    return ada.client.get(f"/staff/people/{account.id.hex()}/again")


@pytest.mark.parametrize("trouble", ["no mail server", "one named", "refused", "away"])
def test_when_nobody_can_be_told_nothing_is_changed(ada, real, post, trouble):
    ina = real("Ina", "inspector").have_app()
    ina.log_in()
    site = mailing(ada.site, post.port)
    if trouble == "no mail server":
        site = replace(site, mail=None)
    elif trouble == "one named":
        site = mailing(site, post.port, audit=TWO[:1])
    elif trouble == "refused":
        post.post.refuse.add(TWO[1])
    else:
        site = mailing(site, 1)
    ada.app.extensions["heard"] = site
    answer = again(ada, "Ina")
    assert answer.status_code == 422
    assert "Nothing was changed. Two people have to be told of this" in words(answer)
    assert ina.opens("/staff/") and factors_of(site.engine, ina.id)
    assert account_for(site.engine, "Ina", PASSWORD)
    assert acts(site, "again") == []
    # the other of two may have got it: a warning too many, never one too few
    assert [to for to, _ in post.post.mails] == ([[TWO[0]]] if trouble == "refused" else [])


def test_accounts_that_an_administrator_could_be_anyway_are_told_to_nobody(ada, post):
    add_account(ada.site.engine, "Hana", PASSWORD, ["helper"])
    ada.app.extensions["heard"] = mailing(ada.site, post.port)
    assert "Two people are told" not in words(again_page(ada, "Hana"))
    assert again(ada, "Hana").status_code == 200
    assert post.post.mails == []
    assert acts(ada.site, "again") == [("Ada Admin", "account_invited_again", {"name": "Hana"})]


def test_wrong_name_tells_nobody(ada, post):
    add_account(ada.site.engine, "Ina", PASSWORD, ["inspector"])
    ada.app.extensions["heard"] = mailing(ada.site, post.port)
    page = f"/staff/people/{account_named(ada.site.engine, 'Ina').id.hex()}/again"
    assert ada.post(page, name="Somebody").status_code == 422
    assert post.post.mails == [] and account_for(ada.site.engine, "Ina", PASSWORD)


def command(site, *given):
    return CliRunner().invoke(group, given, obj=site)


def test_command_tells_as_well_and_has_the_word_of_its_own(site, post):
    add_account(site.engine, "Ina", PASSWORD, ["inspector"])
    done = command(mailing(site, post.port), "invite", "Ina", "--again")
    assert done.exit_code == 0 and "Nobody was mailed" not in done.output
    assert [tuple(to) for to, _ in post.post.mails] == [TWO]
    [(who, what, about)] = acts(site, "again")
    assert (who, what, about["told"]) == ("command line", "duty_account_invited_again", "2")


def test_command_goes_on_without_mail_and_says_that_nobody_was_told(site):
    add_account(site.engine, "Ina", PASSWORD, ["analyst"])
    done = command(site, "invite", "Ina", "--again")
    assert done.exit_code == 0 and "Invitation for Ina" in done.output
    assert "Nobody was mailed of it" in done.output and "may act as analyst" in done.output
    assert acts(site, "again")[0][2]["told"] == "0"


def test_mail_says_what_to_do_and_names_nobody():
    said = words_of(("analyst", "helper"), date(2026, 11, 27))
    assert "may act as: analyst, helper." in said and "face to face" in said
