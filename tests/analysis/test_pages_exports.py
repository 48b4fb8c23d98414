"""The CSV has the numbers of the Summary, symbols for what is withheld, and nothing to run."""

import csv
import io
import re

import pytest

from analysis.exports import COLUMNS, release_csv, symbols_explained, theme_csv
from analysis.summary import Theme
from analysis.themes import concepts_of
from tests.analysis.sample_summary import POLICY, sample_summary

SUMMARY = sample_summary()


def lines_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


LINES = lines_of(release_csv(SUMMARY))


def line(item, group, level, code):
    found = [
        row
        for row in LINES
        if (row["item"], row["group"], row["level"], row["code"]) == (item, group, level, code)
    ]
    assert len(found) == 1
    return {name: found[0][name] for name in ("count", "percent", "status", "meaning")}


@pytest.mark.parametrize(
    ("item", "group", "level", "code", "count", "percent", "status"),
    [
        ("safe_home:f4", "all", "all", "all", "50", "50", "published"),
        ("safe_home:f4", "all", "all", "all_positive", "80", "80", "published"),
        ("safe_home:f4", "all", "all", "answered", "100", "", "published"),
        ("complain:yes", "all", "all", "dont_know", "30", "21", "published"),
        ("safe_home:a3", "all", "all", "no", "k", "k", "published"),
        ("trusted_adult:yes", "age_version", "8-10", "yes", "40", "nearly all", "published"),
        ("safe_home:f4", "where_i_live", "own", "all", "c", "c", "primary_suppressed"),
        ("safe_home:f4", "where_i_live", "own", "base", "c", "", "primary_suppressed"),
        ("safe_home:f4", "where_i_live", "home", "all", "t", "t", "netted"),
        ("safe_home:f4", "where_i_live", "family", "hardly", "c", "c", "complementary_suppressed"),
        ("say_in_move:yes", "all", "all", "asked", "70", "", "published"),
        ("missed_why.ill", "all", "all", "ill", "45", "60", "published"),
    ],
)
def test_a_line_of_the_csv(item, group, level, code, count, percent, status):
    found = line(item, group, level, code)
    assert (found["count"], found["percent"], found["status"]) == (count, percent, status)


def test_every_cell_of_the_summary_is_there_once_and_no_withheld_cell_has_a_number():
    for item in SUMMARY.items:
        for table in item.tables:
            for row in table.rows:
                for category, cell in zip(table.categories, row.cells, strict=True):
                    found = line(item.id, table.group, row.level, category.code)
                    assert found["status"] == cell.status.value or found["count"].isdigit()
                    if cell.count is None:
                        assert found["count"] in "ct"
                        assert not found["percent"].isdigit()
                        assert found["meaning"]
                    else:
                        assert found["count"] == (str(cell.count) if cell.count else "k")


def test_response_and_themes_are_in_it_too():
    response = {(row["level"], row["code"]): row for row in LINES if row["kind"] == "coverage"}
    assert response["all", "responded"]["count"] == "140"
    assert response["16-17", "rate"]["percent"] == "47"
    themes = {
        (row["themes"], row["level"]): row["percent"] for row in LINES if row["kind"] == "theme"
    }
    assert themes["L6", "all"] == "76"
    assert themes["L5", "8-10"] == "z"


def test_a_theme_has_its_own_items_only():
    theme = SUMMARY.themes[0]
    items = {row["item"] for row in lines_of(theme_csv(SUMMARY, theme)) if row["item"]}
    assert items == {item.id for concept in concepts_of(SUMMARY, theme) for item in concept.items}


def test_every_symbol_is_explained():
    used = {row[name] for row in LINES for name in ("count", "percent")}
    symbols = {value for value in used if not re.fullmatch(r"\d*", value)} - {"nearly all"}
    assert symbols == {symbol for symbol, _ in symbols_explained(POLICY)}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_defused(start):
    items = tuple(item.model_copy(update={"short": start}) for item in SUMMARY.items[:1])
    themes = (Theme(id="L6", label=start),)
    text = release_csv(sample_summary(items=items, themes=themes, survey_title=start))
    for row in lines_of(text):
        for value in row.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_it_opens_as_one_table_with_accents():
    text = release_csv(SUMMARY)
    assert text.startswith("\ufeff")
    assert tuple(LINES[0]) == COLUMNS
    assert {(row["survey"], row["wave"], row["release"]) for row in LINES} == {
        ("care4me", "1", "1")
    }
    assert all(None not in row for row in LINES), "no line is longer than its heading"
