"""The invented return: exact in form, repeatable, and agreed with by reader and rules."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.inspections.import_report import report_on
from surveys.inspections.rules import Outcome, Rule
from surveys.inspections.tally import tally
from surveys.rehearsal.care_stories import Ending
from surveys.rehearsal.ssda903_generator import write_return

DATA = Path(__file__).parents[2] / "data"
D = date(2026, 11, 23)
ASKED = {"E15": Rule.ASK_FOUND_ADULT, "E16": Rule.ASK_ABROAD, "E9": Rule.ASK_CUSTODY}
BY_ENDING = {
    Ending.IN_CARE: Rule.IN_CARE,
    Ending.LEFT: Rule.LEFT_CARE,
    Ending.ADOPTED: Rule.ASK_ADOPTED,
    Ending.OTHER_COUNCIL: Rule.OTHER_COUNCIL,
    Ending.DIED: Rule.DIED,
}


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    return write_return(tmp_path_factory.mktemp("return"), reference_date=D, seed=903)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_rule(story):
    """What the story itself says, without the rules."""
    if story.age < 8:
        return Rule.UNDER_8
    if story.ending is Ending.LONG_GONE:
        return Rule.LEFT_EARLIER
    if story.short_breaks:
        return Rule.SHORT_BREAKS
    return ASKED[story.rec] if story.ending is Ending.ASKED else BY_ENDING[story.ending]


@pytest.mark.parametrize("file", ["header", "episodes"])
def test_columns_are_those_of_the_return(invented, file):
    with (DATA / "ssda903" / f"{file}.csv").open(newline="") as real:
        assert getattr(invented, file).read_text().splitlines()[0] == real.readline().strip()


def test_numbers_suit_a_county(invented):
    report = report_on(invented.header, invented.episodes, D)
    counted = tally(report.decisions, report.children)
    assert report.children == 900
    assert report.problems == ()
    assert 380 <= counted.count("care4me", Outcome.ELIGIBLE) <= 430
    assert 90 <= counted.count("aftercare", Outcome.ELIGIBLE) <= 130
    assert counted.reconciles
    assert {Rule.SHORT_BREAKS, Rule.OTHER_COUNCIL, Rule.DIED, Rule.ASK_CUSTODY} <= set(
        counted.by_rule
    )
    assert Rule.ASK_ADOPTED in counted.by_rule
    assert not counted.warnings


def test_same_seed_gives_the_same_files_and_another_gives_others(tmp_path):
    made = [
        write_return(tmp_path / name, 60, reference_date=D, seed=seed)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    texts = [one.header.read_bytes() + one.episodes.read_bytes() for one in made]
    assert texts[0] == texts[1] != texts[2]


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10**6),
    st.dates(date(2024, 2, 1), date(2032, 12, 31)) | st.just(date(2028, 2, 29)),
)
def test_rules_agree_with_the_generators_own_bookkeeping(tmp_path_factory, seed, day):
    made = write_return(tmp_path_factory.mktemp("r"), 120, reference_date=day, seed=seed)
    report = report_on(made.header, made.episodes, day)
    assert report.problems == ()
    found = {decision.child: (decision.rule, decision.age) for decision in report.decisions}
    assert found == {
        child: (expected_rule(story), story.age) for child, story in made.stories.items()
    }


@pytest.mark.parametrize("day", [date(2019, 11, 25), date(2024, 6, 3), D])
def test_codes_are_those_of_the_collection(tmp_path, day):
    made = write_return(tmp_path, 300, reference_date=day, seed=5)
    known = {}
    for row in rows(DATA / "derived" / "ssda903_codes.csv"):
        known.setdefault(row["column"], set()).add(row["code"])
    for path in (made.header, made.episodes):
        for row in rows(path):
            for column in known.keys() & row.keys():
                assert row[column] in known[column] | {""}, (column, row[column])


@pytest.mark.parametrize(
    ("day", "sexes", "supported"),
    [(date(2019, 11, 25), {"1", "2"}, "H5"), (D, {"M", "F"}, "K3")],
)
def test_codes_change_with_the_year(tmp_path, day, sexes, supported):
    made = write_return(tmp_path, 300, reference_date=day, seed=5)
    assert {row["SEX"] for row in rows(made.header)} == sexes
    places = {row["PLACE"] for row in rows(made.episodes)}
    assert places & {"H5", "K3"} == {supported}


def test_postcodes_and_pupil_numbers_cannot_exist(invented):
    for row in rows(invented.episodes):
        assert re.fullmatch(r"ZZ\d{1,2} \d[A-Z]{2}", row["HOME_POST"])
        assert re.fullmatch(r"ZZ\d{1,2} \d[A-Z]{2}", row["PL_POST"])
    pupils = [row["UPN"] for row in rows(invented.header)]
    assert all(re.fullmatch(r"[A-Z]000\d{9}|UN[1-5]", pupil) for pupil in pupils)
    assert any(pupil.startswith("UN") for pupil in pupils)


def test_time_in_care_has_no_gaps_and_follows_birth(invented):
    for story in invented.stories.values():
        assert story.stretches[0][0] >= story.born
        for (began, ended), (then, _) in zip(story.stretches, story.stretches[1:], strict=False):
            assert began < ended == then


def test_children_move_and_leave_in_many_ways(invented):
    stories = invented.stories.values()
    assert max(len(story.stretches) for story in stories) >= 5
    assert sum(len(story.stretches) for story in stories) > 1.8 * len(stories)
    codes = {row["REC"] for row in rows(invented.episodes)}
    assert {"E11", "E2", "E3", "E9", "E4A", "E17", "X1", ""} <= codes
    assert {"V3", "V4"} <= {row["LS"] for row in rows(invented.episodes)}
