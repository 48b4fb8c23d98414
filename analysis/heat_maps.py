"""Heat maps: theme or question against version. In: a Summary. Out: words and colour steps.

A cell that is withheld keeps its place and says so; a theme nobody was asked about says that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from analysis.cells import CellStatus
from analysis.sentences import count_words, share_words, short_withheld_words
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
    asked: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Shares over everyone and the versions."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[HeatLine, ...]
    withheld: bool


def theme_heat_map(summary: Summary) -> HeatMap:
    """Theme by version: the mean positive share of the questions on a theme."""
    mapped = {theme.id: bool(concepts_of(summary, theme)) for theme in summary.themes}
    return _heat_map(summary, theme_rows(summary), mapped)


def question_heat_map(summary: Summary, theme: Theme) -> HeatMap:
    """Question by version: the positive share."""
    return _heat_map(summary, question_rows(summary, theme), {})


def _heat_map(summary: Summary, rows: Sequence[HeatRow], mapped: Mapping[str, bool]) -> HeatMap:
    policy = summary.policy
    columns = tuple(
        (level.label or gettext("Everyone"), count_words(level.base, policy))
        for level in levels(summary)
    )
    lines = tuple(
        HeatLine(
            row.id,
            row.label,
            tuple(_heat_cell(cell, policy, bool(mapped)) for cell in row.cells),
            mapped.get(row.id, True),
        )
        for row in rows
    )
    withheld = any(
        not cell.shown and cell.status is not CellStatus.NOT_APPLICABLE
        for row in rows
        for cell in row.cells
    )
    return HeatMap(columns, lines, withheld)


def _heat_cell(cell: MeanShare, policy: Policy, themed: bool) -> HeatCell:
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
