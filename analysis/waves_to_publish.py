"""What the collection side knows of a wave that is to be published. No responses are read here.

In: the database, surveys and frameworks. Out: the wave, its survey and its Occasion, or a refusal
that says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from analysis.publish import Occasion
from analysis.summary import Theme
from questionnaires.model import Survey
from surveys.inspections.frameworks import Framework
from surveys.inspections.instruments import standing_of
from surveys.inspections.record import inspection_by_id
from surveys.invitations.register import invited_by_audience
from surveys.vault.waves import Wave, WaveStatus, all_waves

_PUBLISHABLE = (WaveStatus.RELEASED, WaveStatus.PUBLISHED)


class CannotPublish(Exception):
    """The wave is not fit to be published. The message says why."""


@dataclass(frozen=True, slots=True)
class WaveToPublish:
    """A released wave with everything that its Summary says about it."""

    wave: Wave
    survey: Survey
    occasion: Occasion


def find_wave(engine: Engine, name: str) -> Wave:
    """The wave called SURVEY/NUMBER, or whose id begins with these digits. Raises CannotPublish."""
    found = [
        wave
        for wave in all_waves(engine)
        if name == f"{wave.survey}/{wave.number}" or wave.id.hex().startswith(name)
    ]
    if len(found) != 1:
        raise CannotPublish(f"{len(found)} waves are called {name}. Give more of the wave's id.")
    return found[0]


def wave_to_publish(
    engine: Engine,
    wave: Wave,
    surveys: Mapping[str, Survey],
    frameworks: Mapping[str, Framework],
    home: Path,
) -> WaveToPublish:
    """Gather what belongs to a wave. Raises CannotPublish when something does not fit.

    ``home`` has the record of corrections: the questionnaires may differ by recorded slips alone.
    """
    if wave.status not in _PUBLISHABLE:
        raise CannotPublish(f"The wave is {wave.status}. It must be released first.")
    survey = surveys.get(wave.survey)
    if survey is None or not standing_of(home, wave, survey).is_fine:
        raise CannotPublish(
            f"The questionnaires of {wave.survey} here are not those that were answered."
        )
    return WaveToPublish(wave, survey, _occasion(engine, wave, frameworks))


def _occasion(engine: Engine, wave: Wave, frameworks: Mapping[str, Framework]) -> Occasion:
    inspection = inspection_by_id(engine, wave.inspection_id)
    if inspection is None:
        raise CannotPublish("The wave's inspection is not in this database.")
    framework = frameworks.get(inspection.framework)
    if framework is None:
        raise CannotPublish(f"There is no framework {inspection.framework}.")
    return Occasion(
        authority=inspection.authority,
        inspection=inspection.title,
        framework=framework.id,
        framework_title=framework.title,
        day_1=inspection.day_1.isoformat(),
        themes=tuple(Theme(id=theme.id, label=theme.label) for theme in framework.themes),
        invited=invited_by_audience(engine, wave.id),
        invented=inspection.invented,
    )
