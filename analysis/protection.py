"""Protection: raw tables in, tables that may be published out, and nothing in between.

The method is keyed random controlled rounding of the whole release at once: bases first, then each
question. Whatever goes wrong stops everything, so that nothing half protected is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.bases import Bases
from analysis.cells import (
    Category,
    Cell,
    CellStatus,
    FrequencyTable,
    ProtectedRow,
    ProtectedTable,
    published,
    withheld,
)
from analysis.plan import EVERYONE, Plan, PlannedTable
from analysis.policy import DisclosurePolicy
from analysis.protection_categories import categories_by_item
from analysis.protection_question import (
    QuestionCells,
    QuestionProtection,
    RowCells,
    TableCells,
)
from analysis.record_sets import Populations, take_census
from analysis.rounding import ProtectionFailed
from analysis.show_rules import Shown, ShowRules
from analysis.targets import CellName, Targets
from analysis.ties import Ties
from questionnaires.model import NonAnswer

_HELD_BACK = CellStatus.COMPLEMENTARY_SUPPRESSED


@dataclass(frozen=True, slots=True)
class ProtectionReport:
    """What was done, without a raw count.

    ``beyond`` names the cells that needed the reserve. ``ties_dropped`` counts where one number of
    some people could not be made the same as another of them.
    """

    questions: int
    tables: int
    rows_withheld: int
    rows_netted: int
    tables_whose_columns_do_not_add_up: tuple[PlannedTable, ...]
    beyond: tuple[CellName, ...]
    ties_dropped: int


@dataclass(frozen=True, slots=True)
class ProtectedRelease:
    """Everything that may be published, in the order of the plan."""

    tables: tuple[ProtectedTable, ...]
    report: ProtectionReport


def protect(
    tables: Sequence[FrequencyTable],
    plan: Plan,
    policy: DisclosurePolicy,
    key: bytes,
    ledger: Mapping[CellName, int] | None = None,
) -> ProtectedRelease:
    """Protect a whole release. Raises ProtectionFailed, and then nothing may be published.

    ``key`` is the release's 32 secret bytes. ``ledger`` has cells published before, in multiples
    of the rounding base; they keep their numbers.
    """
    _require_plan(tables, plan, policy)
    targets = Targets(key, plan.survey, policy)
    populations = Populations(plan)
    census = take_census(populations, tables)
    bases = Bases(census, targets, policy)
    protection = QuestionProtection(
        plan=plan,
        policy=policy,
        populations=populations,
        bases=bases,
        show_rules=ShowRules(policy, populations, bases),
        ties=Ties(plan, census.sizes),
        categories=categories_by_item(tables, policy),
        targets=targets,
        ledger=ledger or {},
    )
    questions = [protection.protect(same) for same in _by_question(tables, plan)]
    made = {
        _planned(rounded.table): _Publishing(plan, populations, bases, rounded).table(
            policy.rounding_base
        )
        for question in questions
        for rounded in question.tables
    }
    return ProtectedRelease(tuple(made[planned] for planned in plan.tables), _report(questions))


def _require_plan(tables: Sequence[FrequencyTable], plan: Plan, policy: DisclosurePolicy) -> None:
    """Raise ProtectionFailed unless these are exactly the planned tables, in order."""
    if policy.name != plan.policy:
        raise ProtectionFailed("the plan was made under another policy")
    if tuple(_planned(table) for table in tables) != plan.tables:
        raise ProtectionFailed("these are not the planned tables")
    for table in tables:
        levels = tuple((row.level, row.label) for row in table.rows)
        expected = plan.item_by_id[table.item].categories
        if levels != plan.rows(_planned(table)) or table.categories != expected:
            raise ProtectionFailed("a table is not as it was planned")


def _planned(table: FrequencyTable) -> PlannedTable:
    return PlannedTable(table.item, table.group)


def _by_question(tables: Iterable[FrequencyTable], plan: Plan) -> Iterable[list[FrequencyTable]]:
    """Tables to be rounded together: of one item, or of all options of one question."""
    found: dict[str, list[FrequencyTable]] = {}
    for table in tables:
        item = plan.item_by_id[table.item]
        name = item.id.removesuffix(f".{item.option}") if item.option else item.id
        found.setdefault(name, []).append(table)
    return found.values()


def _report(questions: Sequence[QuestionCells]) -> ProtectionReport:
    tables = [table for question in questions for table in question.tables]
    rows = [row for table in tables for row in table.rows]
    return ProtectionReport(
        questions=len(questions),
        tables=len(tables),
        rows_withheld=sum(not row.shown.is_something for row in rows),
        rows_netted=sum(row.shown is Shown.COARSE for row in rows),
        tables_whose_columns_do_not_add_up=tuple(
            _planned(table.table) for table in tables if not table.columns_add_up
        ),
        beyond=tuple(name for question in questions for name in question.beyond),
        ties_dropped=sum(question.ties_dropped for question in questions),
    )


class _Publishing:
    """One rounded table in the form that leaves the row side."""

    def __init__(
        self, plan: Plan, populations: Populations, bases: Bases, rounded: TableCells
    ) -> None:
        self._plan = plan
        self._populations = populations
        self._bases = bases
        self._rounded = rounded
        self._nets = {net.category.code: net for net in rounded.categories.nets}

    def table(self, rounding_base: int) -> ProtectedTable:
        """The table, with a status instead of a number wherever nothing may be said."""
        table = self._rounded.table
        return ProtectedTable(
            item=table.item,
            group=table.group,
            group_label=self._group_label(table.group),
            categories=self._categories,
            rows=tuple(self._row(row, rounding_base) for row in self._rounded.rows),
        )

    def _group_label(self, group: str) -> str:
        return "Everyone" if group == EVERYONE else self._plan.group_by_id[group].label

    @cached_property
    def _categories(self) -> tuple[Category, ...]:
        """Options and kinds of no answer, then "not asked", then the nets."""
        full = [merged.category for merged in self._rounded.categories.full]
        planned = self._rounded.table.categories
        not_asked = [category for category in planned if category.code == NonAnswer.NOT_ASKED]
        return (*full, *not_asked, *(net.category for net in self._nets.values()))

    def _row(self, row: RowCells, rounding_base: int) -> ProtectedRow:
        level, label = row.row.level, row.row.label
        if not row.shown.is_something:
            reason = withheld() if row.shown is Shown.NOTHING else withheld(_HELD_BACK)
            return ProtectedRow(level, label, reason, (reason,) * len(self._categories))
        table = self._rounded.table
        asked = self._populations.asked(table.item, table.group, level)
        says = self._rounded.says_not_asked
        base = self._bases.multiple(asked.everyone if says else asked)
        not_asked = base - self._bases.multiple(asked) if says else None
        multiples = [self._multiple(c.code, row, not_asked) for c in self._categories]
        return ProtectedRow(
            level,
            label,
            published(base * rounding_base),
            tuple(
                _cell(category, multiple, rounding_base)
                for category, multiple in zip(self._categories, multiples, strict=True)
            ),
            small_group=row.shown is Shown.COARSE,
        )

    def _multiple(self, code: str, row: RowCells, not_asked: int | None) -> int | None:
        """What is published of a category in a shown row; None for what only its net tells.

        None also for "not asked", where that is withheld.
        """
        if code == NonAnswer.NOT_ASKED:
            return not_asked
        if code in row.cells:
            return row.cells[code]
        if row.shown is Shown.FULL:
            return sum(row.cells[member.category.code] for member in self._nets[code].members)
        return None


def _cell(category: Category, multiple: int | None, rounding_base: int) -> Cell:
    if multiple is not None:
        return published(multiple * rounding_base)
    is_rest = category.code == NonAnswer.NOT_ASKED
    return withheld(_HELD_BACK if is_rest else CellStatus.NETTED)
