"""Until when answers are taken and kept. In: a wave. Out: sentences for the welcome page."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import format_date, gettext

from surveys.backup.rules import KEPT_DAYS
from surveys.retention.due import keep_until
from surveys.site import Site
from surveys.vault.waves import DAY_ENDS, Wave

_DAY = "EEEE d MMMM"
_DAY_OF_A_YEAR = "d MMMM y"


def until_words(wave: Wave) -> str:
    """The last day, and the hour when it is not the end of that day."""
    day = format_date(wave.closes_on, _DAY)
    if wave.closes_at == DAY_ENDS:
        return gettext("You can answer until the end of %(day)s.", day=day)
    hour = wave.closes_at.isoformat("minutes")
    return gettext("You can answer until %(hour)s on %(day)s.", hour=hour, day=day)


def kept_words(site: Site, wave: Wave) -> str:
    """The day on which the site has deleted the answers of a wave, its backups of them included."""
    day = keep_until(site, wave) + timedelta(days=KEPT_DAYS)
    return gettext(
        "This website deletes all answers by %(day)s.", day=format_date(day, _DAY_OF_A_YEAR)
    )
