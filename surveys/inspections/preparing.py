"""Preparing a survey's wave: its window from the calendar, its number from the site.

In: an inspection and a survey. Out: a prepared Wave, not yet open and without keys.
"""

from __future__ import annotations

from surveys.inspections.calendar import survey_window
from surveys.inspections.instruments import folder_of, keep_copy
from surveys.inspections.record import Inspection
from surveys.site import Site
from surveys.vault.waves import Wave, all_waves, prepare_wave


class NoSuchSurvey(LookupError):
    """The site has no survey of that name; the message says which there are."""


def prepare_survey(site: Site, inspection: Inspection, survey: str) -> Wave:
    """The next wave of a survey, and a copy of what it will ask. Raises NoSuchSurvey."""
    if survey not in site.surveys:
        raise NoSuchSurvey(f"There is no survey {survey}. There are: {', '.join(site.surveys)}.")
    window = survey_window(site.frameworks[inspection.framework], inspection.day_1)
    keep_copy(folder_of(site), site.surveys[survey])
    numbers = [wave.number for wave in all_waves(site.engine) if wave.survey == survey]
    return prepare_wave(
        site.engine,
        site.surveys[survey],
        inspection.id,
        window.opens_on,
        window.closes_on,
        number=max(numbers, default=0) + 1,
        single_custodian=site.single_custodian,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        retention_until=site.retention.keep_until(window.closes_on),
    )
