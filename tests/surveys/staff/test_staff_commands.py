"""``flask staff``: accounts are made, listed and closed, and every act is in the audit log."""

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from desk_site import MORNING
from every_role import account_with
from soft_passkey import SoftPasskey

from surveys.audit.log import audit_log_of
from surveys.staff.accounts import account_for, add_account, all_accounts
from surveys.staff.commands import staff as group
from surveys.staff.invited import accept
from surveys.staff.passkeys import add_passkey, creation_options
from surveys.staff.recovery import replace_codes
from surveys.staff.relying_party import RelyingParty


@pytest.fixture
def staff(site):
    def run(*words, **options):
        return CliRunner().invoke(group, words, obj=site, **options)

    return run


def acts(site):
    return [json.loads(line)["what"] for line in audit_log_of(site).read_text().splitlines()]


def test_add_shows_a_password_that_opens_the_account(staff, site):
    done = staff("add", "Sam Okafor", "--role", "coordinator", "--role", "helper")
    assert done.exit_code == 0, done.output
    password = re.search(r"shown this once\): (\S+)", done.output)[1]
    assert account_for(site.engine, "sam okafor", password).roles == {"coordinator", "helper"}
    assert password not in audit_log_of(site).read_text()


def test_add_takes_a_password_from_a_pipe_and_does_not_show_it(staff, site):
    done = staff(
        "add", "Sam", "--role", "analyst", "--password-stdin", input="a password of my own\n"
    )
    assert done.exit_code == 0, done.output
    assert "a password of my own" not in done.output
    assert account_for(site.engine, "Sam", "a password of my own")


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Sam"),
        ("add", "Sam", "--role", "respondent"),
        ("add", " ", "--role", "analyst"),
        ("add", "Sam", "--role", "analyst", "--password-stdin"),
        ("close", "Nobody"),
        ("new-password", "Nobody"),
    ],
)
def test_what_cannot_be_done_is_said_plainly_and_changes_nothing(staff, site, words):
    done = staff(*words, input="too short\n")
    assert done.exit_code != 0
    assert "Error" in done.output and "Traceback" not in done.output
    assert all_accounts(site.engine) == ()


def test_close_and_new_password(staff, site):
    staff("add", "Sam", "--role", "analyst")
    shown = staff("new-password", "SAM").output
    password = re.search(r"shown this once\): (\S+)", shown)[1]
    assert account_for(site.engine, "Sam", password)
    assert staff("list").output == "Sam: analyst (no second factor)\n"
    staff("close", "sam")
    assert account_for(site.engine, "Sam", password) is None
    assert staff("list").output == "Sam: analyst (closed)\n"
    assert acts(site) == ["account_added", "password_changed", "account_closed"]


def test_invite_shows_a_code_once_and_its_day(staff, site):
    done = staff("invite", "Sam Okafor", "--role", "coordinator", "--days", "5")
    assert done.exit_code == 0, done.output
    code = re.search(r"code ([a-z2-7]{26})", done.output)[1]
    assert "until the end of 2026-12-02" in done.output
    assert staff("list").output == "Sam Okafor: coordinator (invited until 2026-12-02)\n"
    assert code not in audit_log_of(site).read_text()
    accepted = accept(site.engine, site.pepper, code, "four words of my own", MORNING.date())
    assert accepted.name == "Sam Okafor"
    assert staff("list").output == "Sam Okafor: coordinator (no second factor)\n"
    again = staff("invite", "sam okafor", "--again")
    assert re.search(r"code ([a-z2-7]{26})", again.output)[1] != code
    assert account_for(site.engine, "Sam Okafor", "four words of my own") is None
    assert acts(site) == ["account_invited", "duty_account_invited_again"]


def test_invite_prints_the_link_of_a_site_that_knows_its_address(site):
    site = replace(site, address="https://heard.example.gov.uk")
    done = CliRunner().invoke(group, ("invite", "Sam", "--role", "helper"), obj=site)
    assert re.search(
        r"https://heard\.example\.gov\.uk/staff/invitation#[a-z2-7]{26}\n", done.output
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("invite", "Sam"), "--role"),
        (("invite", "Sam", "--role", "helper", "--again"), "--again"),
        (("invite", "Sam", "--role", "helper", "--days", "31"), "1<=x<=30"),
        (("invite", "Nobody", "--again"), "no account named"),
        (("invite", "Sam", "--role", "analyst", "--role", "coordinator"), "must not open answers"),
        (("add", "Sam", "--role", "analyst", "--role", "custodian"), "two people"),
    ],
)
def test_invitation_that_cannot_be_is_said_plainly(staff, site, words, said):
    done = staff(*words)
    assert done.exit_code != 0 and said in done.output and "Traceback" not in done.output
    assert all_accounts(site.engine) == ()


def test_list_shows_factors_and_roles_of_before_the_rule(staff, site):
    person = add_account(site.engine, "Ana", "a password of my own", ["inspector"])
    made = SoftPasskey()
    party = RelyingParty("localhost", "http://localhost")
    answer = made.create(creation_options(party, person, (), b"c" * 32))
    add_passkey(
        site.engine, party, person.id, name="work phone", answer=answer, challenge=b"c" * 32
    )
    replace_codes(site.engine, site.pepper, person.id)
    account_with(site.engine, "Zed", ["analyst", "coordinator"])
    assert staff("list").output == (
        "Ana: inspector (passkey 'work phone', 10 recovery codes)\n"
        "Zed: analyst, coordinator (no second factor; cannot sign in: these roles may not be one "
        "person's)\n"
    )


def test_add_says_what_comes_next_on_a_real_site(site):
    done = CliRunner().invoke(
        group, ("add", "Sam", "--role", "helper"), obj=replace(site, demo=False)
    )
    assert "The first sign-in sets up a second factor." in done.output
