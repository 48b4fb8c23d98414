"""Bases, percentages and nets of one protected row. In: protected counts. Out: shares of a base.

Everything here is a function of protected counts alone, so that a percentage, a net or a chart
can disclose no more than the table did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analysis.cells import Category, Cell, CellStatus, ProtectedRow, ProtectedTable, published
from analysis.summary import Item, Policy
from questionnaires.model import NonAnswer, Valence

OPTION, NON_ANSWER, NET = "option", "non_answer", "net"
VALENCES = (Valence.POSITIVE, Valence.NEUTRAL, Valence.NEGATIVE)

NOTHING_TO_SHOW = Cell(CellStatus.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a base, or the status that says why it is withheld."""

    status: CellStatus
    part: int = 0
    base: int = 0

    @property
    def shown(self) -> bool:
        """Whether there is a number."""
        return self.status is CellStatus.PUBLISHED

    @property
    def exact(self) -> Fraction:
        """The share before it is made a whole percentage. Raises ValueError when withheld."""
        if not self.shown:
            raise ValueError("a withheld share has no number")
        return Fraction(self.part, self.base)

    @property
    def percent(self) -> int:
        """Whole: 0 only for none, 100 only for all. Raises ValueError when withheld."""
        return whole_percent(self.exact)


def whole_percent(exact: Fraction) -> int:
    """Round half up, but never to 0 or 100 what is neither none nor all.

    Rounded counts can put a part above its base; that is all of it.
    """
    if exact <= 0:
        return 0
    if exact >= 1:
        return 100
    return min(99, max(1, int(exact * 100 + Fraction(1, 2))))


def share_of(part: Cell, base: Cell, minimum_base: int) -> Share:
    """The share, withheld when either number is, or when the base is under the minimum."""
    if part.count is None:
        return Share(part.status)
    if base.count is None:
        return Share(base.status)
    if base.count < minimum_base:
        return Share(CellStatus.PRIMARY_SUPPRESSED)
    return Share(CellStatus.PUBLISHED, part.count, base.count)


@dataclass(frozen=True, slots=True)
class Reading:
    """A protected row, read: three bases, a share for each category, and the three nets.

    ``base`` is everyone in the row, withheld with "not asked"; ``asked`` those whose path met the
    question, ``valid`` those who chose an option. Options and nets are shares of ``valid``;
    non-answers of ``asked``.
    """

    level: str
    label: str
    base: Cell
    asked: Cell
    valid: Cell
    cells: Mapping[str, Cell]
    shares: Mapping[str, Share]
    nets: Mapping[Valence, Share]
    silences: Mapping[Silence, Cell]
    small_group: bool

    @property
    def positive(self) -> Share:
        """The net of the positive options."""
        return self.nets[Valence.POSITIVE]


def read_row(item: Item, table: ProtectedTable, row: ProtectedRow, policy: Policy) -> Reading:
    """The row with its bases and shares; a withheld cell makes no number anywhere."""
    cells = {
        category.code: cell for category, cell in zip(table.categories, row.cells, strict=True)
    }
    asked = _asked(table, cells, row.base)
    valid = _valid(table, cells)
    if asked.count == 0 or (table.group == "age_version" and row.level not in item.asked_of):
        asked = valid = NOTHING_TO_SHOW
    minimum = policy.minimum_publishable_base
    return Reading(
        level=row.level,
        label=row.label,
        base=_everyone(cells, row.base),
        asked=asked,
        valid=valid,
        cells=cells,
        shares={
            category.code: share_of(
                cells[category.code], asked if silence_of(category) else valid, minimum
            )
            for category in table.categories
        },
        nets={v: share_of(_net(table, cells, v), valid, minimum) for v in VALENCES},
        silences=_silences(table, cells),
        small_group=row.small_group,
    )


def read_table(item: Item, table: ProtectedTable, policy: Policy) -> tuple[Reading, ...]:
    """Every row of a table, read."""
    return tuple(read_row(item, table, row, policy) for row in table.rows)


def overall(item: Item, policy: Policy) -> Reading | None:
    """The one row of the one-way table; None when the release holds none."""
    if not item.tables or not item.tables[0].rows:
        return None
    return read_row(item, item.tables[0], item.tables[0].rows[0], policy)


def table_by(item: Item, group: str) -> ProtectedTable | None:
    """The item's table for a group, if it was planned."""
    return next((table for table in item.tables if table.group == group), None)


def has_valence(item: Item) -> bool:
    """Whether the options point somewhere, so that a positive share means something."""
    return any(c.valence in (Valence.POSITIVE, Valence.NEGATIVE) for c in options(item))


def options(item: Item) -> tuple[Category, ...]:
    """The options as published (thin ones merged), in order, without nets and non-answers."""
    categories = item.tables[0].categories if item.tables else item.categories
    return tuple(category for category in categories if category.kind == OPTION)


class Silence(StrEnum):
    """The kinds of giving no answer that are told apart on a page."""

    UNSURE = "unsure"
    LEFT_OUT = "left_out"
    NOT_APPLICABLE = "not_applicable"
    TOGETHER = "together"  # merged, because one of them was thin or the group is small


_SILENCES = {
    NonAnswer.DONT_KNOW: Silence.UNSURE,
    NonAnswer.DONT_UNDERSTAND: Silence.UNSURE,
    NonAnswer.SKIPPED: Silence.LEFT_OUT,
    NonAnswer.RATHER_NOT_SAY: Silence.LEFT_OUT,
    NonAnswer.DOES_NOT_APPLY: Silence.NOT_APPLICABLE,
}


def silence_of(category: Category) -> Silence | None:
    """Which kind of no answer a category is; None for options, their nets, and "not asked"."""
    codes = category.members or (category.code,)
    kinds = {_SILENCES.get(NonAnswer(code)) if code in _CODES else None for code in codes}
    return kinds.pop() if len(kinds) == 1 else Silence.TOGETHER if None not in kinds else None


_CODES = frozenset(NonAnswer)


def unsure(reading: Reading) -> Cell:
    """How many said that they did not know or did not understand."""
    return reading.silences.get(Silence.UNSURE, NOTHING_TO_SHOW)


def add(cells: Iterable[Cell]) -> Cell:
    """The sum, or the first reason why there is none. Nothing to add is not applicable."""
    applicable = [cell for cell in cells if cell.status is not CellStatus.NOT_APPLICABLE]
    for cell in applicable:
        if cell.count is None:
            return cell
    if not applicable:
        return NOTHING_TO_SHOW
    return published(sum(cell.count or 0 for cell in applicable))


def _silences(table: ProtectedTable, cells: Mapping[str, Cell]) -> dict[Silence, Cell]:
    """How many gave no answer, by kind; by the net where a small group shows no more."""
    found: dict[Silence, list[Cell]] = {}
    for category in table.categories:
        kind = silence_of(category)
        cell = cells[category.code]
        if kind and category.kind == NON_ANSWER and cell.status is not CellStatus.NETTED:
            found.setdefault(kind, []).append(cell)
    if not found:
        together = [cells[c.code] for c in table.categories if c.kind == NET and silence_of(c)]
        found = {Silence.TOGETHER: together} if together else {}
    return {kind: add(same) for kind, same in found.items()}


def _everyone(cells: Mapping[str, Cell], base: Cell) -> Cell:
    """A row without a number for "not asked" is of those asked alone: its base is not everyone."""
    not_asked = cells.get(NonAnswer.NOT_ASKED, NOTHING_TO_SHOW)
    rest_is_hidden = not_asked.count is None and not_asked.status is not CellStatus.NOT_APPLICABLE
    return not_asked if rest_is_hidden else base


def _asked(table: ProtectedTable, cells: Mapping[str, Cell], base: Cell) -> Cell:
    """Everyone but those not asked; by adding up the rest when that number is withheld."""
    not_asked = cells.get(NonAnswer.NOT_ASKED, NOTHING_TO_SHOW)
    if not_asked.status is CellStatus.NOT_APPLICABLE:
        return base
    if base.count is not None and not_asked.count is not None:
        return published(max(0, base.count - not_asked.count))
    return add((_valid(table, cells), *_silences(table, cells).values()))


def _valid(table: ProtectedTable, cells: Mapping[str, Cell]) -> Cell:
    """Those who chose an option: options added up, or the nets that stand for them."""
    by_option = add(cells[c.code] for c in table.categories if c.kind == OPTION)
    if by_option.count is not None:
        return by_option
    nets = [c for c in table.categories if c.kind == NET and not silence_of(c)]
    by_net = add(cells[c.code] for c in nets)
    return by_net if by_net.count is not None else by_option


def _net(table: ProtectedTable, cells: Mapping[str, Cell], valence: Valence) -> Cell:
    """The published net, or the sum of its options."""
    of_valence = [c for c in table.categories if c.valence == valence]
    for category in of_valence:
        if category.kind == NET and cells[category.code].count is not None:
            return cells[category.code]
    return add(cells[c.code] for c in of_valence if c.kind == OPTION)
