"""A figure as a page shows it. In: readings. Out: title, sentence, chart data, strips and tables.

The chart, the strips that stand in for it without JavaScript, the sentence and the tables are
made here from the same bars, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from analysis.bars import Bar, KeyLine, Segment, Tone, apart_key, bar, common_key, key_lines
from analysis.chart_style import MIDDLE, NARROW, WIDE
from analysis.charts import Words, diverging_figure, figure_document, plain_figure
from analysis.measures import Reading, Share, has_valence
from analysis.number_tables import NumberTable, tables_by_scale
from analysis.number_words import (
    share_words,
)
from analysis.summary import Item, Policy

LabelledItem = tuple[Item, tuple[str, str], Reading]


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar drawn by the server: rectangles in points of percent from the left edge."""

    label: str
    base: str
    rectangles: tuple[tuple[float, int, str], ...]
    parts: tuple[tuple[str, str, str], ...]
    note: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """All that the template of a figure needs."""

    id: str
    title: str
    measure: str
    sentence: str
    key: tuple[KeyLine, ...]
    common_key: KeyLine
    apart: KeyLine
    strips: tuple[Strip, ...]
    extent: int
    middle: int
    drawings: tuple[tuple[str, dict[str, Any]], ...]
    tables: tuple[NumberTable, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a figure: its id on the page, the finding as a title, the measure."""

    id: str
    title: str
    measure: str


def diverging_view(frame: Frame, rows: Sequence[LabelledItem], policy: Policy) -> FigureView:
    """A figure of questions (or of groups) whose answers are positive or negative."""
    bars = [bar(item, reading, label, policy) for item, label, reading in rows]
    left, right = _extent(bars)
    totals = [share_words(b.reading.positive, policy) for b in bars]
    return FigureView(
        id=frame.id,
        title=frame.title,
        measure=frame.measure,
        sentence=gettext("Bar chart. %(told)s", told=" ".join(_told(b, policy) for b in bars)),
        common_key=common_key(),
        key=key_lines([item for item, _, _ in rows], bars),
        apart=apart_key(bars),
        strips=tuple(_strip(b, left, policy) for b in bars),
        extent=left + right,
        middle=left,
        drawings=tuple(
            (name, figure_document(diverging_figure(bars, totals, words, shape)))
            for name, shape, words in (
                ("wide", WIDE, _wide_words()),
                ("middle", MIDDLE, _wide_words()),
                ("narrow", NARROW, _narrow_words()),
            )
        ),
        tables=tables_by_scale(
            [(item, b.name, b.reading) for (item, _, _), b in zip(rows, bars, strict=True)], policy
        ),
    )


def plain_view(
    frame: Frame,
    parts: Sequence[tuple[str, Share]],
    sentence: str,
    table: NumberTable,
    policy: Policy,
) -> FigureView:
    """A figure of one question whose answers point nowhere: one bar for each answer."""
    told = [(label, share, share_words(share, policy)) for label, share in parts]
    return FigureView(
        id=frame.id,
        title=frame.title,
        measure=frame.measure,
        sentence=gettext("Bar chart. %(told)s", told=sentence),
        key=(),
        common_key=common_key(),
        apart=KeyLine(()),
        strips=tuple(_plain_strip(*part) for part in told),
        extent=100,
        middle=0,
        drawings=tuple(
            (name, figure_document(plain_figure(told, shape)))
            for name, shape in (("wide", WIDE), ("middle", MIDDLE), ("narrow", NARROW))
        ),
        tables=(table,),
    )


def _plain_strip(label: str, share: Share, words: str) -> Strip:
    tone = Tone.POSITIVE_STRONG.value
    drawn = ((0.0, share.percent, tone),) if share.shown and share.percent else ()
    return Strip(label, "", drawn, ((tone, "", words),), "")


def pointing(rows: Sequence[LabelledItem]) -> list[LabelledItem]:
    """The rows whose answers are positive or negative."""
    return [row for row in rows if has_valence(row[0])]


def most_positive_first(rows: Sequence[LabelledItem]) -> list[LabelledItem]:
    """Sorted as a chart is read; what is withheld comes last."""
    return sorted(rows, key=lambda row: -row[2].positive.exact if row[2].positive.shown else 1)


def _told(b: Bar, policy: Policy) -> str:
    """One bar of a chart, told in full for those who cannot see it."""
    if not b.shown:
        return gettext(
            "%(label)s: %(reason)s.",
            label=b.name,
            reason=share_words(b.reading.positive, policy),
        )
    parts = [
        f"{segment.label} {share_words(segment.share, policy)}" for segment in reversed(b.segments)
    ]
    apart = [f"{segment.label} {share_words(segment.share, policy)}" for segment in b.apart]
    told = gettext(
        "%(label)s, base %(base)s: %(parts)s.",
        label=b.name,
        base=b.reading.valid.count,
        parts=", ".join(parts),
    )
    if not apart:
        return told
    return told + " " + gettext("Of all asked: %(parts)s.", parts=", ".join(apart))


def _extent(bars: Sequence[Bar]) -> tuple[int, int]:
    segments = [segment for b in bars for segment in b.segments]
    left = -min((s.start for s in segments), default=0)
    right = max((s.start + s.share.percent for s in segments), default=1)
    return int(left + 0.5), int(right + 1)


def _strip(b: Bar, left: int, policy: Policy) -> Strip:
    drawn: tuple[Segment, ...] = tuple(s for s in b.segments if s.share.percent)
    base = "" if b.reading.valid.count is None or not b.shown else str(b.reading.valid.count)
    return Strip(
        label=b.name,
        base=base,
        rectangles=tuple((s.start + left, s.share.percent, s.tone.value) for s in drawn),
        parts=tuple(
            (s.tone.value, s.label, share_words(s.share, policy))
            for s in (*reversed(b.segments), *b.apart)
        ),
        note="" if b.shown else share_words(b.reading.positive, policy),
    )


def _wide_words() -> Words:
    return Words(
        negative=gettext("Negative answers"),
        positive=gettext("Positive answers"),
        total=gettext("Positive in all"),
        apart=gettext("No answer"),
        base=gettext("base"),
        small_group=gettext("small group"),
    )


def _narrow_words() -> Words:
    return Words(
        negative=gettext("Negative"),
        positive=gettext("Positive"),
        total="",
        apart=gettext("No answer"),
        base=gettext("base"),
        small_group=gettext("small group"),
    )
