"""How charts look: colours, widths of screen, and how plotly is told to draw. Values only.

The colours stand in static/results.css too; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.bars import Tone

INK, QUIET = "#1A1F27", "#444C56"
FONT = "Atkinson Hyperlegible Next, system-ui, Segoe UI, Verdana, sans-serif"

FILLS: dict[Tone, tuple[str, str]] = {
    Tone.NEGATIVE_STRONG: ("#7A4207", "#FFFFFF"),
    Tone.NEGATIVE: ("#E3C07A", INK),
    Tone.NEUTRAL: ("#F1EADB", INK),
    Tone.POSITIVE: ("#6FB7B0", INK),
    Tone.POSITIVE_STRONG: ("#0B5D5B", "#FFFFFF"),
    Tone.UNSURE: ("#C9CDD2", INK),
    Tone.NO_ANSWER: ("#E1E4E8", INK),
    Tone.NOT_APPLICABLE: ("#F0F2F4", INK),
}

DRAW = {
    "staticPlot": True,
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a figure is laid out for a width of screen. Sizes in pixels."""

    labels_beside: bool
    row: int
    bar: float
    left: int
    font: int
    wrap: int
    smallest_label: int
    total_column: bool


WIDE = Shape(
    labels_beside=True,
    row=62,
    bar=0.62,
    left=305,
    font=14,
    wrap=36,
    smallest_label=7,
    total_column=True,
)
MIDDLE = Shape(
    labels_beside=False,
    row=98,
    bar=0.35,
    left=2,
    font=15,
    wrap=90,
    smallest_label=7,
    total_column=True,
)
NARROW = Shape(
    labels_beside=False,
    row=92,
    bar=0.34,
    left=2,
    font=13,
    wrap=42,
    smallest_label=15,
    total_column=False,
)
