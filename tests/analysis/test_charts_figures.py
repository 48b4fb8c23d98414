"""Figures hold the shares of the table and nothing else, each in its place."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import plotly_bundle
from analysis.bars import Tone, bar, key_lines, tones_of
from analysis.cells import Category
from analysis.chart_style import DRAW, FILLS, MIDDLE, NARROW, WIDE
from analysis.charts import figure_document, plain_figure
from analysis.figures import Frame, diverging_view
from analysis.findings import age_figure, theme_figure
from analysis.measures import Share, overall, read_table, table_by
from analysis.summary import Item
from analysis.themes import concept_named
from tests.analysis.sample_summary import POLICY, sample_summary

ROOT = Path(__file__).parents[2]
SUMMARY = sample_summary()
ITEMS = {item.id: item for item in SUMMARY.items}
THEME = next(theme for theme in SUMMARY.themes if theme.id == "L6")


def item_on(*options):
    categories = tuple(Category(code, code, "option", valence) for code, valence in options)
    return Item(
        id="q",
        question="q",
        scale=None,
        type="choice",
        short="Q",
        texts={},
        topic=None,
        themes=(),
        pictures="none",
        asked_of=("adult",),
        categories=categories,
        tables=(),
    )


@pytest.mark.parametrize(
    ("options", "tones"),
    [
        (
            [
                ("all", "positive"),
                ("most", "positive"),
                ("some", "negative"),
                ("never", "negative"),
            ],
            ["positive-strong", "positive", "negative", "negative-strong"],
        ),
        (
            [
                ("never", "negative"),
                ("some", "negative"),
                ("most", "positive"),
                ("all", "positive"),
            ],
            ["negative-strong", "negative", "positive", "positive-strong"],
        ),
        (
            [("yes", "positive"), ("sometimes", "neutral"), ("no", "negative")],
            ["positive-strong", "neutral", "negative-strong"],
        ),
        ([("yes", "positive"), ("no", "negative")], ["positive-strong", "negative-strong"]),
    ],
)
def test_the_strongest_answer_of_each_side_is_strongest_in_tone(options, tones):
    found = tones_of(item_on(*options))
    assert [found[code].value for code, _ in options] == tones


def segments_of(item_id):
    item = ITEMS[item_id]
    drawn = bar(item, overall(item, POLICY), ("Q", ""), POLICY)
    return [(s.label, s.start, s.share.percent) for s in drawn.segments]


def test_negative_lies_left_and_positive_right_of_the_middle():
    assert segments_of("safe_home:f4") == [
        ("Hardly ever", -20, 10),
        ("Some of the time", -10, 10),
        ("Most of the time", 0, 30),
        ("All of the time", 30, 50),
    ]


def test_neutral_is_split_over_the_middle():
    assert segments_of("safe_school:a3") == [
        ("No", -25.5, 13),
        ("Sometimes", -12.5, 25),
        ("Yes, mostly", 12.5, 63),
    ]


def test_no_answer_stands_apart_as_a_share_of_those_asked():
    item = ITEMS["complain:yes"]
    drawn = bar(item, overall(item, POLICY), ("Q", ""), POLICY)
    assert [(s.tone, s.share.base, s.share.percent) for s in drawn.apart] == [
        (Tone.UNSURE, 140, 21),
        (Tone.NO_ANSWER, 140, 7),
    ]


def home_bars(item_id):
    item = ITEMS[item_id]
    readings = read_table(item, table_by(item, "where_i_live"), POLICY)
    return item, {r.level: bar(item, r, (r.label, ""), POLICY) for r in readings}


def test_where_options_are_not_shown_nets_are_drawn_and_a_withheld_group_not_at_all():
    item, bars = home_bars("safe_home:f4")
    for level in ("home", "family"):
        assert [s.tone for s in bars[level].segments] == [Tone.NEGATIVE, Tone.POSITIVE]
    assert not bars["own"].shown
    key = key_lines([item], list(bars.values()))
    assert key[-1].entries[0] == (Tone.NEGATIVE, "Negative answers together")


def drawings(view):
    return {name: json.loads(json.dumps(drawing)) for name, drawing in view.drawings}


@pytest.mark.parametrize("width", ["wide", "middle", "narrow"])
def test_the_numbers_of_a_figure_are_the_percentages_of_its_bars(width):
    view = theme_figure(SUMMARY, THEME)
    figure = drawings(view)[width]
    expected = sorted(
        percent
        for item_id in ("safe_home", "safe_school", "trusted_adult", "complain")
        for item in concept_named(SUMMARY, item_id).items
        for percent in drawn_percentages(item)
    )
    assert sorted(x for trace in figure["data"] for x in trace["x"]) == expected


def drawn_percentages(item):
    drawn = bar(item, overall(item, POLICY), ("", ""), POLICY)
    shares = [segment.share.percent for segment in (*drawn.segments, *drawn.apart)]
    return [percent for percent in shares if percent]


def test_direct_labels_repeat_the_number_and_stand_from_7_per_cent():
    for trace in drawings(theme_figure(SUMMARY, THEME))["wide"]["data"]:
        for percent, text in zip(trace["x"], trace["text"], strict=True):
            assert text == (f"{percent}%" if 7 <= percent < 100 else "")


ALLOWED = {
    "base", "constraintext", "hoverinfo", "insidetextanchor", "marker", "orientation", "showlegend",
    "text", "textangle", "textfont", "textposition", "type", "width", "x", "y",
}  # fmt: skip


def test_a_figure_has_nothing_to_hover_over_and_no_hidden_array():
    views = [theme_figure(SUMMARY, THEME), age_figure(SUMMARY, concept_named(SUMMARY, "safe_home"))]
    for view in views:
        for figure in drawings(view).values():
            assert set(figure) == {"data", "layout"}
            assert figure["layout"]["hovermode"] is False
            for trace in figure["data"]:
                assert set(trace) <= ALLOWED
                assert trace["hoverinfo"] == "skip"
                assert all(isinstance(x, int) for x in trace["x"]), "no decimal, no bytes"


def test_a_row_label_has_its_base_and_who_was_asked():
    labels = drawings(theme_figure(SUMMARY, THEME))["wide"]["layout"]["yaxis"]["ticktext"]
    assert labels[1] == "Feels safe where they live<br>aged 8 to 10, base 40"
    notes = drawings(theme_figure(SUMMARY, THEME))["narrow"]["layout"]["annotations"]
    assert "Feels safe where they live<br>aged 8 to 10, base 40" in [n["text"] for n in notes]


def test_the_figure_title_states_the_finding():
    title = age_figure(SUMMARY, concept_named(SUMMARY, "safe_home")).title
    assert title == "Positive answers: 88% aged 8 to 10, 85% aged 11 to 15 and 71% aged 16 to 17"
    assert theme_figure(SUMMARY, THEME).title == "From 60% to 88% positive, question by question"


def test_a_withheld_row_is_words_in_the_chart_and_in_the_sentence():
    item, _ = home_bars("safe_home:f4")
    rows = [
        (item, (r.label, ""), r) for r in read_table(item, table_by(item, "where_i_live"), POLICY)
    ]
    view = diverging_view(Frame("f", "", ""), rows, POLICY)
    words = "not shown: fewer than 10 answered"
    assert f"On my own, with support: {words}." in view.sentence
    assert words in [n["text"] for n in drawings(view)["wide"]["layout"]["annotations"]]
    strip = next(strip for strip in view.strips if strip.label == "On my own, with support")
    assert (strip.rectangles, strip.note) == ((), words)


def test_a_label_is_text_and_never_markup_of_the_chart():
    shares = [("</script><b>&", Share("published", 10, 20), "50%")]
    drawn = figure_document(plain_figure(shares, WIDE))
    assert list(drawn["layout"]["yaxis"]["ticktext"]) == ["&lt;/script&gt;&lt;b&gt;&amp;"]


def test_nothing_can_be_sent_away_or_clicked():
    assert DRAW == {
        "staticPlot": True,
        "displayModeBar": False,
        "displaylogo": False,
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "responsive": True,
    }


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", list(Tone))
def test_labels_in_bars_have_contrast_of_seven(tone):
    light, dark = sorted(map(luminance, FILLS[tone]), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 7


@pytest.mark.parametrize("tone", list(Tone))
def test_the_style_sheet_and_the_figures_have_the_same_colours(tone):
    sheet = (ROOT / "static" / "results.css").read_text()
    name = re.search(rf"\.tone-{tone.value} {{ background: var\(--([a-z]+)\)", sheet)[1]
    assert re.search(rf"--{name}: (#[0-9a-f]{{6}});", sheet)[1] == FILLS[tone][0].lower()


def test_the_placeholder_of_the_map_sheet_is_in_the_bundle():
    bundle = plotly_bundle.bundle().decode()
    found = re.search(r'getElementById\("([0-9a-f]{64})"\)', bundle)
    assert found[1] == plotly_bundle.MAP_SHEET_ID
    assert 'n.matches(".no-inline-styles")' in bundle
    assert '"plotly.js-style-"+' in bundle


def test_shapes_label_beside_only_where_there_is_room():
    assert (WIDE.labels_beside, MIDDLE.labels_beside, NARROW.labels_beside) == (True, False, False)


def test_drawing_loads_no_data_frames():
    code = (
        "import sys; from analysis import pages; from analysis.findings import theme_figure;"
        "from tests.analysis.sample_summary import sample_summary as s;"
        "theme_figure(s(), s().themes[0]);"
        "sys.exit(any(m in sys.modules for m in ('pandas', 'numpy', 'analysis.opening')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
