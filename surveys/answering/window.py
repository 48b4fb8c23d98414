"""Until when answers are taken, in words. In: a wave. Out: a sentence for the welcome page."""

from __future__ import annotations

from flask_babel import format_date, gettext

from surveys.vault.waves import DAY_ENDS, Wave

_DAY = "EEEE d MMMM"


def until_words(wave: Wave) -> str:
    """The last day, and the hour when it is not the end of that day."""
    day = format_date(wave.closes_on, _DAY)
    if wave.closes_at == DAY_ENDS:
        return gettext("You can answer until the end of %(day)s.", day=day)
    hour = wave.closes_at.isoformat("minutes")
    return gettext("You can answer until %(hour)s on %(day)s.", hour=hour, day=day)
