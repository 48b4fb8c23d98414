"""What has to be erased when: every wave and cohort of the site, with its days.

In: the site's waves, cohorts and frameworks. Out: Items with the first day on which each must be
gone, and what nobody can say a day for. The day of today stays outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.inspections.calendar import survey_window
from surveys.inspections.cohorts import counts_by_audience
from surveys.inspections.record import Inspection, inspections
from surveys.inspections.working_days import is_working_day
from surveys.retention.record import Kind
from surveys.retention.rules import CONTACT_WORKING_DAYS
from surveys.site import Site
from surveys.vault.envelope import survey_id
from surveys.vault.waves import Wave, WaveStatus, all_waves

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that has to go on ``due_on``: of a wave, or the cohort of one survey."""

    kind: Kind
    subject: bytes
    title: str
    due_on: date
    inspection_id: bytes
    survey: str
    wave: Wave | None = None


def items_of(site: Site) -> tuple[Item, ...]:
    """Everything that is or was kept, by the day on which it has to go."""
    found = [*_of_waves(site), *_of_cohorts(site)]
    return tuple(sorted(found, key=lambda item: (item.due_on, item.kind, item.subject)))


def without_a_day(site: Site) -> tuple[str, ...]:
    """What is kept and has no day, in words that say what to do. It must never be silent."""
    return tuple(
        f"The cohort of {survey}, {inspection.title} ({inspection.authority}) has no day on which "
        f"it goes: no wave of it was prepared, and the framework {inspection.framework!r} is not "
        "in config/frameworks. Put its file back; whose children these are is kept until then."
        for inspection, survey in _cohorts(site)
        if _cohort_due(site, inspection, survey) is None
    )


def contacts_due(ended_on: date) -> date:
    """The fifth working day after a wave has ended."""
    day, left = ended_on, CONTACT_WORKING_DAYS
    while left:
        day += _ONE_DAY
        left -= is_working_day(day)
    return day


def keep_until(site: Site, wave: Wave) -> date:
    """When the answers of a wave go: its own date; for a wave from before, the site's rule."""
    return wave.retention_until or site.retention.keep_until(wave.closes_on)


def title_of(wave: Wave) -> str:
    """How a wave is called where people read it."""
    return f"{wave.survey} {wave.number} (wave {wave.id.hex()[:8]})"


def _of_waves(site: Site) -> Iterator[Item]:
    for wave in all_waves(site.engine):
        yield _of_wave(Kind.CONTACTS, wave, contacts_due(wave.ended_on))
        yield _of_wave(Kind.ANSWERS, wave, keep_until(site, wave))
        if wave.status is WaveStatus.CLOSED:
            yield _of_wave(Kind.DRAFTS, wave, wave.ended_on)


def _of_wave(kind: Kind, wave: Wave, due_on: date) -> Item:
    return Item(kind, wave.id, title_of(wave), due_on, wave.inspection_id, wave.survey, wave)


def _of_cohorts(site: Site) -> Iterator[Item]:
    for inspection, survey in _cohorts(site):
        due_on = _cohort_due(site, inspection, survey)
        if due_on:
            title = f"{survey}, {inspection.title}"
            subject = survey_id(inspection.id, survey)
            yield Item(Kind.COHORT, subject, title, due_on, inspection.id, survey)


def _cohorts(site: Site) -> Iterator[tuple[Inspection, str]]:
    for inspection in inspections(site.engine):
        for survey in counts_by_audience(site.engine, inspection.id):
            yield inspection, survey


def _cohort_due(site: Site, inspection: Inspection, survey: str) -> date | None:
    """When nobody needs a cohort any more; None under a framework that the site does not have.

    These are named by ``without_a_day``.
    """
    waves = [wave for wave in all_waves(site.engine, inspection.id) if wave.survey == survey]
    if waves:
        return max(contacts_due(wave.ended_on) for wave in waves)
    framework = site.frameworks.get(inspection.framework)
    if framework is None:
        return None
    return contacts_due(survey_window(framework, inspection.day_1).closes_on)
