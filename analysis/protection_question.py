"""Protecting one question: all its tables rounded together.

In: the raw tables of the items of one question, and the bases. Out: a multiple for every cell that
may be shown. Rows add up to their base, columns to the row of everyone, wherever all are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analysis.bases import Bases
from analysis.cells import FrequencyTable, Row
from analysis.items import NON_ANSWER, ItemDefinition
from analysis.plan import EVERYONE, Plan
from analysis.policy import DisclosurePolicy
from analysis.protection_categories import Categories, Merged, Net
from analysis.record_sets import Populations, RecordSet, asked_of_row
from analysis.rounding import (
    Allowance,
    Equation,
    NoRounding,
    Solution,
    controlled_rounding,
)
from analysis.show_rules import Shown, ShowRules
from analysis.targets import CellName, Target, Targets
from analysis.ties import Ties, pieces_of
from questionnaires.model import NonAnswer


@dataclass(frozen=True, slots=True)
class RowCells:
    """A row with its published cells by category code, in multiples."""

    row: Row
    shown: Shown
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableCells:
    """A table with what may be shown of it, and whether its columns add up to everyone's row.

    Unless it ``says_not_asked``, its rows are of those asked alone.
    """

    table: FrequencyTable
    categories: Categories
    rows: tuple[RowCells, ...]
    columns_add_up: bool
    says_not_asked: bool


@dataclass(frozen=True, slots=True)
class QuestionCells:
    """All tables of one question, and the cells that went beyond their two multiples.

    ``ties_dropped`` is how many of its ties its numbers do not keep.
    """

    tables: tuple[TableCells, ...]
    beyond: tuple[CellName, ...]
    ties_dropped: int


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
    nothing: list[int] = field(default_factory=list)
    strayed: list[CellName] = field(default_factory=list)

    def place(self, name: CellName, count: int) -> int:
        """The place of a cell, new or known."""
        return self._place(name, self.targets.target(name, count))

    def place_of_no_level(self, name: CellName) -> int:
        """The place of a group that nobody is in: at a price it may look like one of a few.

        The groups that are shown need not add up to everyone. Only somebody in a small group could
        then fill the gap, unless this may; and a gap that nothing fills would tell that nobody is.
        """
        policy = self.targets.policy
        most = policy.minimum_publishable_base // policy.rounding_base
        place = self._place(name, Target(0, most, 0, policy.reserve.penalty))
        self.nothing.append(place)
        return place

    def _place(self, name: CellName, target: Target) -> int:
        if name not in self.places:
            self.places[name] = len(self.cells)
            fixed = self.ledger.get(name)
            self.cells.append(target if fixed is None else Target(fixed, fixed, fixed, 0.0))
        return self.places[name]

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

    def ties_broken(self, multiples: Sequence[int]) -> int:
        """How many ties these numbers do not keep."""
        return sum(
            sum(multiples[place] for place in tie.parts) != tie.constant for tie in self.ties
        )


@dataclass(frozen=True, kw_only=True)
class QuestionProtection:
    """The rounding of one question's tables. ``ledger`` has multiples published before."""

    plan: Plan
    policy: DisclosurePolicy
    populations: Populations
    bases: Bases
    show_rules: ShowRules
    ties: Ties
    categories: Mapping[str, Categories]
    targets: Targets
    ledger: Mapping[CellName, int]

    def protect(self, tables: Sequence[FrequencyTable]) -> QuestionCells:
        """Round all tables of one question. Raises ProtectionFailed when that cannot be done."""
        problem = _Problem(self.targets, self.ledger)
        overall = {table.item: table for table in tables if table.group == EVERYONE}
        drafts = [self._gather(problem, table, overall[table.item]) for table in tables]
        solution, columns = problem.solve(self.policy)
        names = list(problem.places)
        filled = [place for place in problem.nothing if solution.multiples[place]]
        return QuestionCells(
            tuple(_filled(draft, solution.multiples, columns) for draft in drafts),
            (*(names[place] for place in (*solution.beyond, *filled)), *problem.strayed),
            problem.ties_broken(solution.multiples),
        )

    def _gather(
        self, problem: _Problem, table: FrequencyTable, overall: FrequencyTable
    ) -> TableCells:
        """Put a table's cells and equations into the problem; its cells hold places for now."""
        item = self.plan.item_by_id[table.item]
        categories = self.categories[item.id]
        says = self._says_not_asked(item, overall)
        everyone = self._row(problem, item, overall, overall.rows[0], says=says)
        if table.group == EVERYONE:
            return TableCells(table, categories, (everyone,), True, says)
        rows = tuple(
            self._row(problem, item, table, row, says=says, overall=overall) for row in table.rows
        )
        linked = everyone.shown is Shown.FULL and self._is_linked(item, table)
        if linked:
            _demand_columns(problem, categories, everyone, rows)
        return TableCells(table, categories, rows, linked, says)

    def _row(
        self,
        problem: _Problem,
        item: ItemDefinition,
        table: FrequencyTable,
        row: Row,
        *,
        says: bool,
        overall: FrequencyTable | None = None,
    ) -> RowCells:
        shown = self.show_rules.shown(table, row, overall)
        if not shown.is_something:
            return RowCells(row, shown)
        categories = self.categories[item.id]
        pieces = categories.full if shown is Shown.FULL else categories.coarse
        cells = {}
        for piece in pieces:
            name, count = _name(item, table, row, piece), piece.count(row.counts)
            is_no_level = item.group is not None and count == 0
            cells[piece.category.code] = (
                problem.place_of_no_level(name) if is_no_level else problem.place(name, count)
            )
        asked = self.populations.asked(item.id, table.group, row.level)
        problem.rows[Equation(tuple(cells.values()), (), self.bases.multiple(asked))] = None
        if says and self._strays(table, row, asked):
            problem.strayed.append((item.id, table.group, row.level, NonAnswer.NOT_ASKED.value))
        self._demand_ties(problem, item, asked.everyone, pieces, cells)
        return RowCells(row, shown, cells)

    def _demand_ties(
        self,
        problem: _Problem,
        item: ItemDefinition,
        everyone: RecordSet,
        pieces: Iterable[Merged | Net],
        cells: Mapping[str, int],
    ) -> None:
        """Tied answers add up to the base of those who gave them, if they are shown apart."""
        for tie in self.ties.of_row(item, everyone):
            inside = pieces_of(tie.codes, pieces)
            if inside and self.bases.has(tie.people):
                base = self.bases.multiple(tie.people)
                base = self.bases.multiple(everyone) - base if tie.others else base
                parts = tuple(cells[code] for code in inside)
                problem.ties[Equation(parts, (), base)] = None

    def _says_not_asked(self, item: ItemDefinition, overall: FrequencyTable) -> bool:
        """Whether "not asked" may be a number of its own, in all tables of an item.

        It counts those who gave certain answers to an earlier question. Where so few did that they
        would be merged there, or where those answers are merged there with others, a number here
        would take apart what was put together; so a row has the base of those asked alone, and
        "not asked" is withheld. That also when nobody was passed over, for else a number would mean
        none. Everyone's answers decide, as with merging, and so the same for all that are asked
        of the same people.
        """
        rest = overall.rows[0].base - asked_of_row(overall, overall.rows[0])
        enough = not item.routed or rest >= self.policy.minimum_category_count
        return enough and self.ties.parent_is_told_apart(item, self.categories)

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


def _demand_columns(
    problem: _Problem, categories: Categories, everyone: RowCells, rows: Iterable[RowCells]
) -> None:
    """Every column adds up to everyone's; only net by net when a group shows nets."""
    shown = [row for row in rows if row.shown.is_something]
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
    return replace(draft, rows=rows, columns_add_up=linked)
