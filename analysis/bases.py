"""Published bases: one multiple for each set of people, the same wherever they are counted.

In: the census of all tables. Out: a rounded size for every set that is large enough to be shown.
Sets that together make up another add up to it wherever that is possible. A base is never so far
above the truth that "all of them" could be read from it.

Who took part, and with which version, stands in the authority's register: those bases go to the
nearest multiple. Who is in a group, or was asked a further question, tells what somebody answered:
those bases follow the key, and are never above the people of whom they are a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.plan import EVERYONE
from analysis.policy import DisclosurePolicy
from analysis.record_sets import Census, Family, RecordSet
from analysis.rounding import Equation, NoRounding, controlled_rounding
from analysis.targets import Target, Targets


class Bases:
    """The published sizes of one release, in multiples of the rounding base."""

    def __init__(self, census: Census, targets: Targets, policy: DisclosurePolicy) -> None:
        """Settle every base. Raises ProtectionFailed when the solver does."""
        self._census = census
        self._targets = targets
        self._policy = policy
        self._known: dict[RecordSet, int] = {}
        register, groups, asked = _in_order(census.families)
        wholes = [Family(family.total, (family.total,)) for family in groups]
        self._settle([*register, *wholes])
        self._settle(groups, [*groups, *_within_larger_populations(groups)])
        self._settle(asked, [family for family in asked if _by_group(family)])

    def multiple(self, people: RecordSet) -> int:
        """The published size of a set that is large enough to be shown. Raises KeyError else."""
        return self._known[people]

    def has(self, people: RecordSet) -> bool:
        """Whether a set is large enough to be shown."""
        return people in self._known

    def adds_up(self, family: Family) -> bool:
        """Whether all parts are shown, or empty, and add up to the total as published."""
        if not self._could_add_up(family):
            return False
        parts = sum(self._known.get(part, 0) for part in family.parts)
        return parts == self._known[family.total]

    def _could_add_up(self, family: Family) -> bool:
        sizes = self._census.sizes
        shown = [self._is_shown(part) or sizes[part] == 0 for part in family.parts]
        return all(shown) and self._is_shown(family.total)

    def _is_shown(self, people: RecordSet) -> bool:
        return self._census.sizes[people] >= self._policy.minimum_publishable_base

    def _settle(self, families: Sequence[Family], ceilings: Iterable[Family] = ()) -> None:
        """All at once so that every family adds up; failing that, as many as can, in order.

        In each of the ceilings the parts shown may be less than the total, but never more.
        """
        people = self._unsettled(families)
        cells = [self._target(one) for one in people]
        at_most = [one for one in map(self._as_shown, ceilings) if one.parts]
        linked = [one for one in families if one.divides and self._could_add_up(one)]
        try:
            self._known |= self._rounded(people, cells, linked, at_most)
        except NoRounding:
            self._known |= self._as_linked_as_possible(people, cells, linked, at_most)

    def _as_linked_as_possible(
        self,
        people: Sequence[RecordSet],
        cells: Sequence[Target],
        families: Sequence[Family],
        at_most: Sequence[Family],
    ) -> dict[RecordSet, int]:
        kept: list[Family] = []
        found = self._rounded(people, cells, kept, at_most)
        for family in families:
            try:
                found = self._rounded(people, cells, [*kept, family], at_most)
            except NoRounding:
                continue
            kept.append(family)
        return found

    def _as_shown(self, family: Family) -> Family:
        return Family(family.total, tuple(part for part in family.parts if self._is_shown(part)))

    def _unsettled(self, families: Iterable[Family]) -> list[RecordSet]:
        """The sets to be shown that have no base yet, each once."""
        members = [one for family in families for one in (family.total, *family.parts)]
        return [
            one for one in dict.fromkeys(members) if one not in self._known and self._is_shown(one)
        ]

    def _rounded(
        self,
        people: Sequence[RecordSet],
        cells: Sequence[Target],
        linked: Iterable[Family],
        at_most: Sequence[Family],
    ) -> dict[RecordSet, int]:
        places = {one: place for place, one in enumerate(people)}
        equations = [self._equation(family, places) for family in linked]
        gaps = [Target(0, self._widest_gap(family), 0, 0.0) for family in at_most]
        for gap, family in enumerate(at_most, start=len(cells)):
            exact = self._equation(family, places)
            equations.append(Equation((*exact.parts, gap), exact.totals, exact.constant))
        seconds = self._policy.seconds_per_question
        solution = controlled_rounding([*cells, *gaps], equations, seconds=seconds)
        return dict(zip(people, solution.multiples[: len(people)], strict=True))

    def _widest_gap(self, family: Family) -> int:
        """None between two names for the same people: the larger population adds nobody."""
        larger, smaller = family.total, family.parts[0]
        sizes = self._census.sizes
        if larger.group == smaller.group and sizes[larger.whole] == sizes[smaller.whole]:
            return 0
        return sizes[larger] // self._policy.rounding_base + 1

    def _equation(self, family: Family, places: dict[RecordSet, int]) -> Equation:
        """Parts less total, with what is settled already on the other side."""
        settled_parts = sum(self._known.get(part, 0) for part in family.parts)
        settled_total = self._known.get(family.total, 0)
        return Equation(
            tuple(places[part] for part in family.parts if part in places),
            (places[family.total],) if family.total in places else (),
            settled_total - settled_parts,
        )

    def _target(self, people: RecordSet) -> Target:
        """Where a base would go.

        A part is never published above the true size of its whole, which may be known. Then the
        lowest count that can have led to it is at least two below that size: "all of them" is
        never the only reading, nor is "all but one".
        """
        size = self._census.sizes[people]
        if not people.is_answer:
            return guarded(self._targets.nearest(size), size, self._policy)
        name = ("base", *self._present(people), "", *people.route, "", people.group, people.level)
        target = guarded(self._targets.base(name, size), size, self._policy)
        whole = people.everyone if people.route else people.whole
        target = _not_above(target, self._census.sizes[whole] // self._policy.rounding_base)
        return self._leaving_room(target, people) if people.route else target

    def _present(self, people: RecordSet) -> tuple[str, ...]:
        """The versions that somebody answered: the same people have the same name."""
        alone = {one: RecordSet((one,), (), EVERYONE, EVERYONE) for one in people.audiences}
        return tuple(one for one in alone if self._census.sizes.get(alone[one], 1))

    def _leaving_room(self, target: Target, people: RecordSet) -> Target:
        """Among those asked: prefer what leaves "not asked", the rest, a neighbouring multiple."""
        everyone = self._known[people.everyone]
        rest = self._census.sizes[people.everyone] - self._census.sizes[people]
        base = self._policy.rounding_base
        target = _not_above(target, everyone - rest // base)
        if target.low < everyone - -(-rest // base) <= target.high:
            return Target(target.low, target.high, target.high, self._policy.reserve.penalty)
        return target


def _not_above(target: Target, most: int) -> Target:
    if target.high <= most:
        return target
    return Target(target.low, target.low, target.low, 0.0)


def guarded(target: Target, size: int, policy: DisclosurePolicy) -> Target:
    """The target of a base, without the step up when that would be a step too far."""
    guard = policy.group_disclosure_guard
    furthest = size + policy.rounding_base - 1 - guard.guard
    if size >= guard.below_base or target.high * policy.rounding_base <= furthest:
        return target
    return Target(target.low, target.low, target.low, 0.0)


def _in_order(families: Iterable[Family]) -> tuple[list[Family], list[Family], list[Family]]:
    """Whole populations, then their groups, then those asked; within each, the larger first."""
    ordered = sorted(families, key=lambda family: (_by_group(family), -len(family.total.audiences)))
    everyone = [family for family in ordered if not family.total.route]
    return (
        [family for family in everyone if not _by_group(family)],
        [family for family in everyone if _by_group(family)],
        [family for family in ordered if family.total.route],
    )


def _by_group(family: Family) -> bool:
    return family.parts[0].group != family.total.group


def _within_larger_populations(families: Iterable[Family]) -> list[Family]:
    """Each level of a group, where another population that is counted holds all its people."""
    levels: dict[tuple[str, str], list[RecordSet]] = {}
    for part in dict.fromkeys(part for family in families for part in family.parts):
        levels.setdefault((part.group, part.level), []).append(part)
    return [
        Family(larger, (smaller,))
        for same in levels.values()
        for larger in same
        for smaller in same
        if set(smaller.audiences) < set(larger.audiences)
    ]
