"""The board: what needs somebody, what is known, and never a count that could point at one."""

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from surveys.console.progress import take_progress
from surveys.inspections.record import open_inspection
from surveys.invitations.register import add_invitations, new_invitation
from surveys.keys.ceremony import Holders, hold_ceremony
from surveys.keys.key_register import note_tried
from surveys.vault.key_files import Stretching
from surveys.vault.waves import WaveStatus, prepare_wave, set_status

LONDON = ZoneInfo("Europe/London")
DAY_1, OPENS, CLOSES = date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 4)


@pytest.fixture
def on(app):
    """Put the site's clock to half past nine on a day."""

    def put(day):
        app.extensions["heard"] = replace(
            app.extensions["heard"],
            now=lambda: datetime(day.year, day.month, day.day, 9, 30, tzinfo=LONDON),
        )

    return put


@pytest.fixture
def inspection(site):
    return open_inspection(
        site.engine,
        authority=site.authority,
        framework="2009",
        day_1=DAY_1,
        title="Autumn inspection",
        invented=True,
    )


@pytest.fixture
def wave(site, inspection):
    made = prepare_wave(site.engine, site.surveys["care4me"], inspection.id, OPENS, CLOSES)
    add_invitations(site.engine, [new_invitation(made.id, "8-10", "card") for _ in range(164)])
    return made


@pytest.fixture
def board(app, signed_in):
    """What the board says, as plain words. The clock may have been moved before."""

    def read(url="/coordinator/"):
        answer = signed_in("coordinator").get(url)
        assert answer.status_code == 200
        without_dates = re.sub(r"</?time[^>]*>", "", answer.text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without_dates))

    return read


def test_site_without_inspection_says_what_to_do(board):
    assert "No inspection yet" in board()


def test_day_next_and_calendar_are_there(inspection, board):
    words = board()
    assert "Today is Day 5 of 40." in words
    assert re.search(r"Next Monday 30 November Days? 6", words)
    assert "Day 1 is Monday 23 November 2026." in words
    assert "No survey has been prepared" in words


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 20), "Day 1 will be Monday 23 November 2026."),
        (date(2026, 11, 28), "Today is not a working day. Day 5 of 40 is over; Day 6 comes next."),
        (date(2027, 3, 1), "All 40 days are over."),
    ],
)
def test_place_of_today_is_said(on, inspection, board, day, said):
    on(day)
    assert said in board()


@pytest.mark.parametrize(
    ("status", "day", "said"),
    [
        ("prepared", date(2026, 11, 24), "Opens on Wednesday 25 November."),
        (
            "prepared",
            date(2026, 11, 25),
            "Not open, though it was to open on Wednesday 25 November.",
        ),
        ("open", date(2026, 11, 27), "Open until the end of Friday 4 December."),
        ("open", date(2026, 12, 4), "Open. Closes at the end of today."),
        ("open", date(2026, 12, 5), "Still open, though it was to close on Friday 4 December."),
        ("closed", date(2026, 12, 5), "Closed. The answers wait for their release."),
    ],
)
def test_window_is_said_as_it_is(on, site, wave, board, status, day, said):
    for step in {"prepared": [], "open": ["open"], "closed": ["open", "closed"]}[status]:
        set_status(site.engine, wave.id, WaveStatus(step))
    on(day)
    words = board()
    assert said in words
    assert words.count(said) == (2 if "though" in said else 1)  # lateness also stands at the top


@pytest.mark.parametrize(
    ("offered", "finals", "said"),
    [
        (164, 47, "At least 40"),
        (164, 9, "Fewer than 10 so far"),
        (164, 0, "Fewer than 10 so far"),
        (40, 40, "At least 30"),
        (14, 14, "Not shown for a group this small"),
        (14, 0, "Not shown for a group this small"),
    ],
)
def test_counts_are_in_tens_with_their_night(site, wave, board, offered, finals, said):
    take_progress(site.engine, wave.id, offered, finals, date(2026, 11, 26))
    words = board()
    assert f"Answered {said} As counted on Thursday 26 November." in words
    assert not re.search(r"\b(47|9|40 of 40)\b (have )?answered", words)


def test_board_does_not_change_with_what_must_not_show(site, wave, board):
    pages = set()
    for finals in range(40, 50):
        take_progress(site.engine, wave.id, 164, finals, date(2026, 11, 26))
        pages.add(board())
    assert len(pages) == 1


def test_missing_keys_stand_at_the_top_and_at_the_survey(wave, board):
    words = board()
    assert words.count("The keys that seal answers are missing or damaged.") == 2
    assert "The questionnaire is the one that was prepared." in words
    assert "164 invitations have been made." in words
    assert "One person holds both keys" in words


def test_keys_that_were_never_tried_are_noticed(site, wave, board, tmp_path_factory):
    one = Holders("Ana", tmp_path_factory.mktemp("usb"), "Ana")
    made = hold_ceremony(site, wave, one, stretching=Stretching(8 * 1024, 1, 1))
    assert "4 key files have never been tried: they may not open the answers." in board()
    roles = [file.holder for file in made.files]
    note_tried(site.public_keys, wave.id, roles[1:], DAY_1)
    assert "1 key file has never been tried: it may not open the answers." in board()
    note_tried(site.public_keys, wave.id, roles, DAY_1)
    assert "The keys that seal answers are in place." in board()


def test_changed_questionnaire_is_noticed(app, site, wave, board):
    survey = site.surveys["care4me"]
    changed = {**site.surveys, "care4me": survey.model_copy(update={"title": "Care for me"})}
    app.extensions["heard"] = replace(app.extensions["heard"], surveys=changed)
    assert "The questionnaire was changed after this survey was prepared." in board()


def test_old_support_lines_are_to_be_rung(app, site, wave, board):
    line = replace(site.support_lines[0], checked_on="2026-01-02")
    app.extensions["heard"] = replace(app.extensions["heard"], support_lines=(line,))
    assert "Ring the support lines: one was last checked on Friday 2 January 2026." in board()


def test_other_inspections_are_a_link_away(site, inspection, signed_in):
    older = open_inspection(
        site.engine,
        authority=site.authority,
        framework="unknown to this site",
        day_1=date(2025, 5, 12),
        title="Annual round 2025",
    )
    client = signed_in("coordinator")
    page = client.get("/coordinator/").text
    link = re.search(r'href="(/coordinator/inspections/[0-9a-f]{32})"', page)[1]
    assert older.id.hex() in link
    assert "Annual round 2025" in client.get(link).text
    assert "This framework has no calendar on this site." in client.get(link).text


@pytest.mark.parametrize("address", ["x", "00" * 16, "00"])
def test_address_of_no_inspection_is_not_found(signed_in, address):
    assert signed_in("coordinator").get(f"/coordinator/inspections/{address}").status_code == 404


@pytest.mark.parametrize("role", ["inspector", "analyst", "safeguarding", "administrator"])
def test_only_coordinators_see_it(signed_in, role):
    assert signed_in(role).get("/coordinator/").status_code == 403
