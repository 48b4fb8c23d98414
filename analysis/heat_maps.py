"""Heat maps: theme or question against version. In: a Summary. Out: words and colour steps.

A cell that is withheld keeps its place and says so; a theme nobody was asked about says that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from analysis.cells import Cell, CellStatus
from analysis.number_words import (
    count_words,
    share_words,
    short_withheld_words,
)
from analysis.sentences import (
    positive_answers,
)
from analysis.summary import Policy, Summary, Theme
from analysis.themes import (
    HeatRow,
    MeanShare,
    concepts_of,
    levels,
    question_rows,
    step,
    theme_rows,
)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of a heat map: words, and a colour step when there is a number."""

    words: str
    step: int | None
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeatLine:
    """A row of a heat map, or a theme that no question asks about."""

    id: str
    label: str
    cells: tuple[HeatCell, ...]
    asked: bool = True
    answers: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Shares over everyone and the versions."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[HeatLine, ...]
    withheld: bool


def theme_heat_map(summary: Summary) -> HeatMap:
    """Theme by version: the mean positive share of the questions on a theme."""
    lines = tuple(
        HeatLine(
            row.id,
            row.label,
            tuple(_heat_cell(cell, summary.policy, themed=True) for cell in row.cells),
            asked=bool(concepts_of(summary, theme)),
        )
        for theme, row in zip(summary.themes, theme_rows(summary), strict=True)
    )
    return HeatMap(_columns(summary), lines, _any_withheld(theme_rows(summary)))


def question_heat_map(summary: Summary, theme: Theme) -> HeatMap:
    """Question by version: the positive share, and which answers that is."""
    answers = {c.question: positive_answers(c) for c in concepts_of(summary, theme)}
    rows = question_rows(summary, theme)
    lines = tuple(
        HeatLine(
            row.id,
            row.label,
            tuple(_heat_cell(cell, summary.policy, themed=False) for cell in row.cells),
            answers=answers[row.id],
        )
        for row in rows
    )
    return HeatMap(_columns(summary), lines, _any_withheld(rows))


def _columns(summary: Summary) -> tuple[tuple[str, str], ...]:
    return tuple(
        (level.label or gettext("Everyone"), _took_part(level.base, summary.policy))
        for level in levels(summary)
    )


def _took_part(base: Cell, policy: Policy) -> str:
    if base.status is CellStatus.NOT_APPLICABLE:
        return ""
    if base.count is None:
        return short_withheld_words(base.status, policy)
    return count_words(base, policy)


def _any_withheld(rows: Sequence[HeatRow]) -> bool:
    return any(
        not cell.shown and cell.status is not CellStatus.NOT_APPLICABLE
        for row in rows
        for cell in row.cells
    )


def _heat_cell(cell: MeanShare, policy: Policy, *, themed: bool) -> HeatCell:
    if not cell.shown:
        return HeatCell(short_withheld_words(cell.status, policy), None, ())
    bases = (
        gettext("base %(base)s", base=cell.smallest_base)
        if cell.smallest_base == cell.largest_base
        else gettext(
            "bases %(least)s to %(most)s", least=cell.smallest_base, most=cell.largest_base
        )
    )
    questions = ngettext("%(num)s question", "%(num)s questions", cell.questions)
    details = (questions, bases) if themed else (bases,)
    return HeatCell(share_words(cell, policy), step(cell.percent), details)
