"""Protecting one question: all its tables rounded together.

In: the raw tables of the items of one question, and the bases. Out: a multiple for every cell that
may be shown. Rows add up to their base, columns to the row of everyone, wherever all are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from analysis.bases import Bases
from analysis.cells import FrequencyTable, Row
from analysis.items import NON_ANSWER, ItemDefinition
from analysis.plan import EVERYONE, Plan
from analysis.policy import DisclosurePolicy
from analysis.protection_categories import Categories, Merged, Net, categories_to_show
from analysis.record_sets import Populations, RecordSet, asked_of_row
from analysis.rounding import (
    Allowance,
    Equation,
    NoRounding,
    Solution,
    controlled_rounding,
)
from analysis.targets import CellName, Target, Targets
from analysis.ties import Tie, Ties
from questionnaires.model import NonAnswer


class Shown(Enum):
    """How much of a row may be seen."""

    NOTHING = "nothing"
    COARSE = "coarse"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class RowCells:
    """A row with its published cells by category code, in multiples."""

    row: Row
    shown: Shown
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableCells:
    """A table with what may be shown of it, and whether its columns add up to everyone's row."""

    table: FrequencyTable
    categories: Categories
    rows: tuple[RowCells, ...]
    columns_add_up: bool


@dataclass(frozen=True, slots=True)
class QuestionCells:
    """All tables of one question, and the cells that went beyond their two multiples."""

    tables: tuple[TableCells, ...]
    beyond: tuple[CellName, ...]


@dataclass
class _Problem:
    """Cells and equations as they are gathered. A cell that two items share is one cell."""

    targets: Targets
    ledger: Mapping[CellName, int]
    places: dict[CellName, int] = field(default_factory=dict)
    cells: list[Target] = field(default_factory=list)
    rows: dict[Equation, None] = field(default_factory=dict)
    columns: dict[Equation, None] = field(default_factory=dict)
    ties: dict[Equation, None] = field(default_factory=dict)
    strayed: list[CellName] = field(default_factory=list)

    def place(self, name: CellName, count: int) -> int:
        """The place of a cell, new or known."""
        if name not in self.places:
            self.places[name] = len(self.cells)
            self.cells.append(self._target(name, count))
        return self.places[name]

    def _target(self, name: CellName, count: int) -> Target:
        if name in self.ledger:
            fixed = self.ledger[name]
            return Target(fixed, fixed, fixed, 0.0)
        return self.targets.target(name, count)

    def solve(self, policy: DisclosurePolicy) -> tuple[Solution, bool]:
        """The best rounding, and whether its columns add up.

        First everything with neighbouring multiples, then with the reserve; then without the
        ties; then without the columns. Rows always add up.
        """
        reserve = Allowance(policy.reserve.multiples, policy.reserve.penalty)
        rows, columns, ties = list(self.rows), list(self.columns), list(self.ties)
        for equations in ([*rows, *columns, *ties], [*rows, *columns], rows):
            for allowance in (None, reserve):
                try:
                    solution = controlled_rounding(
                        self.cells,
                        equations,
                        seconds=policy.seconds_per_question,
                        allowance=allowance,
                    )
                except NoRounding:
                    continue
                return solution, len(equations) >= len(rows) + len(columns)
        raise NoRounding("no rounding of a question adds up")


@dataclass(frozen=True, kw_only=True)
class QuestionProtection:
    """The rounding of one question's tables. ``ledger`` has multiples published before."""

    plan: Plan
    policy: DisclosurePolicy
    populations: Populations
    bases: Bases
    ties: Ties
    targets: Targets
    ledger: Mapping[CellName, int]

    def protect(self, tables: Sequence[FrequencyTable]) -> QuestionCells:
        """Round all tables of one question. Raises ProtectionFailed when that cannot be done."""
        problem = _Problem(self.targets, self.ledger)
        overall = {table.item: table for table in tables if table.group == EVERYONE}
        drafts = [self._gather(problem, table, overall[table.item]) for table in tables]
        solution, columns = problem.solve(self.policy)
        names = list(problem.places)
        return QuestionCells(
            tuple(_filled(draft, solution.multiples, columns) for draft in drafts),
            (*(names[place] for place in solution.beyond), *problem.strayed),
        )

    def _gather(
        self, problem: _Problem, table: FrequencyTable, overall: FrequencyTable
    ) -> TableCells:
        """Put a table's cells and equations into the problem; its cells hold places for now."""
        item = self.plan.item_by_id[table.item]
        categories = categories_to_show(table.categories, overall.rows[0].counts, self.policy)
        everyone = self._row(problem, item, overall, overall.rows[0], categories)
        if table.group == EVERYONE:
            return TableCells(table, categories, (everyone,), columns_add_up=True)
        rows = tuple(
            self._row(problem, item, table, row, categories, overall=overall) for row in table.rows
        )
        linked = everyone.shown is Shown.FULL and self._is_linked(item, table)
        if linked:
            _demand_columns(problem, categories, everyone, rows)
        return TableCells(table, categories, rows, linked)

    def _row(
        self,
        problem: _Problem,
        item: ItemDefinition,
        table: FrequencyTable,
        row: Row,
        categories: Categories,
        *,
        overall: FrequencyTable | None = None,
    ) -> RowCells:
        shown = self._shown(table, row, overall)
        if shown is Shown.NOTHING:
            return RowCells(row, shown)
        pieces = categories.full if shown is Shown.FULL else categories.coarse
        cells = {
            piece.category.code: problem.place(
                _name(item, table, row, piece), piece.count(row.counts)
            )
            for piece in pieces
        }
        asked = self.populations.asked(item.id, table.group, row.level)
        problem.rows[Equation(tuple(cells.values()), (), self.bases.multiple(asked))] = None
        if self._strays(table, row, asked):
            problem.strayed.append((item.id, table.group, row.level, NonAnswer.NOT_ASKED.value))
        for tie in self.ties.of_row(item, asked.everyone):
            if self.bases.has(tie.people):
                _demand_tie(problem, tie, pieces, cells, self.bases.multiple(tie.people))
        return RowCells(row, shown, cells)

    def _shown(self, table: FrequencyTable, row: Row, overall: FrequencyTable | None) -> Shown:
        """The show rules, for those who were asked."""
        policy, asked = self.policy, asked_of_row(table, row)
        if asked < policy.minimum_publishable_base:
            return Shown.NOTHING
        if overall is None:
            return Shown.FULL
        if asked_of_row(overall, overall.rows[0]) < policy.overall_only_base_below:
            return Shown.NOTHING
        return Shown.COARSE if asked < policy.small_group_base_below else Shown.FULL

    def _strays(self, table: FrequencyTable, row: Row, asked: RecordSet) -> bool:
        """Whether "not asked", which is base less asked, is not a neighbouring multiple."""
        published = self.bases.multiple(asked.everyone) - self.bases.multiple(asked)
        rest = row.base - asked_of_row(table, row)
        base = self.policy.rounding_base
        return not rest // base <= published <= -(-rest // base)

    def _is_linked(self, item: ItemDefinition, table: FrequencyTable) -> bool:
        levels = [row.level for row in table.rows]
        family = self.populations.family(item.id, table.group, levels)
        return self.populations.covers(item.id, table.group) and self.bases.adds_up(family)


def _name(item: ItemDefinition, table: FrequencyTable, row: Row, piece: Merged | Net) -> CellName:
    """A cell's name. Of a question with several ticks, all options share those who said nothing."""
    shared = item.option is not None and _is_silent(piece)
    owner = item.id.removesuffix(f".{item.option}") if shared else item.id
    return (owner, table.group, row.level, piece.category.code)


def _is_silent(piece: Merged | Net) -> bool:
    first = piece.members[0] if isinstance(piece, Net) else piece
    return first.category.kind == NON_ANSWER


def _demand_tie(
    problem: _Problem,
    tie: Tie,
    pieces: Iterable[Merged | Net],
    cells: Mapping[str, int],
    multiple: int,
) -> None:
    """The tied answers add up to the base of those who gave them, if they are shown apart."""
    codes = {
        piece.category.code: frozenset(piece.category.members or (piece.category.code,))
        for piece in pieces
    }
    inside = [code for code, members in codes.items() if members <= tie.codes]
    if frozenset().union(*(codes[code] for code in inside)) == tie.codes:
        problem.ties[Equation(tuple(cells[code] for code in inside), (), multiple)] = None


def _demand_columns(
    problem: _Problem, categories: Categories, everyone: RowCells, rows: Iterable[RowCells]
) -> None:
    """Every column adds up to everyone's; only net by net when a group shows nets."""
    shown = [row for row in rows if row.shown is not Shown.NOTHING]
    if all(row.shown is Shown.FULL for row in shown):
        pieces: Sequence[Merged | Net] = categories.full
    else:
        pieces = categories.coarse
    for piece in pieces:
        parts = [place for row in shown for place in _places(row, piece)]
        problem.columns[Equation(tuple(parts), tuple(_places(everyone, piece)))] = None


def _places(row: RowCells, piece: Merged | Net) -> list[int]:
    if piece.category.code in row.cells:
        return [row.cells[piece.category.code]]
    if isinstance(piece, Merged):
        return []
    return [row.cells[member.category.code] for member in piece.members]


def _filled(draft: TableCells, multiples: Sequence[int], columns: bool) -> TableCells:
    """The same table with multiples where the places were."""
    rows = tuple(
        RowCells(row.row, row.shown, {code: multiples[place] for code, place in row.cells.items()})
        for row in draft.rows
    )
    linked = draft.columns_add_up and (columns or draft.table.group == EVERYONE)
    return TableCells(draft.table, draft.categories, rows, linked)
