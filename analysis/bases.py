"""Published bases: one multiple for each set of people, the same wherever they are counted.

In: the census of all tables. Out: a rounded size for every set that is large enough to be shown.
Sets that together make up another add up to it wherever that is possible. A base is never so far
above the truth that "all of them" could be read from it.

Who took part is taken to be known to an attacker, so those bases go to the nearest multiple. Who
was asked a further question tells what they answered to an earlier one, so those follow the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
        for families in _in_order(census.families):
            self._settle(families)

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

    def _settle(self, families: Sequence[Family]) -> None:
        """All at once so that every family adds up; failing that, as many as can, in order."""
        people = self._unsettled(families)
        cells = [self._target(one) for one in people]
        linked = [one for one in families if one.divides and self._could_add_up(one)]
        try:
            self._known |= self._rounded(people, cells, linked)
        except NoRounding:
            self._known |= self._as_linked_as_possible(people, cells, linked)

    def _as_linked_as_possible(
        self, people: Sequence[RecordSet], cells: Sequence[Target], families: Sequence[Family]
    ) -> dict[RecordSet, int]:
        kept: list[Family] = []
        found = self._rounded(people, cells, kept)
        for family in families:
            try:
                found = self._rounded(people, cells, [*kept, family])
            except NoRounding:
                continue
            kept.append(family)
        return found

    def _unsettled(self, families: Iterable[Family]) -> list[RecordSet]:
        """The sets to be shown that have no base yet, each once."""
        members = [one for family in families for one in (family.total, *family.parts)]
        return [
            one for one in dict.fromkeys(members) if one not in self._known and self._is_shown(one)
        ]

    def _rounded(
        self, people: Sequence[RecordSet], cells: Sequence[Target], linked: Iterable[Family]
    ) -> dict[RecordSet, int]:
        places = {one: place for place, one in enumerate(people)}
        equations = [self._equation(family, places) for family in linked]
        seconds = self._policy.seconds_per_question
        solution = controlled_rounding(cells, equations, seconds=seconds)
        return dict(zip(people, solution.multiples, strict=True))

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
        size = self._census.sizes[people]
        if not people.route:
            return guarded(self._targets.nearest(size), size, self._policy)
        name = ("base", *people.audiences, "", *people.route, "", people.group, people.level)
        target = guarded(self._targets.target(name, size), size, self._policy)
        return self._leaving_room(target, people)

    def _leaving_room(self, target: Target, people: RecordSet) -> Target:
        """Among those asked: prefer what leaves "not asked", the rest, a neighbouring multiple."""
        everyone = self._known[people.everyone]
        rest = self._census.sizes[people.everyone] - self._census.sizes[people]
        base = self._policy.rounding_base
        low = max(target.low, everyone - -(-rest // base))
        high = min(target.high, everyone - rest // base)
        if low > high:
            return Target(target.low, min(target.high, everyone), target.low, target.weight)
        return Target(low, high, min(max(target.wish, low), high), target.weight)


def guarded(target: Target, size: int, policy: DisclosurePolicy) -> Target:
    """The target of a base, without the step up when that would be a step too far."""
    guard = policy.group_disclosure_guard
    furthest = size + policy.rounding_base - 1 - guard.guard
    if size >= guard.below_base or target.high * policy.rounding_base <= furthest:
        return target
    return Target(target.low, target.low, target.low, 0.0)


def _in_order(families: Iterable[Family]) -> tuple[list[Family], list[Family]]:
    """Everyone first, then those asked; within each, whole populations before their groups."""
    ordered = sorted(families, key=lambda family: (_by_group(family), -len(family.total.audiences)))
    everyone = [family for family in ordered if not family.total.route]
    return everyone, [family for family in ordered if family.total.route]


def _by_group(family: Family) -> bool:
    return family.parts[0].group != family.total.group
