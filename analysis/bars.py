"""Bars of a diverging chart, whoever draws them. In: readings. Out: segments, side and tone.

Negative answers lie left of the middle and positive ones right; neutral ones are split over it;
those who gave no answer stand apart. The strongest answer of each side is the outermost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext

from analysis.cells import Category
from analysis.measures import Reading, Share, Silence, options, share_of
from analysis.number_words import (
    silence_words,
)
from analysis.summary import Item, Policy
from questionnaires.model import Valence


class Tone(StrEnum):
    """The colours of segments; results.css and charts.py know them by these names."""

    NEGATIVE_STRONG = "negative-strong"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    POSITIVE_STRONG = "positive-strong"
    UNSURE = "unsure"
    NO_ANSWER = "no-answer"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar. ``start`` is its left end, in percentage points from the middle."""

    label: str
    tone: Tone
    share: Share
    start: float


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment before it has a place."""

    label: str
    tone: Tone
    share: Share


_LEFT = frozenset({Tone.NEGATIVE, Tone.NEGATIVE_STRONG})


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the chart; without segments when it is withheld."""

    label: str
    asked_of: str
    reading: Reading
    segments: tuple[Segment, ...]
    apart: tuple[Segment, ...]

    @property
    def shown(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.segments)

    @property
    def name(self) -> str:
        """Question and asked in one line."""
        return f"{self.label}, {self.asked_of}" if self.asked_of else self.label


@dataclass(frozen=True, slots=True)
class KeyLine:
    """The answers of one scale, from left to right, with their tones."""

    entries: tuple[tuple[Tone, str], ...]


def bar(item: Item, reading: Reading, label: tuple[str, str], policy: Policy) -> Bar:
    """The bar of a reading, labelled with the question and who was asked.

    Withheld readings give a bar without segments.
    """
    if not reading.positive.shown and not reading.nets[Valence.NEGATIVE].shown:
        return Bar(*label, reading, (), ())
    segments = _diverging(_parts(item, reading))
    return Bar(*label, reading, segments, _apart(reading, policy))


def _parts(item: Item, reading: Reading) -> list[_Part]:
    """From the middle outwards; nets where the options are not shown."""
    chosen = [c for c in options(item) if c.valence != Valence.NONE]
    if not all(c.code in reading.shares and reading.shares[c.code].shown for c in chosen):
        return _net_parts(reading)
    tones = tones_of(item)
    return [_Part(c.label, tones[c.code], reading.shares[c.code]) for c in _outwards(chosen)]


def tones_of(item: Item) -> dict[str, Tone]:
    """The tone of each option: strong for the outermost of its side."""
    ordered = _outwards(options(item))
    tones: dict[str, Tone] = {}
    for valence, weak, strong in (
        (Valence.NEGATIVE, Tone.NEGATIVE, Tone.NEGATIVE_STRONG),
        (Valence.POSITIVE, Tone.POSITIVE, Tone.POSITIVE_STRONG),
    ):
        codes = [c.code for c in ordered if c.valence == valence]
        tones |= {code: weak for code in codes[:-1]} | {code: strong for code in codes[-1:]}
    return tones | {c.code: Tone.NEUTRAL for c in ordered if c.valence == Valence.NEUTRAL}


def key_lines(items: Iterable[Item], bars: Sequence[Bar]) -> tuple[KeyLine, ...]:
    """A line for each scale in the chart, once, and one for the nets of small groups."""
    lines = {_key_line(item): None for item in items}
    nets = KeyLine(tuple((tone, label) for tone, label, _ in _nets()))
    drawn = {(segment.tone, segment.label) for b in bars for segment in b.segments}
    if drawn & set(nets.entries):
        lines[nets] = None
    return tuple(lines)


def common_key() -> KeyLine:
    """What the tones mean whatever the scale, for charts of many scales."""
    return KeyLine(
        (
            (Tone.NEGATIVE_STRONG, gettext("Most negative")),
            (Tone.NEGATIVE, gettext("Negative")),
            (Tone.NEUTRAL, gettext("In between")),
            (Tone.POSITIVE, gettext("Positive")),
            (Tone.POSITIVE_STRONG, gettext("Most positive")),
        )
    )


def apart_key(bars: Iterable[Bar]) -> KeyLine:
    """The kinds of no answer that the chart shows."""
    entries = {
        (segment.tone, segment.label): None
        for b in bars
        for segment in b.apart
        if segment.share.percent
    }
    return KeyLine(tuple(sorted(entries, key=lambda entry: list(Tone).index(entry[0]))))


def _outwards(categories: Sequence[Category]) -> list[Category]:
    """From the middle to the ends of a scale, whichever end is written first."""
    pointing = [c for c in categories if c.valence in (Valence.POSITIVE, Valence.NEGATIVE)]
    if not pointing:
        return list(categories)
    positive_first = pointing[0].valence == Valence.POSITIVE
    positive = [c for c in categories if c.valence == Valence.POSITIVE]
    negative = [c for c in categories if c.valence == Valence.NEGATIVE]
    neutral = [c for c in categories if c.valence == Valence.NEUTRAL]
    if positive_first:
        return [*negative, *neutral, *reversed(positive)]
    return [*reversed(negative), *neutral, *positive]


def _net_parts(reading: Reading) -> list[_Part]:
    return [
        _Part(label, tone, reading.nets[valence])
        for tone, label, valence in _nets()
        if reading.nets[valence].shown
    ]


def _nets() -> tuple[tuple[Tone, str, Valence], ...]:
    return (
        (Tone.NEGATIVE, gettext("Negative answers together"), Valence.NEGATIVE),
        (Tone.NEUTRAL, gettext("Answers in between together"), Valence.NEUTRAL),
        (Tone.POSITIVE, gettext("Positive answers together"), Valence.POSITIVE),
    )


def _key_line(item: Item) -> KeyLine:
    tones = tones_of(item)
    labels = {c.code: c.label for c in options(item)}
    ordered = sorted(tones, key=lambda code: list(Tone).index(tones[code]))
    return KeyLine(tuple((tones[code], labels[code]) for code in ordered))


def _diverging(parts: Sequence[_Part]) -> tuple[Segment, ...]:
    """Lay the parts out from the middle; what rounds to nothing takes no room."""
    half = sum(part.share.percent for part in parts if part.tone == Tone.NEUTRAL) / 2
    segments: list[Segment] = []
    left = right = -half
    for part in parts:
        if part.tone in _LEFT:
            left -= part.share.percent
            segments.insert(0, Segment(part.label, part.tone, part.share, left))
    for part in parts:
        if part.tone not in _LEFT:
            segments.append(Segment(part.label, part.tone, part.share, right))
            right += part.share.percent
    return tuple(segments)


def _apart(reading: Reading, policy: Policy) -> tuple[Segment, ...]:
    """Those asked who chose no option, by why; shares of all who were asked."""
    segments: list[Segment] = []
    edge = 0
    for kind, cell in reading.silences.items():
        share = share_of(cell, reading.asked, policy.minimum_publishable_base)
        if share.shown:
            segments.append(Segment(silence_words(kind), _SILENT_TONES[kind], share, edge))
            edge += share.percent
    return tuple(segments)


_SILENT_TONES = {
    Silence.UNSURE: Tone.UNSURE,
    Silence.TOGETHER: Tone.UNSURE,
    Silence.LEFT_OUT: Tone.NO_ANSWER,
    Silence.NOT_APPLICABLE: Tone.NOT_APPLICABLE,
}
