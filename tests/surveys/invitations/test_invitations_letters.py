"""Tables for letters and text messages that a council sends itself."""

import csv
import io
import stat

import pytest
from carded_site import ADDRESS, carded_site, child, quickly, speaking_app

from surveys.invitations.issuing import IssuedCode
from surveys.invitations.letters import LETTER_COLUMNS, SMS_COLUMNS, letters_csv, sms_csv
from surveys.invitations.register import Invitation

LINK = "a" * 26


@pytest.fixture(autouse=True)
def quick_words(monkeypatch):
    monkeypatch.setattr("surveys.invitations.issuing.secret_from_words", quickly)


@pytest.fixture
def carded(tmp_path):
    made = carded_site(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def app():
    return speaking_app()


def rows_in(text):
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def a_code(number=1, words=("ant", "bee", "cat", "dog", "eel")):
    invitation = Invitation(bytes([number]) * 16, b"w" * 16, b"m", "8-10", "card")
    return IssuedCode(invitation, words, LINK)


def test_letters_have_a_row_for_each_invitation_in_random_order():
    (first, second) = rows_in(
        letters_csv([a_code(2), a_code(1, None)], {b"m": "X1"}, f"{ADDRESS}/")
    )
    assert list(first) == list(LETTER_COLUMNS)
    assert first == {
        "invitation": "01" * 16, "reference": "X1", "version": "8-10", "words": "",
        "address": ADDRESS, "link": f"{ADDRESS}/#{LINK}",
    }  # fmt: skip
    assert second["words"] == "ant bee cat dog eel"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(app, start):
    with app.test_request_context():
        tables = (
            letters_csv([a_code()], {b"m": f"{start}1+1"}, ADDRESS),
            sms_csv([a_code()], {b"m": f"{start}1+1"}, ADDRESS, f"{start}cmd"),
        )
    for table in tables:
        (row,) = rows_in(table)
        assert row["reference"] == f"'{start}1+1"
        assert not [cell for cell in row.values() if cell.startswith(start)]


def test_a_text_message_has_the_link_and_nothing_that_a_lock_screen_should_not_say(app):
    with app.test_request_context():
        (row,) = rows_in(sms_csv([a_code()], {}, ADDRESS, "Exampleshire County Council"))
    assert tuple(row) == SMS_COLUMNS
    assert row["text"] == (
        f"Exampleshire County Council would like to know what you think: {ADDRESS}/#{LINK}"
    )
    assert len(row["text"]) <= 160
    for telling in ("Care", "care", "survey", "AfterCare", "child", "social"):
        assert telling not in row["text"]


def test_command_writes_letters_for_all_and_messages_for_links_only(carded, tmp_path):
    carded.invite_adults(2)
    wave, letters, sms = carded.wave.id.hex()[:8], tmp_path / "letters.csv", tmp_path / "sms.csv"
    done = carded.run("letters", wave, "--out", letters)
    assert done.exit_code == 0 and "12 rows written" in done.output and "Destroy it" in done.output
    assert carded.run("letters", wave, "--as", "sms", "--out", sms).exit_code == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in (letters, sms)} == {0o600}
    written = rows_in(letters.read_bytes().decode())
    assert [row["invitation"] for row in written] == sorted(row["invitation"] for row in written)
    assert sorted(row["reference"] for row in written) == ["", "", *(child(n) for n in range(10))]
    links = {row["invitation"]: row["link"] for row in written}
    assert links == {
        code.invitation.id.hex(): f"{ADDRESS}/#{code.link}" for code in carded.codes
    }  # fmt: skip
    messages = rows_in(sms.read_bytes().decode())
    assert len(messages) == 2
    assert all(row["text"].endswith(links[row["invitation"]]) for row in messages)
    assert "Care4Me" not in sms.read_bytes().decode()


def test_command_refuses_what_cannot_be_said_or_sent(carded, tmp_path):
    wave, out = carded.wave.id.hex()[:8], tmp_path / "sms.csv"
    none = carded.run("letters", wave, "--as", "sms", "--out", out)
    assert (
        none.exit_code == 1 and "Nobody in this wave has an invitation of this kind" in none.output
    )
    assert not out.exists()


def test_a_message_that_nobody_has_translated_is_not_sent_in_english_instead(
    carded, tmp_path, monkeypatch
):
    carded.invite_adults(1)
    monkeypatch.setattr("surveys.invitations.cards_commands.sms_text", lambda *words: "English")
    out = tmp_path / "sms.csv"
    options = ("--as", "sms", "--language", "ar", "--out", out)
    done = carded.run("letters", carded.wave.id.hex()[:8], *options)
    assert done.exit_code == 1 and "not been translated into 'ar'" in done.output
    assert not out.exists()
