"""Protected tables in the form of the Summary. In: the plan and its protected tables. Out: items.

Each item takes its texts from the plan and its categories from its own protected tables, so that
the Summary never names a category that was merged away.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.cells import ProtectedTable
from analysis.items import ItemDefinition
from analysis.plan import Plan
from analysis.protection_categories import NET
from analysis.summary import Item


def summary_items(plan: Plan, tables: Iterable[ProtectedTable]) -> tuple[Item, ...]:
    """Every item of the plan with its tables, the one for everyone first."""
    by_item: dict[str, list[ProtectedTable]] = {}
    for table in tables:
        by_item.setdefault(table.item, []).append(table)
    return tuple(_item(item, tuple(by_item[item.id])) for item in plan.items)


def _item(item: ItemDefinition, tables: tuple[ProtectedTable, ...]) -> Item:
    return Item(
        id=item.id,
        question=item.question,
        scale=item.scale,
        type=item.type,
        short=item.short,
        texts=dict(item.texts),
        topic=item.topic,
        themes=item.themes,
        pictures=item.pictures,
        asked_of=item.asked_of,
        categories=tuple(c for c in tables[0].categories if c.kind != NET),
        tables=tables,
    )
