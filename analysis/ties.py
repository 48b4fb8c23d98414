"""Answers that say who is counted elsewhere, and must then show the same number there.

In: the plan and the sets of people it counts. Out: for a row of a question, which of its answers
together are a set with a published base: the members of a group, or those asked a further question.
Two numbers for the same people would tell more about them than one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.items import NON_ANSWER, OPTION, ItemDefinition
from analysis.plan import EVERYONE, NOT_STATED, Plan
from analysis.record_sets import RecordSet


@dataclass(frozen=True, slots=True)
class Tie:
    """In one row, those who gave any of ``codes`` are exactly ``people``."""

    codes: frozenset[str]
    people: RecordSet


class Ties:
    """Every tie of a release, to be asked for by row."""

    def __init__(self, plan: Plan, sets: Iterable[RecordSet]) -> None:
        self._plan = plan
        self._routed: dict[tuple[str, RecordSet], list[Tie]] = {}
        self._sets = frozenset(sets)
        for people in self._sets:
            if found := _is_answer(people.route):
                question, codes = found
                row = (question, people.everyone)
                self._routed.setdefault(row, []).append(Tie(codes, people))

    def of_row(self, item: ItemDefinition, everyone: RecordSet) -> list[Tie]:
        """The ties of a row of an item, given everyone in the row."""
        if item.option is not None:
            return []
        routed = self._routed.get((item.question, everyone), [])
        return sorted([*routed, *self._of_group(item, everyone)], key=_in_order)

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


def _is_answer(route: tuple[str, ...]) -> tuple[str, frozenset[str]] | None:
    """The question and answers of a route that is simply "asked when q was answered with ..."."""
    if not route or len(set(route)) != 1:
        return None
    condition = json.loads(route[0])
    if condition.keys() != {"question", "is"}:
        return None
    return condition["question"], frozenset(condition["is"])


def _in_order(tie: Tie) -> tuple[list[str], RecordSet]:
    return sorted(tie.codes), tie.people
