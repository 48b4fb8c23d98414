"""Inspection frameworks as data: themes, judgements, grade words, timeline, survey window.

In: a folder of YAML files. Out: frozen Framework models by id, or a FrameworkError that names
every file and key that is wrong. Which framework applies is decided by the inspection's date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]


class FrameworkError(Exception):
    """Framework files that cannot be used; the message has one line per fault."""


class NoFramework(LookupError):
    """No framework is in force on a date; the message lists those there are."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Grade(_Part):
    """One step of the inspectorate's scale, best first."""

    id: Key
    label: Words


class Judgement(_Part):
    """A heading that inspectors grade, for as long as it was or is graded."""

    id: Key
    label: Words
    overall: bool = False
    from_: date | None = Field(None, alias="from")
    to: date | None = None

    def is_made_on(self, day: date) -> bool:
        """Whether an inspection of this date gives the judgement."""
        return (self.from_ or date.min) <= day <= (self.to or date.max)


class Theme(_Part):
    """What answers are gathered under. Ids are the same in every framework, labels are not."""

    id: Annotated[str, StringConstraints(pattern=r"^[LSX][0-9]{1,2}$")]
    label: Words
    labels: dict[Key, Words] = {}
    judgements: tuple[Key, ...] = Field(min_length=1)


class Vocabulary(_Part):
    """Words that change with the years while the questions stay."""

    child_in_care: Words
    children_in_care: Words
    care_leavers: Words
    safeguarding_partnership: Words
    partnership: Words
    early_help_assessment: Words
    regulator_of_social_workers: Words
    childrens_voice: Words
    national_rating: Words


class TimelineEntry(_Part):
    """What happens on a working day, or from one to another, and what the platform gives."""

    day: int
    to: int | None = None
    event: Words
    deliverable: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to is not None and self.to <= self.day:
            raise ValueError("`to` has to be a later day than `day`")
        return self


class Moment(_Part):
    """A time of day on a working day."""

    day: int
    at: time


class Window(_Part):
    """When surveys are open, in working days; ``closes`` names the last minute that counts."""

    opens: Moment
    closes: Moment
    reminders: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if (self.opens.day, self.opens.at) >= (self.closes.day, self.closes.at):
            raise ValueError("the window has to open before it closes")
        if any(not self.opens.day < day <= self.closes.day for day in self.reminders):
            raise ValueError("reminders have to lie inside the window")
        return self


class Framework(_Part):
    """Everything of an inspection framework that the platform needs to know."""

    id: Key
    title: Words
    inspectorate: Words
    valid_from: date
    valid_to: date | None = None
    surveys: tuple[Key, ...] = Field(min_length=1)
    grades: tuple[Grade, ...] = Field(min_length=2)
    judgements: tuple[Judgement, ...] = Field(min_length=1)
    themes: tuple[Theme, ...] = Field(min_length=1)
    vocabulary: Vocabulary
    day_1_means: Words
    window: Window
    timeline: tuple[TimelineEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for name in ("grades", "judgements", "themes"):
            counted = Counter(part.id for part in getattr(self, name))
            if twice := [part for part, count in counted.items() if count > 1]:
                raise ValueError(f"{name}: {', '.join(twice)} stands twice")
        known = {judgement.id for judgement in self.judgements}
        for theme in self.themes:
            if unknown := set(theme.judgements) - known:
                raise ValueError(f"theme {theme.id}: no judgement {', '.join(sorted(unknown))}")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def judgements_on(self, day: date) -> tuple[Judgement, ...]:
        """The judgements that an inspection of this date gives."""
        return tuple(judgement for judgement in self.judgements if judgement.is_made_on(day))

    def is_in_force(self, day: date) -> bool:
        """Whether inspections of this date follow this framework."""
        return self.valid_from <= day <= (self.valid_to or date.max)


def load_frameworks(folder: Path) -> dict[str, Framework]:
    """Every framework of a folder by id, the earliest first; planned and empty files are left out.

    Raises FrameworkError with all faults of all files at once.
    """
    frameworks: list[Framework] = []
    faults: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            frameworks.extend(_read_framework(file))
        except FrameworkError as error:
            faults.append(str(error))
    frameworks.sort(key=lambda framework: framework.valid_from)
    faults.extend(_overlaps(frameworks))
    if faults or not frameworks:
        raise FrameworkError("\n".join(faults) or f"{folder}: there is no framework in it")
    return {framework.id: framework for framework in frameworks}


def framework_for(frameworks: Mapping[str, Framework], inspection_date: date) -> Framework:
    """The framework in force on a date. Raises NoFramework, listing those there are."""
    for framework in frameworks.values():
        if framework.is_in_force(inspection_date):
            return framework
    there_are = "; ".join(_in_words(framework) for framework in frameworks.values())
    raise NoFramework(
        f"No inspection framework is in force on {_day(inspection_date)}. There are: {there_are}."
    )


def _read_framework(file: Path) -> list[Framework]:
    """The framework of a file: one, or none when the file is empty or says ``planned: true``."""
    try:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise FrameworkError(f"{file}: this is not YAML: {error}") from None
    if content is None or (isinstance(content, dict) and content.get("planned") is True):
        return []
    try:
        return [Framework.model_validate(content)]
    except ValidationError as error:
        faults = [f"{file}: {_key(found['loc'])}: {found['msg']}" for found in error.errors()]
        raise FrameworkError("\n".join(faults)) from None


def _key(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).lstrip(".") or "the whole file"


def _overlaps(frameworks: list[Framework]) -> list[str]:
    counted = Counter(framework.id for framework in frameworks)
    twice = [f"{name}: two files have this id" for name, count in counted.items() if count > 1]
    pairs = pairwise(frameworks)
    return twice + [
        f"{later.id}: valid_from: {earlier.id} is still in force then"
        for earlier, later in pairs
        if earlier.is_in_force(later.valid_from)
    ]


def _in_words(framework: Framework) -> str:
    until = f"to {_day(framework.valid_to)}" if framework.valid_to else "onwards"
    return f"{framework.id} ({_day(framework.valid_from)} {until})"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
