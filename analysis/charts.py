"""Plotly figures from bars of protected shares. In: bars. Out: figures and their plain values.

A figure holds whole percentages, positions and labels, and nothing to hover over: no hidden
array can say more than the chart. Each is made wide, with labels at the side, and narrow.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analysis.bars import Bar, Segment, Tone
from analysis.chart_style import FILLS, FONT, INK, QUIET, Shape
from analysis.measures import Share


@dataclass(frozen=True, slots=True)
class Words:
    """The words that stand in a figure, already translated."""

    negative: str
    positive: str
    total: str
    apart: str
    base: str
    small_group: str


@dataclass(frozen=True, slots=True)
class _Room:
    """Where things lie on the one axis, so that a point of percent is as long everywhere."""

    left: int
    right: int
    total: int
    apart: int
    end: int
    any_apart: bool


def diverging_figure(
    bars: Sequence[Bar], totals: Sequence[str], words: Words, shape: Shape
) -> go.Figure:
    """Negative left, positive right, no answer apart at the far right.

    ``totals`` are written in bold after the bars, or instead of a bar that is withheld.
    """
    room = _room(bars, shape)
    figure = go.Figure(data=_traces(bars, room, shape), layout=_layout(len(bars), shape))
    figure.update_xaxes(range=[-room.left, room.end])
    _write_labels(figure, [_label(b, words) for b in bars], -room.left, shape)
    _write_headings(figure, room, words, shape)
    for index, (b, total) in enumerate(zip(bars, totals, strict=True)):
        if not b.shown:
            _write(figure, total, 0, index, shape, xanchor="left", xshift=8, quiet=True)
        else:
            _write_end(figure, index, total, room, shape)
    _draw_lines(figure, len(bars), (0, room.apart) if room.any_apart else (0,), shape)
    return figure


def plain_figure(parts: Sequence[tuple[str, Share, str]], shape: Shape) -> go.Figure:
    """One bar for each answer of a question that points nowhere: label, share, words at its end."""
    shown = [(index, share) for index, (_, share, _) in enumerate(parts) if share.shown]
    longest = max((share.percent for _, share in shown), default=10)
    figure = go.Figure(
        data=[_trace([(i, s.percent, 0, "") for i, s in shown], Tone.POSITIVE_STRONG, shape)],
        layout=_layout(len(parts), shape),
    )
    figure.update_xaxes(range=[0, longest * 1.3 + 8])
    _write_labels(figure, [(label,) for label, _, _ in parts], 0, shape)
    for index, (_, share, words) in enumerate(parts):
        end = share.percent if share.shown else 0
        _write(figure, words, end, index, shape, xanchor="left", xshift=6)
    return figure


def _draw_lines(figure: go.Figure, rows: int, places: Sequence[int], shape: Shape) -> None:
    """Where the sides meet; broken where labels stand between the bars."""
    half = 0.5 if shape.labels_beside else shape.bar / 2 - 0.02
    for row in range(rows):
        for place in places:
            figure.add_shape(
                type="line",
                x0=place,
                x1=place,
                y0=row - half,
                y1=row + half,
                line={"color": INK, "width": 2},
                layer="below",
            )


def figure_document(figure: go.Figure) -> dict[str, Any]:
    """Plain values for a data block of a page; the template makes them safe JSON."""
    document: dict[str, Any] = figure.to_plotly_json()
    return document


def _room(bars: Sequence[Bar], shape: Shape) -> _Room:
    segments = [segment for b in bars for segment in b.segments]
    left = -min((s.start for s in segments), default=0)
    right = max((s.start + s.share.percent for s in segments), default=0)
    apart = max((s.start + s.share.percent for b in bars for s in b.apart), default=0)
    left, right = max(20, _up(left)), max(40, _up(right))
    start = right + (24 if shape.total_column else 6)
    end = start + max(22, _up(apart)) if apart else start
    return _Room(left, right, right + 11, start, int(end), bool(apart))


def _up(points: float) -> int:
    """To the next multiple of five, so that small differences do not change the scale."""
    return int(-(-points // 5) * 5)


def _traces(bars: Sequence[Bar], room: _Room, shape: Shape) -> list[go.Bar]:
    drawn: dict[Tone, list[tuple[int, int, float, str]]] = {}
    for index, b in enumerate(bars):
        for offset, segments in ((0, b.segments), (room.apart, b.apart)):
            for s in segments:
                if s.share.percent:
                    part = (index, s.share.percent, s.start + offset, _in_bar(s, shape))
                    drawn.setdefault(s.tone, []).append(part)
    return [_trace(drawn[tone], tone, shape) for tone in Tone if tone in drawn]


def _in_bar(segment: Segment, shape: Shape) -> str:
    percent = segment.share.percent
    return f"{percent}%" if shape.smallest_label <= percent < 100 else ""


def _trace(parts: Sequence[tuple[int, int, float, str]], tone: Tone, shape: Shape) -> go.Bar:
    fill, ink = FILLS[tone]
    return go.Bar(
        orientation="h",
        y=[index for index, *_ in parts],
        x=[percent for _, percent, *_ in parts],
        base=[start for _, _, start, _ in parts],
        text=[text for *_, text in parts],
        width=shape.bar,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"color": ink, "size": shape.font},
        marker={"color": fill, "line": {"color": "#FFFFFF", "width": 2}},
        hoverinfo="skip",
        showlegend=False,
    )


def _layout(rows: int, shape: Shape) -> go.Layout:
    above = 0.5 if shape.labels_beside else 0.75  # room for the first label above its bar
    fixed = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": ""}
    return go.Layout(
        template=go.layout.Template(),
        barmode="overlay",
        height=int(36 + shape.row * (max(1, rows) - 0.5 + above)),
        margin={"l": shape.left, "r": 8, "t": 28, "b": 8, "pad": 10},
        font={"family": FONT, "size": shape.font, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode=False,
        dragmode=False,
        xaxis={**fixed, "showticklabels": False},
        yaxis={**fixed, "range": [rows - 0.5, -above], "showticklabels": shape.labels_beside},
    )


def _label(b: Bar, words: Words) -> tuple[str, ...]:
    """The question, and below it who was asked and how many answered."""
    base = b.reading.valid.count
    of = f"{words.base} {base}" if base is not None and b.shown else ""
    small = words.small_group if b.reading.small_group else ""
    return b.label, ", ".join(part for part in (b.asked_of, of, small) if part)


def _write_labels(
    figure: go.Figure, labels: Sequence[tuple[str, ...]], start: float, shape: Shape
) -> None:
    lines = ["<br>".join(_wrapped(part, shape) for part in label if part) for label in labels]
    if shape.labels_beside:
        figure.update_yaxes(tickvals=list(range(len(lines))), ticktext=lines)
        return
    for index, label in enumerate(lines):
        above: dict[str, Any] = {"xanchor": "left", "yanchor": "bottom", "align": "left"}
        _write(figure, label, start, index - shape.bar / 2, shape, **above)


def _wrapped(text: str, shape: Shape) -> str:
    return "<br>".join(html.escape(line, quote=False) for line in textwrap.wrap(text, shape.wrap))


def _write_headings(figure: go.Figure, room: _Room, words: Words, shape: Shape) -> None:
    beside = shape.labels_beside
    headings = [(words.positive, 0, "left", 8)]
    headings.append(
        (words.negative, 0, "right", -8) if beside else (words.negative, -room.left, "left", 0)
    )
    if shape.total_column:
        headings.append((words.total, room.total, "center", 0))
    if room.any_apart:
        headings.append(
            (words.apart, room.apart, "left", 0) if beside else (words.apart, room.end, "right", 0)
        )
    for text, x, anchor, shift in headings:
        where: dict[str, Any] = {
            "xanchor": anchor,
            "xshift": shift,
            "yref": "paper",
            "yanchor": "bottom",
        }
        _write(figure, text, x, 1, shape, quiet=True, **where)


def _write_end(figure: go.Figure, index: int, total: str, room: _Room, shape: Shape) -> None:
    if shape.total_column:
        # a weight, not <b>: plotly makes that a style attribute, which our policy forbids
        lines = "<br>".join(textwrap.wrap(total, 8))
        _write(figure, lines, room.total, index, shape, bold=True, xanchor="center")


def _write(
    figure: go.Figure,
    text: str,
    x: float,
    y: float,
    shape: Shape,
    *,
    quiet: bool = False,
    bold: bool = False,
    **where: object,
) -> None:
    font = {"size": shape.font, "color": QUIET if quiet else INK, "weight": 700 if bold else 400}
    figure.add_annotation(text=text, x=x, y=y, showarrow=False, font=font, **where)
