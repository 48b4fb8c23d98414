"""Questions by concept, themes by age, and response. In: a Summary. Out: shares to compare.

One question asked on two scales is two items; here they meet again, by their positive share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from analysis.cells import Cell, CellStatus
from analysis.measures import (
    NOTHING_TO_SHOW,
    Reading,
    Share,
    add,
    has_valence,
    options,
    overall,
    read_table,
    share_of,
    table_by,
    unsure,
    whole_percent,
)
from analysis.summary import Item, Policy, Summary, Theme
from questionnaires.model import QuestionType

EVERYONE = "all"
AGE_VERSION = "age_version"


@dataclass(frozen=True)
class Concept:
    """One question, whatever its wordings and scales."""

    question: str
    items: tuple[Item, ...]

    @property
    def short(self) -> str:
        """A few words for it."""
        return self.items[0].short

    @cached_property
    def pointing(self) -> tuple[Item, ...]:
        """Its items whose options are positive or negative."""
        return tuple(item for item in self.items if has_valence(item))

    @property
    def scales_differ(self) -> bool:
        """Whether it was asked with different answers to choose from."""
        return len({tuple(c.label for c in options(item)) for item in self.pointing}) > 1

    @cached_property
    def askings(self) -> tuple[tuple[Item, ...], ...]:
        """Its items as they were asked: one by one, or all options of a list together."""
        found: dict[object, list[Item]] = {}
        for item in self.items:
            together = item.asked_of if item.type == QuestionType.CHOICES else item.id
            found.setdefault(together, []).append(item)
        return tuple(tuple(same) for same in found.values())


@dataclass(frozen=True)
class MeanShare:
    """The mean positive share of several questions, as a whole percentage."""

    status: CellStatus
    percent: int = 0
    questions: int = 0
    smallest_base: int = 0
    largest_base: int = 0

    @property
    def shown(self) -> bool:
        """Whether there is a number."""
        return self.status is CellStatus.PUBLISHED


@dataclass(frozen=True)
class Level:
    """A column to compare: everyone, or one version of the questionnaire."""

    id: str
    label: str
    base: Cell


@dataclass(frozen=True)
class HeatRow:
    """One theme or question over the levels, in their order."""

    id: str
    label: str
    cells: tuple[MeanShare, ...]


def concepts(items: Iterable[Item]) -> tuple[Concept, ...]:
    """The items brought together by question, in the order of the questionnaire."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.question, []).append(item)
    return tuple(Concept(question, tuple(same)) for question, same in found.items())


def audiences_in_order(summary: Summary) -> tuple[str, ...]:
    """The versions as the response is told; canonical JSON forgets the order of the ages."""
    told = [row.level for row in summary.coverage if row.level in summary.audiences]
    return (*told, *(audience for audience in summary.audiences if audience not in told))


def concepts_of(summary: Summary, theme: Theme) -> tuple[Concept, ...]:
    """The questions that the questionnaire maps to a theme."""
    return concepts(item for item in summary.items if theme.id in item.themes)


def concept_named(summary: Summary, question: str) -> Concept | None:
    """The question with this id, if the release has it."""
    return next((c for c in concepts(summary.items) if c.question == question), None)


def levels(summary: Summary) -> tuple[Level, ...]:
    """Everyone, then each version; one version alone is everyone."""
    responded = {row.level: row.responded for row in summary.coverage}
    versions = [
        Level(audience, summary.audiences[audience], responded.get(audience, NOTHING_TO_SHOW))
        for audience in audiences_in_order(summary)
    ]
    everyone = Level(EVERYONE, "", responded.get(EVERYONE, NOTHING_TO_SHOW))
    return (everyone, *(versions if len(versions) > 1 else ()))


def readings_at(concept: Concept, level: str, policy: Policy) -> tuple[tuple[Item, Reading], ...]:
    """The rows that make up one level: one per item that was asked there."""
    found = []
    for item in concept.items:
        reading = overall(item, policy) if level == EVERYONE else _row_at(item, level, policy)
        if reading is not None:
            found.append((item, reading))
    return tuple(found)


def positive_share(concept: Concept, level: str, policy: Policy) -> Share:
    """The positive answers among all who chose an option, over every scale it was asked on."""
    rows = [reading for item, reading in readings_at(concept, level, policy) if has_valence(item)]
    rows = [row for row in rows if row.valid.status is not CellStatus.NOT_APPLICABLE]
    shown = [row.positive for row in rows if row.positive.shown]
    if not shown:
        return rows[0].positive if rows else Share(CellStatus.NOT_APPLICABLE)
    return Share(
        CellStatus.PUBLISHED, sum(share.part for share in shown), sum(share.base for share in shown)
    )


def mean_share(shares: Iterable[Share]) -> MeanShare:
    """The mean of what is shown; withheld only when nothing is."""
    shares = [share for share in shares if share.status is not CellStatus.NOT_APPLICABLE]
    shown = [share for share in shares if share.shown]
    if not shown:
        return MeanShare(shares[0].status if shares else CellStatus.NOT_APPLICABLE)
    mean = sum((share.exact for share in shown), Fraction(0)) / len(shown)
    bases = [share.base for share in shown]
    return MeanShare(CellStatus.PUBLISHED, whole_percent(mean), len(shown), min(bases), max(bases))


def theme_rows(summary: Summary) -> tuple[HeatRow, ...]:
    """Every theme of the framework, in its order, over the levels."""
    return tuple(
        HeatRow(theme.id, theme.label, _over_levels(summary, concepts_of(summary, theme)))
        for theme in summary.themes
    )


def question_rows(summary: Summary, theme: Theme) -> tuple[HeatRow, ...]:
    """Every question of a theme that has a positive share, over the levels."""
    return tuple(
        HeatRow(concept.question, concept.short, _over_levels(summary, (concept,)))
        for concept in concepts_of(summary, theme)
        if concept.pointing
    )


def ranked(summary: Summary, among: Iterable[Concept]) -> tuple[tuple[Concept, Share], ...]:
    """The questions with a shown positive share, from most to least positive."""
    shares = [(c, positive_share(c, EVERYONE, summary.policy)) for c in among if c.pointing]
    shown = [(concept, share) for concept, share in shares if share.shown]
    return tuple(sorted(shown, key=lambda pair: -pair[1].exact))


def most_unsure(summary: Summary) -> tuple[Concept, Share] | None:
    """The question that the largest share of those asked did not know the answer to."""
    found: list[tuple[Concept, Share]] = []
    for concept in concepts(summary.items):
        share = not_known(concept, summary.policy)
        if share.shown and share.part:
            found.append((concept, share))
    return max(found, key=lambda pair: pair[1].exact, default=None)


def not_known(concept: Concept, policy: Policy) -> Share:
    """Those who said that they did not know, among those asked."""
    first = [overall(asked[0], policy) for asked in concept.askings]
    rows = [reading for reading in first if reading is not None]
    whole = [row for row in rows if unsure(row).count is not None and row.asked.count is not None]
    return share_of(
        add(unsure(row) for row in whole),
        add(row.asked for row in whole),
        policy.minimum_publishable_base,
    )


def response_rate(invited: Cell, responded: Cell) -> Share:
    """Those who responded among those invited."""
    return share_of(responded, invited, 1)


def step(percent: int) -> int:
    """The colour step of a heat map: 1 under 50, 2 from 50, 3 from 60, 4 from 70, 5 from 80."""
    return 1 + sum(percent >= edge for edge in (50, 60, 70, 80))


def _over_levels(summary: Summary, among: tuple[Concept, ...]) -> tuple[MeanShare, ...]:
    return tuple(
        mean_share(positive_share(concept, level.id, summary.policy) for concept in among)
        for level in levels(summary)
    )


def _row_at(item: Item, level: str, policy: Policy) -> Reading | None:
    """The version's row; a question that only one version asks has no other row than its own."""
    table = table_by(item, AGE_VERSION)
    if level not in item.asked_of:
        return None
    if table is None:
        return overall(item, policy) if len(item.asked_of) == 1 else None
    return next((row for row in read_table(item, table, policy) if row.level == level), None)
