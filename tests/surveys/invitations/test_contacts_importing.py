"""A list of contacts is taken in whole or not at all, and a second time without inviting twice."""

import csv
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mailed_site import MailServer, Post, csv_of, mailed_site, one_app  # noqa: F401

from surveys.inspections.cohorts import import_cohort, members_of
from surveys.inspections.eligibility import Decision
from surveys.inspections.rules import Rule
from surveys.invitations.outbox.contact_files import ContactRow, read_contacts
from surveys.invitations.outbox.contact_problems import ContactProblem, Wrong
from surveys.invitations.outbox.contacts import contacts_of
from surveys.invitations.outbox.importing import Imported, import_contacts
from surveys.invitations.outbox.keys import address_hash
from surveys.invitations.outbox.opt_outs import keep_out
from surveys.invitations.outbox.queue import MailState, move
from surveys.invitations.register import add_invitations, new_invitation

LANGUAGES = {"en", "ar"}
GOOD = ("1", "a@example.org", "+44 7700 900001", "ar")


@pytest.fixture
def mailed(app, tmp_path):
    return mailed_site(app, tmp_path, links=3)


def kept(mailed):
    with mailed.engine.connect() as connection:
        found = contacts_of(connection, mailed.keys, mailed.wave.id).values()
    return {one.reference: (one.address, one.mobile, one.language) for one in found}


def read(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_contacts(path, LANGUAGES)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (csv_of(("", "a@b.uk")), [(Wrong.NO_REFERENCE, 2, "reference")]),
        (csv_of(("x" * 61, "a@b.uk")), [(Wrong.LONG_REFERENCE, 2, "reference")]),
        (csv_of(("1", "a b@c.uk")), [(Wrong.NO_ADDRESS, 2, "email")]),
        (csv_of(("1", "")), [(Wrong.NO_ADDRESS, 2, "email")]),
        (csv_of(("1", "Sam <a@b.uk>")), [(Wrong.NO_ADDRESS, 2, "email")]),
        (csv_of(("1", "ä@b.uk")), [(Wrong.NO_ADDRESS, 2, "email")]),
        (csv_of(("1", "a" * 250 + "@b.uk")), [(Wrong.LONG_ADDRESS, 2, "email")]),
        (csv_of(("1", "a@b.uk", "none")), [(Wrong.NO_NUMBER, 2, "mobile")]),
        (csv_of(("1", "a@b.uk", "", "xx")), [(Wrong.NO_LANGUAGE, 2, "language")]),
        (csv_of(("1", "a@b.uk"), ("1", "c@d.uk")), [(Wrong.SAME_REFERENCE, 3, "reference")]),
        (csv_of(("1", "a@b.uk"), ("2", "A@b.uk")), [(Wrong.SAME_ADDRESS, 3, "email")]),
        ("reference,email\n1\n", [(Wrong.BROKEN_ROW, 2, "")]),
        ("reference\n1\n", [(Wrong.MISSING_COLUMN, 1, "email")]),
        ("reference,email,email\n1,a@b.uk,c@d.uk\n", [(Wrong.REPEATED_COLUMN, 1, "email")]),
        ("reference,email\n", [(Wrong.NO_ROWS, None, "")]),
        ("", [(Wrong.MISSING_COLUMN, 1, "reference"), (Wrong.MISSING_COLUMN, 1, "email")]),
        (b"PK\x03\x04\xff\xfe", [(Wrong.WORKBOOK, None, "")]),
        (b"\xff\xfe\x00", [(Wrong.NOT_TEXT, None, "")]),
    ],
)
def test_every_kind_of_problem_is_named_with_its_row(tmp_path, text, wrong):
    assert read(tmp_path, text).problems == tuple(ContactProblem(*one) for one in wrong)


@pytest.mark.parametrize(
    "text",
    [
        csv_of(GOOD),
        "\ufeff" + csv_of(GOOD),
        csv_of(GOOD).replace(",", ";"),
        csv_of(GOOD).replace("\n", "\r\n") + "\r\n",
        "Language,Email , REFERENCE,mobile\nar,a@example.org, 1 ,+44 (7700) 900-001\n",
        csv_of(GOOD) + ",,,\n",
    ],
)
def test_lists_as_spreadsheets_write_them(tmp_path, text):
    found = read(tmp_path, text)
    assert found.problems == ()
    assert found.rows == (ContactRow(2, "1", "a@example.org", "+447700900001", "ar"),)


@settings(deadline=None, max_examples=50)
@given(cells=st.lists(st.text(max_size=12), max_size=8))
def test_whatever_a_list_holds_it_is_read_and_never_quoted(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("list") / "list.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([["reference", "email"], ["secret-cell", *cells]])
    found = read_contacts(path, LANGUAGES)
    assert not any("secret-cell" in str(problem) for problem in found.problems)
    assert found.rows or found.problems


def test_a_list_becomes_sealed_contacts(mailed):
    assert mailed.imported(("p1", "a@b.uk"), ("p2", "c@d.uk", "07700900002", "ar")) == Imported(
        new=2
    )
    assert kept(mailed) == {"p1": ("a@b.uk", "", "en"), "p2": ("c@d.uk", "07700900002", "ar")}


def test_one_row_too_many_and_nothing_is_kept(mailed):
    done = mailed.imported(*((str(n), f"p{n}@b.uk") for n in range(4)))
    assert done == Imported(problems=(ContactProblem(Wrong.NONE_LEFT, 5, "reference"),))
    assert kept(mailed) == {}


def test_a_second_list_updates_and_invites_nobody_twice(mailed):
    with MailServer() as server:
        mailed.mailing_to(server)
        mailed.imported(("1", "a@b.uk"), ("2", "c@d.uk"))
        mailed.run()
        before = {mail.id for mail in mailed.mails()}
        done = mailed.imported(("1", "a@b.uk"), ("2", "new@d.uk"), ("3", "e@f.uk"))
        assert done == Imported(new=1, changed=1, unchanged=1)
        mailed.run()
        assert [receivers for receivers, _ in server.post.mails[2:]] == [["e@f.uk"]]
    assert before < {mail.id for mail in mailed.mails()}
    assert kept(mailed)["2"][0] == "new@d.uk"


def test_a_new_address_for_mail_that_was_refused_is_mailed_as_another_mail(mailed):
    with MailServer(Post(refuse={"c@d.uk"})) as server:
        mailed.mailing_to(server)
        mailed.imported(("1", "a@b.uk"), ("2", "c@d.uk"))
        mailed.run()
        assert mailed.states() == {"sent": 1, "refused": 1}
        before = {mail.id for mail in mailed.mails()}
        assert mailed.imported(("1", "A@b.uk"), ("2", "right@d.uk")).again == 1
        assert len(before - {mail.id for mail in mailed.mails()}) == 1
        mailed.run()
        assert [one for one, _ in server.post.mails] == [["a@b.uk"], ["right@d.uk"]]
    assert mailed.states() == {"sent": 2}


def test_who_wants_no_mail_stays_so_whatever_list_they_stand_in(mailed):
    keep_out(mailed.engine, address_hash(mailed.keys, "A@b.uk"), mailed.site.now().date(), 12)
    assert mailed.imported(("1", "a@B.uk"), ("2", "c@d.uk")).want_none == 1
    with MailServer() as server:
        mailed.mailing_to(server).run()
        assert [one for one, _ in server.post.mails] == [["c@d.uk"]]


def test_a_dry_run_says_the_same_and_keeps_nothing(mailed):
    rows = read_contacts(mailed.listed(("1", "a@b.uk"), ("2", "c@d.uk")), LANGUAGES).rows
    done = import_contacts(mailed.engine, mailed.keys, mailed.wave, rows, really=False)
    assert done == Imported(new=2)
    assert kept(mailed) == {}


def test_cohort_members_are_found_by_the_identifier_of_the_return(mailed):
    decided = [
        Decision(f"C{n}", Rule.IN_CARE, True, mailed.wave.survey, 17) for n in range(3)
    ]  # fmt: skip
    import_cohort(mailed.engine, mailed.wave.inspection_id, decided)
    members = {
        one.child: one
        for one in members_of(mailed.engine, mailed.wave.inspection_id, mailed.wave.survey)
    }
    link = new_invitation(mailed.wave.id, "adult", "link", members["C0"].id)
    card = new_invitation(mailed.wave.id, "adult", "card", members["C1"].id)
    add_invitations(mailed.engine, [link, card])
    done = mailed.imported(("C0", "a@b.uk"), ("C1", "c@d.uk"), ("C2", "e@f.uk"), ("C9", "g@h.uk"))
    assert [problem.wrong for problem in done.problems] == [
        Wrong.HAS_A_CARD, Wrong.UNKNOWN, Wrong.UNKNOWN,
    ]  # fmt: skip
    assert mailed.imported(("C0", "a@b.uk")) == Imported(new=1)
    with mailed.engine.connect() as connection:
        assert set(contacts_of(connection, mailed.keys, mailed.wave.id)) == {link.id}


def test_contacts_of_withdrawn_invitations_go_before_anything_else(mailed):
    from surveys.database import writing
    from surveys.invitations.register import invitation_table, invitations_of

    mailed.imported(("1", "a@b.uk"), ("2", "c@d.uk"))
    with MailServer() as server:
        mailed.mailing_to(server).run()
    gone, *_ = [mail.invitation_id for mail in mailed.mails()]
    with writing(mailed.engine).begin() as connection:
        connection.execute(invitation_table.delete().where(invitation_table.c.id == gone))
    mailed.imported(("3", "e@f.uk"))
    assert len(kept(mailed)) == 2 and "3" in kept(mailed)
    assert gone not in {mail.invitation_id for mail in mailed.mails()}
    assert gone not in {one.id for one in invitations_of(mailed.engine, mailed.wave.id)}


def test_problems_on_the_command_line_name_rows_and_no_cell(mailed, tmp_path):
    path = mailed.listed(("1", "not an address"), ("", "b@c.uk"))
    report = tmp_path / "problems.csv"
    done = mailed.flask("contacts", mailed.wave.id.hex(), path, "--problems", report)
    assert done.exit_code == 1 and "Nothing was kept" in done.output
    assert "row 2, email" in done.output and "row 3, reference" in done.output
    assert "not an address" not in done.output and "b@c.uk" not in report.read_text()
    assert kept(mailed) == {} and report.stat().st_mode & 0o077 == 0
    again = mailed.flask("contacts", mailed.wave.id.hex(), mailed.listed(("1", "b@c.uk")))
    assert again.exit_code == 0 and "1 contacts new" in again.output
    assert list(kept(mailed)) == ["1"]


def test_a_wave_that_is_over_takes_no_contacts(mailed):
    later = replace(mailed.wave).closes_on.replace(day=28)
    mailed.now_is(mailed.site.now().replace(day=later.day))
    done = mailed.flask("contacts", mailed.wave.id.hex(), mailed.listed(("1", "b@c.uk")))
    assert done.exit_code == 1 and "ended on" in done.output


def test_move_takes_a_mail_on_from_named_states_only(mailed):
    mailed.imported(("1", "a@b.uk"))
    with MailServer() as server:
        mailed.mailing_to(server).run()
    (mail,) = mailed.mails()
    assert not move(mailed.engine, mail.id, MailState.WAITING, only_from=[MailState.FAILED])
    assert move(mailed.engine, mail.id, MailState.WAITING, only_from=[MailState.SENT])
    assert mailed.states() == {"waiting": 1}
