"""``flask staff``: accounts are made, listed and closed, and every act is in the audit log."""

import json
import re

import pytest
from click.testing import CliRunner

from surveys.staff import audit
from surveys.staff.accounts import account_for, all_accounts
from surveys.staff.commands import staff as group
from surveys.staff.pages import audit_log_of


@pytest.fixture
def staff(site):
    def run(*words, **options):
        return CliRunner().invoke(group, words, obj=site, **options)

    return run


def acts(site):
    return [json.loads(line)["what"] for line in audit_log_of(site).read_text().splitlines()]


def test_add_shows_a_password_that_opens_the_account(staff, site):
    done = staff("add", "Sam Okafor", "--role", "coordinator", "--role", "inspector")
    assert done.exit_code == 0, done.output
    password = re.search(r"shown this once\): (\S+)", done.output)[1]
    assert account_for(site.engine, "sam okafor", password).roles == {"coordinator", "inspector"}
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
    assert staff("list").output == "Sam: analyst\n"
    staff("close", "sam")
    assert account_for(site.engine, "Sam", password) is None
    assert staff("list").output == "Sam: analyst (closed)\n"
    assert acts(site) == ["account_added", "password_changed", "account_closed"]


def test_audit_prints_the_head_and_finds_faults(staff, site):
    staff("add", "Sam", "--role", "analyst")
    path = audit_log_of(site)
    head = audit.head(path)
    assert staff("audit", "--head", head).output == f"head {head}\n"
    path.write_bytes(path.read_bytes().replace(b"analyst", b"inspect"))
    done = staff("audit")
    assert done.exit_code == 1
    assert "line 1: changed after it was written" in done.output
