"""Judges a return as a whole: good enough to decide on, or refused with every reason.

In: a return as read, and the reference date. Out: an ImportReport, whose decisions are empty when
the return is refused, so that a refused return cannot be imported even by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from surveys.inspections.eligibility import CAUTIOUS, Decision, EligibilityPolicy, decide
from surveys.inspections.return_kinds import read_files
from surveys.inspections.return_problems import Kind, Problem, count_problems
from surveys.inspections.ssda903 import Return, read_return

ONE_IN = 100  # children, or episode rows, may be unusable; beyond that the return is no good


@dataclass(frozen=True)
class ImportReport:
    """What was found in a return, and what was decided for each child in it."""

    sources: tuple[str, ...]
    reference_date: date
    children: int
    children_with_episodes: int
    children_without_date_of_birth: int
    episode_rows: int
    unusable_episode_rows: int
    newest_entry: date | None
    problems: tuple[Problem, ...]
    refusals: tuple[str, ...]
    decisions: tuple[Decision, ...]
    years: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether nothing of this return may be imported."""
        return bool(self.refusals)

    @property
    def counts(self) -> dict[tuple[str, Kind, str | None], int]:
        """How many problems of each kind, by file and column."""
        return count_problems(self.problems)

    def count(self, kind: Kind, file: str | None = None) -> int:
        """How many problems of one kind, in one file or in all."""
        return sum(found.kind is kind and file in (None, found.file) for found in self.problems)

    def first(self, how_many: int) -> tuple[Problem, ...]:
        """The problems that come first, those that spoil a whole file before all others."""
        return tuple(sorted(self.problems, key=_gravity)[:how_many])


def report_on(
    header: Path,
    episodes: Path,
    reference_date: date,
    *,
    oc3: Path | None = None,
    policy: EligibilityPolicy = CAUTIOUS,
) -> ImportReport:
    """Read a return, judge it, and decide on its children unless it is refused."""
    return examine(read_return(header, episodes, oc3), reference_date, policy)


def report_on_files(
    files: Sequence[Path],
    reference_date: date,
    *,
    oc3: Path | None = None,
    policy: EligibilityPolicy = CAUTIOUS,
) -> ImportReport:
    """As ``report_on``, for a return of whatever kind: see ``read_files``."""
    return examine(read_files(files, oc3), reference_date, policy)


def examine(read: Return, reference_date: date, policy: EligibilityPolicy) -> ImportReport:
    """Judge a return that has been read, and decide on its children unless it is refused."""
    in_care = [child for child in read.children.values() if child.episodes]
    days = [episode.ended or episode.began for child in in_care for episode in child.episodes]
    unborn = sum(child.date_of_birth is None for child in in_care)
    refusals = tuple(_refusals(read, len(in_care), unborn))
    return ImportReport(
        sources=read.sources,
        reference_date=reference_date,
        children=len(read.children),
        children_with_episodes=len(in_care),
        children_without_date_of_birth=unborn,
        episode_rows=read.episode_rows,
        unusable_episode_rows=read.unusable_episode_rows,
        newest_entry=max(days, default=None),
        problems=tuple(read.problems),
        refusals=refusals,
        decisions=() if refusals else decide(read.children, reference_date, policy),
        years={file: years.words for file, years in read.years.items() if years.words},
    )


def _refusals(read: Return, in_care: int, without_birth: int) -> Iterator[str]:
    for problem in read.problems:
        if problem.kind.spoils_file:
            yield str(problem)
    if any(problem.kind.spoils_file for problem in read.problems):
        return
    if not in_care:
        yield "No child in the return has an episode that can be used."
    if _too_many(without_birth, in_care):
        yield (
            f"{without_birth:,} of {in_care:,} children with episodes have no usable date of "
            f"birth. At most 1 in {ONE_IN} may lack one."
        )
    if _too_many(read.unusable_episode_rows, read.episode_rows):
        yield (
            f"{read.unusable_episode_rows:,} of {read.episode_rows:,} episode rows cannot be "
            f"used. At most 1 in {ONE_IN} may be unusable."
        )


def _too_many(unusable: int, of: int) -> bool:
    return unusable * ONE_IN > of


def _gravity(problem: Problem) -> int:
    return 0 if problem.kind.spoils_file else 2 if problem.kind.is_warning else 1
