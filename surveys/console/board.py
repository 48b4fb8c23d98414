"""Gathers what the coordinator's board shows, so that its template only lays it out.

In: the site, an inspection, its dated milestones, today. Out: one frozen view of it all, in which
counts are already rounded and words already chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from surveys.console import words
from surveys.console.checks import Check, CheckState, checks_of, support_lines_check
from surveys.console.progress import progress_of
from surveys.console.timeline import Place, Step, StepState, place_of, steps_of
from surveys.inspections.calendar import Milestone
from surveys.inspections.record import Inspection
from surveys.invitations.register import invited_by_audience
from surveys.retention.due import keep_until
from surveys.retention.record import Kind, erasure_of
from surveys.site import Site
from surveys.vault.waves import Wave, WaveStatus, all_waves


@dataclass(frozen=True, slots=True)
class WaveView:
    """One survey of the inspection as the coordinator may see it."""

    title: str
    number: int
    status: WaveStatus
    opens_on: date
    closes_on: date
    window: str
    needs_somebody: bool
    invited: int
    answered: str
    counted: str
    kept: str
    checks: tuple[Check, ...]

    @property
    def missing(self) -> tuple[Check, ...]:
        """What stands in the way of collecting."""
        return tuple(check for check in self.checks if check.state is CheckState.MISSING)


@dataclass(frozen=True, slots=True)
class Board:
    """One inspection at a glance."""

    inspection: Inspection
    framework_title: str
    today: date
    place: Place
    place_words: str
    steps: tuple[Step, ...]
    waves: tuple[WaveView, ...]
    support_lines: Check

    @property
    def steps_now(self) -> tuple[Step, ...]:
        """What today falls into."""
        return tuple(step for step in self.steps if step.state is StepState.NOW)

    @property
    def steps_next(self) -> tuple[Step, ...]:
        """What falls on the next date to come."""
        return tuple(step for step in self.steps if step.state is StepState.NEXT)

    @property
    def open_waves(self) -> int:
        """How many surveys are open."""
        return sum(wave.status is WaveStatus.OPEN for wave in self.waves)

    @property
    def is_still_to_open(self) -> bool:
        """Whether there is a survey to get ready for."""
        return not self.waves or any(wave.status is WaveStatus.PREPARED for wave in self.waves)

    @property
    def to_do(self) -> tuple[tuple[str, str], ...]:
        """What needs somebody today: the survey, "" for all of them, and what is the matter."""
        return (*self._lines_to_ring(), *(todo for wave in self.waves for todo in _to_do(wave)))

    def _lines_to_ring(self) -> tuple[tuple[str, str], ...]:
        collecting = any(wave.checks for wave in self.waves)
        in_order = self.support_lines.state is CheckState.READY
        return () if in_order or not collecting else (("", self.support_lines.words),)


def board_of(
    site: Site, inspection: Inspection, milestones: Sequence[Milestone], today: date
) -> Board:
    """Everything about one inspection that its board shows."""
    framework = site.frameworks.get(inspection.framework)
    place = place_of(milestones, inspection.day_1, today)
    return Board(
        inspection=inspection,
        framework_title=framework.title if framework else inspection.framework,
        today=today,
        place=place,
        place_words=words.place_words(place, inspection.day_1),
        steps=steps_of(milestones, today),
        waves=tuple(
            _wave_view(site, wave, today) for wave in all_waves(site.engine, inspection.id)
        ),
        support_lines=support_lines_check(site, today),
    )


def _to_do(wave: WaveView) -> tuple[tuple[str, str], ...]:
    late = (wave.window,) if wave.needs_somebody else ()
    return tuple((wave.title, matter) for matter in (*late, *(c.words for c in wave.missing)))


def _kept(site: Site, wave: Wave) -> str:
    erased = erasure_of(site.engine, wave.id, Kind.ANSWERS)
    return words.kept_words(keep_until(site, wave), erased.erased_on if erased else None)


def _wave_view(site: Site, wave: Wave, today: date) -> WaveView:
    survey = site.surveys.get(wave.survey)
    progress = progress_of(site.engine, wave.id)
    invited = sum(invited_by_audience(site.engine, wave.id).values())
    offered = invited or (progress.offered if progress else 0)
    return WaveView(
        title=gettext(survey.title) if survey else wave.survey,
        number=wave.number,
        status=wave.status,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        window=words.window_words(wave, today),
        needs_somebody=words.needs_somebody(wave, today),
        invited=offered,
        answered=words.answered_words(progress),
        counted=words.counted_words(progress),
        kept=_kept(site, wave),
        checks=checks_of(site, wave, offered),
    )
