"""The words of the coordinator's board: a wave's window and its count, exactly as true as known.

In: a wave, its progress, today. Out: short sentences. Nothing here knows a count finer than tens.
"""

from __future__ import annotations

from datetime import date

from flask_babel import format_date, gettext

from surveys.console.progress import Progress
from surveys.console.timeline import Place
from surveys.vault.waves import DAY_ENDS, Wave, WaveStatus

DAY = "EEEE d MMMM"
DAY_AND_YEAR = "EEEE d MMMM y"


def window_words(wave: Wave, today: date) -> str:
    """What the wave is doing today, from its status; and its dates where those disagree."""
    match wave.status:
        case WaveStatus.PREPARED:
            return _prepared(wave, today)
        case WaveStatus.OPEN:
            return _open(wave, today)
        case WaveStatus.CLOSED:
            return gettext("Closed. The answers wait for their release.")
        case WaveStatus.RELEASED:
            return gettext("Closed and released to the analyst.")
        case WaveStatus.PUBLISHED:
            return gettext("The results are published.")


def needs_somebody(wave: Wave, today: date) -> bool:
    """Whether the calendar has moved on and the wave has not."""
    late_opening = wave.status is WaveStatus.PREPARED and wave.opens_on <= today
    return late_opening or (wave.status is WaveStatus.OPEN and wave.closes_on < today)


def answered_words(progress: Progress | None) -> str:
    """How many have answered, in tens, and nothing that could point at anybody."""
    if progress is None:
        return gettext("Not counted yet")
    if progress.is_too_small_to_count:
        return gettext("Not shown for a group this small")
    if progress.at_least is None:
        return gettext("Fewer than 10 so far")
    return gettext("At least %(count)d", count=progress.at_least)


def counted_words(progress: Progress | None) -> str:
    """How fresh the count is."""
    if progress is None:
        return gettext("Counting is done at night, for open surveys.")
    return gettext("As counted on %(day)s.", day=format_date(progress.counted_on, DAY))


def kept_words(until: date, erased_on: date | None) -> str:
    """How long the sealed answers stay on the site, or that they have gone."""
    if erased_on:
        return gettext("Erased on %(day)s", day=format_date(erased_on, DAY_AND_YEAR))
    return gettext("Kept until %(day)s", day=format_date(until, DAY_AND_YEAR))


def _prepared(wave: Wave, today: date) -> str:
    day = format_date(wave.opens_on, DAY)
    if wave.opens_on > today:
        return gettext("Opens on %(day)s.", day=day)
    return gettext("Not open, though it was to open on %(day)s.", day=day)


def _open(wave: Wave, today: date) -> str:
    day = format_date(wave.closes_on, DAY)
    if wave.closes_on < today:
        return gettext("Still open, though it was to close on %(day)s.", day=day)
    if wave.closes_at != DAY_ENDS:
        hour = wave.closes_at.isoformat("minutes")
        return gettext("Open until %(hour)s on %(day)s.", hour=hour, day=day)
    if wave.closes_on == today:
        return gettext("Open. Closes at the end of today.")
    return gettext("Open until the end of %(day)s.", day=day)


def place_words(place: Place, day_1: date) -> str:
    """Where today lies in the inspection, as one sentence."""
    if place.day == 0:
        return gettext("Day 1 will be %(day)s.", day=format_date(day_1, DAY_AND_YEAR))
    if place.is_over:
        return gettext("All %(last)d days are over.", last=place.last_day)
    if place.is_working_day:
        return gettext("Today is Day %(day)d of %(last)d.", day=place.day, last=place.last_day)
    return gettext(
        "Today is not a working day. Day %(day)d of %(last)d is over; Day %(next)d comes next.",
        day=place.day,
        last=place.last_day,
        next=place.day + 1,
    )
