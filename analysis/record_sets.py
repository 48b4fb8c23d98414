"""Who is counted in a row, so that the same people always get the same published base.

In: the plan and its raw tables. Out: a name for each set of people, its size, and the families of
sets that add up to another. No answers are looked at: only who was there, and who was asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from analysis.cells import FrequencyTable, Row
from analysis.plan import AGE_VERSION, EVERYONE, Plan
from analysis.rounding import ProtectionFailed
from questionnaires.model import NonAnswer


class RecordSet(NamedTuple):
    """Everyone of some versions, at one level of a group; only those asked, when ``route`` is."""

    audiences: tuple[str, ...]
    route: tuple[str, ...]
    group: str
    level: str

    @property
    def everyone(self) -> RecordSet:
        """The set that this one is a part of: those asked and those not."""
        return self._replace(route=())

    @property
    def whole(self) -> RecordSet:
        """The set whose groups this one is among."""
        return self._replace(group=EVERYONE, level=EVERYONE)

    @property
    def is_answer(self) -> bool:
        """Whether being in the set tells what somebody answered, not only who took part."""
        return bool(self.route) or self.group != EVERYONE


@dataclass(frozen=True, slots=True)
class Family:
    """Sets without a common member that together make up ``total``."""

    total: RecordSet
    parts: tuple[RecordSet, ...]

    @property
    def divides(self) -> bool:
        """Whether there are parts other than the total itself."""
        return self.parts != (self.total,)

    @property
    def everyone(self) -> Family:
        """The same family with those not asked."""
        return Family(self.total.everyone, tuple(part.everyone for part in self.parts))


@dataclass(frozen=True, slots=True)
class Census:
    """The true size of every set that the tables count, and how they hang together."""

    sizes: dict[RecordSet, int]
    families: tuple[Family, ...]


class Populations:
    """The sets of people behind the rows of a plan's tables."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.asked = cache(self._asked)

    def family(self, item: str, group: str, levels: Iterable[str]) -> Family:
        """The rows of a table, and those whom it divides: all, or whose version has the group."""
        total = self._record_set(item, self._divided(item, group), EVERYONE, EVERYONE)
        return Family(total, tuple(self.asked(item, group, level) for level in levels))

    def covers(self, item: str, group: str) -> bool:
        """Whether a table divides everyone who was asked the item."""
        return self._divided(item, group) == self._plan.item_by_id[item].asked_of

    def _asked(self, item: str, group: str, level: str) -> RecordSet:
        """Those asked an item in a row of one of its tables."""
        if group == AGE_VERSION:
            return self._record_set(item, (level,), EVERYONE, EVERYONE)
        return self._record_set(item, self._divided(item, group), group, level)

    def _divided(self, item: str, group: str) -> tuple[str, ...]:
        asked_of = self._plan.item_by_id[item].asked_of
        if group in (EVERYONE, AGE_VERSION):
            return asked_of
        of_group = self._plan.group_by_id[group].asked_of
        return tuple(audience for audience in asked_of if audience in of_group)

    def _record_set(
        self, item: str, audiences: tuple[str, ...], group: str, level: str
    ) -> RecordSet:
        definition = self._plan.item_by_id[item]
        conditions = dict(zip(definition.asked_of, definition.route, strict=True))
        route = tuple(conditions[audience] for audience in audiences)
        return RecordSet(audiences, route if any(route) else (), group, level)


def take_census(populations: Populations, tables: Iterable[FrequencyTable]) -> Census:
    """Size every set. Raises ProtectionFailed when two tables disagree about the same people."""
    sizes: dict[RecordSet, int] = {}
    families: dict[Family, None] = {}
    for table in tables:
        levels = [row.level for row in table.rows]
        family = populations.family(table.item, table.group, levels)
        asked = [asked_of_row(table, row) for row in table.rows]
        everyone = [row.base for row in table.rows]
        for one, counts in ((family, asked), (family.everyone, everyone)):
            _note(sizes, one, counts)
            families[one] = None
    return Census(sizes, tuple(families))


def asked_of_row(table: FrequencyTable, row: Row) -> int:
    """How many of a row were asked."""
    if table.categories[-1].code == NonAnswer.NOT_ASKED:
        return row.base - row.counts[-1]
    return row.base


def _note(sizes: dict[RecordSet, int], family: Family, counts: list[int]) -> None:
    noted = [*zip(family.parts, counts, strict=True), (family.total, sum(counts))]
    for people, size in noted:
        if sizes.setdefault(people, size) != size:
            raise ProtectionFailed("two tables count the same people differently")
