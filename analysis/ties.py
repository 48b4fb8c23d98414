"""Answers that say who is counted elsewhere, and must then show the same number there.

In: the plan and the sets of people it counts. Out: for a row of a question, which of its answers
together are a set with a published base: the members of a group, or those asked a further question.
Two numbers for the same people would tell more about them than one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.items import NON_ANSWER, OPTION, ItemDefinition
from analysis.plan import EVERYONE, NOT_STATED, Plan
from analysis.protection_categories import Categories, Merged, Net
from analysis.record_sets import RecordSet


@dataclass(frozen=True, slots=True)
class Tie:
    """In one row, those who gave any of ``codes`` are ``people``, or everyone else but them."""

    codes: frozenset[str]
    people: RecordSet
    others: bool = False


@dataclass(frozen=True, slots=True)
class _Parent:
    """A further question is asked of those who gave any of ``codes``, or of all ``others``."""

    question: str
    codes: frozenset[str]
    others: bool = False
    listed: bool = True  # else the codes are the options that do not open the further question

    def codes_of(self, item: ItemDefinition) -> frozenset[str]:
        """Which options of an item of the parent question the tie is about."""
        options = frozenset(c.code for c in item.categories if c.kind == OPTION)
        return self.codes & options if self.listed else options - self.codes


class Ties:
    """Every tie of a release, to be asked for by row."""

    def __init__(self, plan: Plan, sets: Iterable[RecordSet]) -> None:
        self._plan = plan
        self._routed: dict[tuple[str, RecordSet], list[tuple[_Parent, RecordSet]]] = {}
        self._sets = frozenset(sets)
        for people in self._sets:
            if parent := _parent(people.route):
                row = (parent.question, people.everyone)
                self._routed.setdefault(row, []).append((parent, people))

    def of_row(self, item: ItemDefinition, everyone: RecordSet) -> list[Tie]:
        """The ties of a row of an item, given everyone in the row."""
        if item.option is not None:
            return []
        routed = [
            Tie(parent.codes_of(item), people, parent.others)
            for parent, people in self._routed.get((item.question, everyone), [])
        ]
        return sorted([*routed, *self._of_group(item, everyone)], key=_in_order)

    def parent_is_told_apart(
        self, item: ItemDefinition, categories: Mapping[str, Categories]
    ) -> bool:
        """Whether the answers that lead to a question are all shown, neither less nor more.

        True also where those asked cannot be told from one earlier answer alone.
        """
        parent = _parent(item.route)
        if parent is None:
            return True
        asking = [
            one
            for one in self._plan.items
            if one.question == parent.question
            and one.option is None
            and not set(one.asked_of).isdisjoint(item.asked_of)
        ]
        return all(
            pieces_of(parent.codes_of(one), categories[one.id].full) is not None for one in asking
        )

    def _of_group(self, item: ItemDefinition, everyone: RecordSet) -> list[Tie]:
        """A question that divides tables: each of its options is a row elsewhere."""
        if item.group is None or everyone.group != EVERYONE or item.routed:
            return []
        options = [c.code for c in item.categories if c.kind == OPTION]
        silent = frozenset(c.code for c in item.categories if c.kind == NON_ANSWER)
        levels = [(frozenset({code}), code) for code in options] + [(silent, NOT_STATED)]
        ties = [
            Tie(codes, RecordSet(everyone.audiences, (), item.group, level))
            for codes, level in levels
        ]
        return [tie for tie in ties if tie.people in self._sets]


def pieces_of(codes: frozenset[str], pieces: Iterable[Merged | Net]) -> list[str] | None:
    """The published categories that together are exactly these answers; None if there are none."""
    members = {
        piece.category.code: frozenset(piece.category.members or (piece.category.code,))
        for piece in pieces
    }
    inside = [code for code, those in members.items() if those <= codes]
    found = frozenset().union(*(members[code] for code in inside))
    return inside if found == codes else None


def _parent(route: Sequence[str]) -> _Parent | None:
    """What a route says when it is only about which options of one question were chosen.

    "Asked unless q was answered with ..." is a tie of those not asked: q's other answers, and all
    kinds of silence, lead on. "Asked when q was answered with an option but ..." is a tie again.
    """
    if not route or len(set(route)) != 1 or not route[0]:
        return None
    condition = json.loads(route[0])
    others = condition.keys() == {"not"}
    simple = condition["not"] if others else condition
    if simple.keys() == {"question", "is"}:
        return _Parent(simple["question"], frozenset(simple["is"]), others)
    if simple.keys() == {"question", "is_not"}:
        return _Parent(simple["question"], frozenset(simple["is_not"]), others, listed=False)
    if simple.keys() == {"question", "answered"}:
        return _Parent(simple["question"], frozenset(), others == simple["answered"], listed=False)
    return None


def _in_order(tie: Tie) -> tuple[list[str], RecordSet]:
    return sorted(tie.codes), tie.people
