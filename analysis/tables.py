"""Counting. In: the frame and the plan. Out: one raw FrequencyTable per planned table.

The base of a row is everyone in it: options, every kind of no answer and "not asked" add up to it.
Raw tables stay on the row side, from here to protection.
"""

from __future__ import annotations

from functools import cache

import numpy
import pandas

from analysis.cells import FrequencyTable, Row
from analysis.items import ItemDefinition
from analysis.plan import AGE_VERSION, EVERYONE, NOT_STATED, RESPONDENTS, Group, Plan, PlannedTable

_AUDIENCE = "audience"
_NOWHERE = -1


def tabulate(frame: pandas.DataFrame, plan: Plan) -> tuple[FrequencyTable, ...]:
    """Every planned table, in the order of the plan."""
    counting = _Counting(frame, plan)
    return tuple(counting.table(planned) for planned in plan.tables)


class _Counting:
    """The columns of a frame as arrays, prepared once for all tables."""

    def __init__(self, frame: pandas.DataFrame, plan: Plan) -> None:
        self._frame = frame
        self._plan = plan
        self._size = len(frame)
        self._levels = cache(self._levels_of)
        self._answers = cache(self._answers_of)
        self._population = cache(self._population_of)

    def table(self, planned: PlannedTable) -> FrequencyTable:
        """Count one table: a level and an answer for everyone in the item's population."""
        item = self._plan.item_by_id[planned.item]
        rows = self._plan.rows(planned)
        levels, answers = self._levels(planned.group), self._answers(item.id)
        here = self._population(item.asked_of) & (levels != _NOWHERE)
        width = len(item.categories)
        cells = levels[here].astype(numpy.intp) * width + answers[here]
        numbers = self._level_numbers(planned.group)
        counts = numpy.bincount(cells, minlength=len(numbers) * width).reshape(len(numbers), width)
        return FrequencyTable(
            item=item.id,
            group=planned.group,
            categories=item.categories,
            rows=tuple(
                Row(level, label, tuple(counts[numbers[level]].tolist())) for level, label in rows
            ),
        )

    def _level_numbers(self, group: str) -> dict[str, int]:
        if group == EVERYONE:
            return {EVERYONE: 0}
        levels = self._plan.group_by_id[group].levels
        return {level: number for number, (level, _) in enumerate(levels)}

    def _audience(self) -> numpy.ndarray:
        return self._frame[_AUDIENCE].cat.codes.to_numpy()

    def _population_of(self, asked_of: tuple[str, ...]) -> numpy.ndarray:
        names = list(self._frame[_AUDIENCE].cat.categories)
        return numpy.isin(self._audience(), [names.index(audience) for audience in asked_of])

    def _answers_of(self, item: str) -> numpy.ndarray:
        if item == RESPONDENTS:
            return numpy.zeros(self._size, dtype=numpy.int8)
        return self._frame[item].cat.codes.to_numpy()

    def _levels_of(self, group: str) -> numpy.ndarray:
        if group == EVERYONE:
            return numpy.zeros(self._size, dtype=numpy.int8)
        if group == AGE_VERSION:
            return self._audience()
        return self._stated(self._plan.group_by_id[group])

    def _stated(self, group: Group) -> numpy.ndarray:
        """The level that each respondent stated; nowhere for those whose version does not ask."""
        numbers = self._level_numbers(group.id)
        asked = self._population(group.asked_of)
        levels = numpy.where(asked, numbers[NOT_STATED], _NOWHERE).astype(numpy.int8)
        for column in group.columns:
            item = self._plan.item_by_id[column]
            mine = self._population(item.asked_of)
            levels[mine] = _stated_levels(item, numbers)[self._answers(column)[mine]]
        return levels


def _stated_levels(item: ItemDefinition, numbers: dict[str, int]) -> numpy.ndarray:
    """For each category of a group's item, the level it means."""
    meant = [numbers.get(category.code, numbers[NOT_STATED]) for category in item.categories]
    return numpy.array(meant, dtype=numpy.int8)
