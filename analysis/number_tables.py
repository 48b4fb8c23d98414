"""The table under every chart. In: readings of one scale. Out: a heading row and rows of words.

The same words as the chart, with the counts and every base, for readers and for screen readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from analysis.cells import Category, Cell, CellStatus
from analysis.measures import Reading, Share, Silence, has_valence, options, share_of
from analysis.number_words import (
    count_words,
    share_words,
    short_withheld_words,
    silence_words,
    withheld_words,
)
from analysis.summary import Item, Policy
from questionnaires.model import Valence

Labelled = tuple[str, Reading]


@dataclass(frozen=True, slots=True)
class Number:
    """A percentage in words and the count behind it; either may be missing."""

    words: str
    count: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A row of numbers, or a note that says why there are none."""

    label: str
    numbers: tuple[Number, ...] = ()
    note: str = ""
    small_group: bool = False


@dataclass(frozen=True, slots=True)
class NumberTable:
    """A table of one scale: every row was answered with the same options."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    options: Sequence[str]
    nets: Sequence[tuple[str, Valence]]
    apart: Sequence[Silence]


def number_table(caption: str, item: Item, rows: Sequence[Labelled], policy: Policy) -> NumberTable:
    """Options, nets, the base, every kind of no answer, and how many were asked."""
    columns = _Columns(
        tuple(category.code for category in options(item)),
        _net_columns(item, rows),
        _apart_columns(reading for _, reading in rows),
    )
    headings = (
        *(category.label for category in options(item)),
        *(label for label, _ in columns.nets),
        gettext("Gave an answer (base)"),
        *(silence_words(kind) for kind in columns.apart),
        gettext("Asked"),
    )
    return NumberTable(
        caption, headings, tuple(_row(label, reading, columns, policy) for label, reading in rows)
    )


def tables_by_scale(
    rows: Iterable[tuple[Item, str, Reading]], policy: Policy
) -> tuple[NumberTable, ...]:
    """One table for each set of options, in the order in which they are met."""
    found: dict[tuple[str, ...], list[tuple[Item, str, Reading]]] = {}
    for item, label, reading in rows:
        found.setdefault(tuple(c.label for c in options(item)), []).append((item, label, reading))
    return tuple(
        number_table(
            gettext("Answers to choose from: %(answers)s", answers=", ".join(labels)),
            same[0][0],
            [(label, reading) for _, label, reading in same],
            policy,
        )
        for labels, same in found.items()
    )


def choices_table(
    caption: str,
    items: Sequence[Item],
    rows: Sequence[tuple[str, Sequence[Reading]]],
    policy: Policy,
) -> NumberTable:
    """A list of which several could be picked: the share that picked each, of one base."""
    apart = _apart_columns(readings[0] for _, readings in rows)
    columns = (
        *(picked(item).label for item in items),
        gettext("Gave an answer (base)"),
        *(silence_words(kind) for kind in apart),
        gettext("Asked"),
    )
    return NumberTable(
        caption,
        columns,
        tuple(_choices_row(items, row, apart, policy) for row in rows),
    )


def picked(item: Item) -> Category:
    """The option that an item of a list is about."""
    return options(item)[0]


def _choices_row(
    items: Sequence[Item],
    row: tuple[str, Sequence[Reading]],
    apart: Sequence[Silence],
    policy: Policy,
) -> NumberRow:
    label, readings = row
    first = readings[0]
    if first.valid.count is None:
        return NumberRow(label, note=withheld_words(first.valid.status, policy))
    codes = [picked(item).code for item in items]
    shares = [
        _number(reading.shares.get(code), reading.cells.get(code), policy)
        for code, reading in zip(codes, readings, strict=True)
    ]
    numbers = (*shares, *_base_numbers(first, apart, policy))
    return NumberRow(label, numbers, small_group=first.small_group)


def _base_numbers(reading: Reading, apart: Sequence[Silence], policy: Policy) -> tuple[Number, ...]:
    return (
        Number(count_words(reading.valid, policy), shown=reading.valid.count is not None),
        *(_apart_number(reading, kind, policy) for kind in apart),
        Number(count_words(reading.asked, policy), shown=reading.asked.count is not None),
    )


def _net_columns(item: Item, rows: Sequence[Labelled]) -> list[tuple[str, Valence]]:
    """The nets that say more than one option does, or that stand for options not shown."""
    if not has_valence(item):
        return []
    codes = [category.code for category in options(item)]
    grouped = any(r.cells[code].status is CellStatus.NETTED for _, r in rows for code in codes)
    found = [(gettext("Positive in all"), Valence.POSITIVE)]
    for label, valence in (
        (gettext("In between in all"), Valence.NEUTRAL),
        (gettext("Negative in all"), Valence.NEGATIVE),
    ):
        members = [c for c in options(item) if c.valence == valence]
        if len(members) > 1 or (grouped and members):
            found.append((label, valence))
    return found


def _apart_columns(readings: Iterable[Reading]) -> tuple[Silence, ...]:
    """The kinds of no answer that any of the rows tells apart."""
    found = {kind for reading in readings for kind in reading.silences}
    return tuple(kind for kind in Silence if kind in found)


def _row(label: str, reading: Reading, columns: _Columns, policy: Policy) -> NumberRow:
    if reading.valid.count is None and not any(share.shown for share in reading.shares.values()):
        return NumberRow(label, note=withheld_words(reading.valid.status, policy))
    numbers = (
        *(
            _number(reading.shares.get(code), reading.cells.get(code), policy)
            for code in columns.options
        ),
        *(_net_number(reading.nets[valence], policy) for _, valence in columns.nets),
        *_base_numbers(reading, columns.apart, policy),
    )
    return NumberRow(label, numbers, small_group=reading.small_group)


def _number(share: Share | None, cell: Cell | None, policy: Policy) -> Number:
    if share is None or cell is None:
        return Number("–", shown=False)
    if not share.shown:
        return Number(short_withheld_words(share.status, policy), shown=False)
    words = share_words(share, policy)
    return Number(words, "" if share.percent == 0 else count_words(cell, policy))


def _net_number(share: Share, policy: Policy) -> Number:
    if not share.shown:
        return Number(short_withheld_words(share.status, policy), shown=False)
    return Number(share_words(share, policy), f"{share.part:,}" if share.part else "")


def _apart_number(reading: Reading, kind: Silence, policy: Policy) -> Number:
    """A kind that a small group shows only together with the others is in their total."""
    cell = reading.silences.get(kind)
    if cell is None:
        netted = reading.small_group and kind is not Silence.TOGETHER
        return Number(
            short_withheld_words(CellStatus.NETTED, policy) if netted else "–", shown=False
        )
    return _number(share_of(cell, reading.asked, policy.minimum_publishable_base), cell, policy)
