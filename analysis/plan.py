"""The tables of a release, decided before anything is opened.

In: a survey, the themes of the framework, the disclosure policy. Out: a frozen Plan with a stable
hash. Since nobody can ask for another table afterwards, tables cannot be subtracted to order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from analysis.cells import Category
from analysis.items import HOW_ANSWERED, OPTION, ItemDefinition, items_of
from analysis.policy import DisclosurePolicy
from questionnaires.model import QuestionType, Survey

EVERYONE = "all"
AGE_VERSION = "age_version"
NOT_STATED = "not_stated"
RESPONDENTS = "(respondents)"
"""The item of the two tables that say how many responded; no question can be called this."""


class PlanError(Exception):
    """The survey cannot be planned. The message names the question."""


@dataclass(frozen=True, slots=True)
class Group:
    """What divides the rows of a table. ``columns`` are the items that hold the level."""

    id: str
    label: str
    levels: tuple[tuple[str, str], ...]
    asked_of: tuple[str, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table of the release: an item, for everyone or by a group."""

    item: str
    group: str


@dataclass(frozen=True)
class Plan:
    """Every item, group and table of a release."""

    survey: str
    policy: str
    audiences: tuple[tuple[str, str], ...]
    items: tuple[ItemDefinition, ...]
    groups: tuple[Group, ...]
    tables: tuple[PlannedTable, ...]

    @cached_property
    def item_by_id(self) -> dict[str, ItemDefinition]:
        """The items, to look up."""
        return {item.id: item for item in (self.respondents, *self.items)}

    @cached_property
    def group_by_id(self) -> dict[str, Group]:
        """The groups, to look up."""
        return {group.id: group for group in self.groups}

    @cached_property
    def respondents(self) -> ItemDefinition:
        """The item that everybody answered by responding."""
        return _respondents(tuple(audience for audience, _ in self.audiences))

    def rows(self, table: PlannedTable) -> tuple[tuple[str, str], ...]:
        """The levels of a table with their labels, shown or not."""
        if table.group == EVERYONE:
            return ((EVERYONE, "Everyone"),)
        levels = self.group_by_id[table.group].levels
        if table.group == AGE_VERSION:
            asked_of = self.item_by_id[table.item].asked_of
            return tuple(level for level in levels if level[0] in asked_of)
        return levels

    @property
    def hash(self) -> str:
        """SHA-256 over everything planned, to be the same before and after the opening."""
        document = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(document.encode()).hexdigest()


def plan_tables(survey: Survey, themes: Iterable[str], policy: DisclosurePolicy) -> Plan:
    """Every item for everyone, by version, and by each group the survey asks and the policy allows.

    Groups themselves are planned for everyone only. Raises PlanError for a group that is not one
    choice of several.
    """
    known = frozenset(themes)
    items = tuple(_with_themes(item, known) for item in items_of(survey))
    groups = tuple(group for group in _groups(survey, items) if group.id in policy.groups)
    audiences = tuple((v.audience, v.audience_label) for v in survey.questionnaires)
    tables = [PlannedTable(RESPONDENTS, EVERYONE)]
    if len(audiences) > 1 and AGE_VERSION in policy.groups:
        tables.append(PlannedTable(RESPONDENTS, AGE_VERSION))
    for item in items:
        tables.append(PlannedTable(item.id, EVERYONE))
        tables += [PlannedTable(item.id, group.id) for group in groups if _divides(group, item)]
    return Plan(survey.id, policy.name, audiences, items, groups, tuple(tables))


def _with_themes(item: ItemDefinition, known: frozenset[str]) -> ItemDefinition:
    return replace(item, themes=tuple(theme for theme in item.themes if theme in known))


def _divides(group: Group, item: ItemDefinition) -> bool:
    if item.group is not None or item.id == HOW_ANSWERED:
        return False
    asked_of_both = [audience for audience in item.asked_of if audience in group.asked_of]
    return len(asked_of_both) > (1 if group.id == AGE_VERSION else 0)


def _groups(survey: Survey, items: Iterable[ItemDefinition]) -> tuple[Group, ...]:
    versions = tuple((v.audience, v.audience_label) for v in survey.questionnaires)
    age = Group(AGE_VERSION, "Version", versions, tuple(audience for audience, _ in versions))
    found: dict[str, list[ItemDefinition]] = {}
    for item in items:
        if item.group is not None:
            found.setdefault(item.group, []).append(item)
    return (age, *(_group(name, same, age.asked_of) for name, same in found.items()))


def _group(name: str, items: list[ItemDefinition], audiences: tuple[str, ...]) -> Group:
    if name == AGE_VERSION or any(item.type is not QuestionType.CHOICE for item in items):
        raise PlanError(f"{items[0].question} cannot divide tables as the group {name}")
    levels = {
        category.code: category.label
        for item in items
        for category in item.categories
        if category.kind == OPTION
    }
    asked_of = {audience for item in items for audience in item.asked_of}
    return Group(
        name,
        items[0].short,
        (*levels.items(), (NOT_STATED, "Not stated")),
        tuple(audience for audience in audiences if audience in asked_of),
        tuple(item.id for item in items),
    )


def _respondents(audiences: tuple[str, ...]) -> ItemDefinition:
    return ItemDefinition(
        id=RESPONDENTS,
        question=RESPONDENTS,
        scale=None,
        option=None,
        type=QuestionType.CHOICE,
        short="Responded",
        texts=(),
        topic=None,
        themes=(),
        pictures="none",
        group=None,
        asked_of=audiences,
        route=tuple("" for _ in audiences),
        categories=(Category("responded", "Responded", OPTION),),
    )
