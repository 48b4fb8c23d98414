"""The desk's colours, light and dark: 7:1 for words, 3:1 for lines, computed from the tokens."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "static" / "desk.css").read_text(encoding="utf-8")
WORDS = [
    ("ink", "paper"), ("ink", "panel"), ("ink", "card"), ("ink", "chosen"), ("ink", "attention"),
    ("ink-soft", "paper"), ("ink-soft", "panel"), ("ink-soft", "card"),
    ("primary", "paper"), ("primary", "card"), ("primary", "panel"), ("on-primary", "primary"),
    ("on-header", "header"), ("error", "paper"), ("error", "card"), ("good", "card"), ("good", "paper"),
]  # fmt: skip
LINES = [
    ("line", "paper"), ("line", "card"), ("attention-line", "attention"), ("primary", "chosen"),
    ("focus-line", "paper"), ("focus-line", "card"), ("on-header", "header"),
]  # fmt: skip


def tokens(block):
    return dict(re.findall(r"--desk-([a-z-]+): (#[0-9a-f]{6});", block))


def themes():
    blocks = re.findall(r":root \{(.*?)\n *\}", CSS, flags=re.S)
    light = tokens(blocks[0])
    return {"light": light, "dark": {**light, **tokens(blocks[1])}}


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_guideline_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#1a1f27", "#ffffff") == pytest.approx(16.55, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), WORDS)
def test_words_stand_out(theme, words, ground):
    found = themes()[theme]
    assert contrast(found[words], found[ground]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_lines_stand_out(theme, line, ground):
    found = themes()[theme]
    assert contrast(found[line], found[ground]) >= 3
