"""The window: to the minute, with an hour's grace for those inside; and saying one is still here."""

from datetime import date, time

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import TODAY

from surveys.answering.window import until_words
from surveys.vault.waves import Wave, WaveStatus

CLOSES = {"closes_on": date(2026, 11, 20), "closes_at": time(17, 0)}


def wave(status=WaveStatus.OPEN, **more):
    values = {
        "opens_on": date(2026, 11, 18), "closes_on": date(2026, 11, 20),
        "opens_at": time(9, 0), "closes_at": time(17, 0),
    }  # fmt: skip
    return Wave(
        id=bytes(16), inspection_id=bytes(16), survey="x", number=1, status=status,
        padded_length=1024, instrument_hash=bytes(32), single_custodian=True, **(values | more),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "hour", "minute", "outside", "inside"),
    [
        (18, 8, 59, False, False),
        (18, 9, 0, True, True),
        (19, 3, 0, True, True),
        (20, 17, 0, True, True),
        (20, 17, 1, False, True),
        (20, 18, 0, False, True),
        (20, 18, 1, False, False),
        (21, 9, 0, False, False),
    ],
)
def test_window_and_grace(day, hour, minute, outside, inside):
    now = TODAY.replace(day=day, hour=hour, minute=minute)
    assert wave().takes_answers(now, inside=False) is outside
    assert wave().takes_answers(now, inside=True) is inside
    assert not wave(WaveStatus.CLOSED).takes_answers(now, inside=True)


def test_last_night_of_british_summer_time_is_counted_by_the_clock_on_the_wall():
    long_day = wave(
        closes_on=date(2026, 10, 25), closes_at=time(23, 59), opens_on=date(2026, 10, 25)
    )
    assert long_day.takes_answers(TODAY.replace(month=10, day=25, hour=23, minute=59), inside=False)


@pytest.fixture
def closing(answering):
    """The site's wave, closing at five in the afternoon of the 30th."""
    from sqlalchemy import update

    from surveys.database import writing
    from surveys.vault.waves import wave_table

    with writing(answering.site.engine).begin() as connection:
        connection.execute(update(wave_table).values(closes_at="17:00"))
    return answering


def test_whoever_is_inside_may_finish_within_the_hour(closing):
    closing.clock.time = TODAY.replace(day=30, hour=16, minute=58)
    person = Respondent(closing)
    person.enter()
    person.agree()
    closing.clock.forward(minutes=10)
    answer_all(person)
    person.post("/answer/send")
    assert person.heading == "Thank you!"


def test_after_the_minute_of_closing_nobody_comes_in(closing):
    closing.clock.time = TODAY.replace(day=30, hour=17, minute=1)
    person = Respondent(closing)
    assert person.enter().status_code == 404


def test_after_the_grace_the_page_says_so_kindly(closing):
    closing.clock.time = TODAY.replace(day=30, hour=16, minute=58)
    person = Respondent(closing)
    person.enter()
    person.agree()
    for _ in range(4):
        closing.clock.forward(minutes=13)
        assert person.get("/answer/2").status_code == 200
    closing.clock.forward(minutes=13)
    assert person.get("/answer/2").status_code == 410


def test_welcome_says_until_when(closing):
    person = Respondent(closing)
    person.enter()
    assert "You can answer until 17:00 on Monday 30 November." in person.visible_text


def test_whole_days_are_said_without_an_hour(answering):
    with answering.app.test_request_context():
        words = until_words(wave(closes_at=time(23, 59)))
    assert words == "You can answer until the end of Friday 20 November."


def test_saying_that_one_is_still_here_starts_the_idle_time_afresh(respondent, answering):
    for _ in range(4):
        answering.clock.forward(minutes=14)
        page = respondent.client.post("/answer/still-here", data={"csrf_token": respondent.token})
        assert page.status_code == 204
    respondent.get("/answer/2")
    assert respondent.address == "/answer/2"


def test_without_it_a_shared_tablet_forgets_after_a_quarter_of_an_hour(respondent, answering):
    answering.clock.forward(minutes=16)
    respondent.get("/answer/2")
    assert respondent.address == "/answer/ended"
