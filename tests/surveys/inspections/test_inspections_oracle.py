"""Whole returns against counts that two separate programs agreed on."""

import json
from datetime import date
from pathlib import Path

import pytest

from surveys.inspections.eligibility import CAUTIOUS, EligibilityPolicy, decide
from surveys.inspections.eligibility_report import eligibility_report
from surveys.inspections.import_report import examine, report_on
from surveys.inspections.return_problems import Kind
from surveys.inspections.rules import Outcome, Rule, Warned
from surveys.inspections.ssda903 import Child, Episode, Return, read_return
from surveys.inspections.tally import by_the_letter, tally

DATA = Path(__file__).parents[2] / "data"
CLEAN = (DATA / "ssda903" / "header.csv", DATA / "ssda903" / "episodes.csv")
DIRTY = (DATA / "ssda903" / "dirty_2025_header.csv", DATA / "ssda903" / "dirty_2025_episodes.csv")
D_CLEAN, D_DIRTY = date(2018, 3, 31), date(2025, 3, 31)
NAMES = {
    "care4me_all": "care4me_all",
    "care4me_excl_V3V4": "care4me",
    "aftercare_any_end": "aftercare_any_ending",
    "aftercare_E_codes_excl_E2_E3_V3V4": "aftercare",
}


@pytest.fixture(scope="module")
def oracle():
    file = DATA / "derived" / "cohort_oracle.json"
    clean, dirty = json.loads(file.read_text(encoding="utf-8")).values()
    return {"clean": clean[0], "dirty": dirty[0]}


@pytest.fixture(scope="module")
def clean():
    return report_on(*CLEAN, D_CLEAN)


@pytest.fixture(scope="module")
def dirty():
    return report_on(*DIRTY, D_DIRTY)


def test_clean_return_gives_the_oracles_cohorts(clean, oracle):
    found = by_the_letter(clean.decisions)
    assert {name: found[ours] for name, ours in NAMES.items()} == {
        name: oracle["clean"][name] for name in NAMES
    }
    assert [found[ours]["total"] for ours in NAMES.values()] == [998, 849, 500, 374]


def test_clean_return_is_counted_like_the_oracles(clean, oracle):
    assert clean.children == 2675
    assert clean.children_with_episodes == oracle["clean"]["children_with_episodes"] == 2123
    assert clean.children_without_date_of_birth == 0
    assert clean.episode_rows == oracle["clean"]["episode_rows_kept"] == 5050
    assert clean.count(Kind.ENDING_WITHOUT_DATE) == 353
    assert len(clean.problems) == 353
    assert not clean.refused


def test_clean_return_leaves_nobody_unaccounted_for(clean):
    """849 = 835 asked + 14 held; 374 = 276 asked + 97 to ask about + 1 held."""
    counted = tally(clean.decisions, clean.children)
    assert counted.reconciles
    assert counted.count("care4me", Outcome.ELIGIBLE) == 835
    assert counted.count("aftercare", Outcome.ELIGIBLE) == 276
    assert counted.count("aftercare", Outcome.ASK) == 97
    assert counted.by_rule[Rule.DEATH_ON_RECORD] == 15
    assert (counted.by_rule[Rule.DIED], counted.by_rule[Rule.OTHER_COUNCIL]) == (21, 29)
    assert counted.by_rule[Rule.NO_EPISODES] == 2675 - 2123
    assert counted.included == 835 + 276
    assert counted.warnings[Warned.SEVERAL_OPEN] == 5


def test_including_those_to_ask_about_adds_exactly_them(clean):
    broad = report_on(*CLEAN, D_CLEAN, policy=EligibilityPolicy(include_asked=True))
    assert tally(broad.decisions, broad.children).included == 835 + 276 + 97


def test_care_leaver_file_only_takes_away():
    found = report_on(*CLEAN, D_CLEAN, oc3=DATA / "ssda903" / "oc3.csv")
    counted = tally(found.decisions, found.children)
    assert counted.count("care4me", Outcome.ELIGIBLE) == 830
    assert counted.by_rule[Rule.DIED_SINCE] == 9
    assert counted.by_rule[Rule.REFUSED_CONTACT] == 2
    assert counted.reconciles


def test_dirty_return_is_refused_with_exact_counts(dirty, oracle):
    assert dirty.refusals == (
        "1,593 of 1,606 children with episodes have no usable date of birth. "
        "At most 1 in 100 may lack one.",
    )
    assert dirty.decisions == ()
    assert dirty.children_with_episodes == oracle["dirty"]["children_with_episodes"]
    assert dirty.children_without_date_of_birth == oracle["dirty"]["children_without_dob"]
    assert dirty.episode_rows - dirty.unusable_episode_rows == oracle["dirty"]["episode_rows_kept"]
    header, episodes = (path.name for path in DIRTY)
    assert dirty.counts == {
        (episodes, Kind.CHILD_NOT_IN_HEADER, "CHILD"): 1593,
        (episodes, Kind.ENDING_WITHOUT_DATE, "DEC"): 288,
        (episodes, Kind.BLANK_DATE, "DECOM"): 3,
        (episodes, Kind.BLANK_CHILD, "CHILD"): 3,
        (header, Kind.BLANK_DATE, "DOB"): 2,
        (header, Kind.BLANK_CHILD, "CHILD"): 2,
        (episodes, Kind.DATE_WITHOUT_ENDING, "REC"): 2,
        (header, Kind.CODES_OF_TWO_YEARS, "SEX"): 1,
    }


def test_dirty_return_would_have_given_a_silent_cohort_of_eight(oracle):
    found = by_the_letter(decide(read_return(*DIRTY).children, D_DIRTY))
    assert {name: found[ours] for name, ours in NAMES.items()} == {
        name: oracle["dirty"][name] for name in NAMES
    }


def test_missing_column_refuses_the_return_and_says_nothing_else():
    found = report_on(CLEAN[1], CLEAN[0], D_CLEAN)
    assert len(found.refusals) == 5
    assert found.refusals[0].startswith("episodes.csv, row 1, DOB: this column is missing")
    assert found.decisions == ()


def made_up(good, without_birth=0, unusable_rows=0):
    episode = Episode(date(2020, 1, 1), None, "C2", "")
    children = {
        str(number): Child(date(2012, 1, 1) if number < good else None, True, [episode])
        for number in range(good + without_birth)
    }
    return Return(
        ("header.csv", "episodes.csv"),
        children,
        episode_rows=len(children) + unusable_rows,
        unusable_episode_rows=unusable_rows,
    )


@pytest.mark.parametrize(
    ("read", "refused"),
    [
        (made_up(99, without_birth=1), False),  # exactly 1 in 100
        (made_up(98, without_birth=2), True),
        (made_up(99, unusable_rows=1), False),
        (made_up(98, unusable_rows=2), True),
        (made_up(0), True),
        (made_up(1), False),
    ],
)
def test_one_in_a_hundred_is_the_most_that_may_be_unusable(read, refused):
    assert examine(read, D_CLEAN, CAUTIOUS).refused == refused


def test_report_is_text_that_adds_up(clean):
    lines = [" ".join(line.split()) for line in eligibility_report(clean).splitlines()]
    for expected in (
        "Eligibility on 31 March 2018",
        "Care4Me: to be asked 835",
        "AfterCare: to be asked 276",
        "Ask a person first 97",
        "under 8 on the reference date 625",
        "All of these together 2,675",
        "The two agree.",
        "Care4Me 849",
        "AfterCare 374",
    ):
        assert expected in lines


def test_report_of_a_refused_return_says_so_and_gives_no_cohort(dirty):
    text = eligibility_report(dirty)
    assert "REFUSED. Nothing was imported" in text
    assert "to be asked" not in text
    assert "dirty_2025_header.csv, row 7, DOB: no date. Fill in the date." in text


def test_report_names_no_child(dirty, clean):
    text = eligibility_report(dirty) + eligibility_report(clean)
    identifiers = {decision.child for decision in clean.decisions if len(decision.child) == 6}
    assert not [identifier for identifier in identifiers if identifier in text]


def test_old_return_is_remarked_on():
    assert "the newest entry in the return is of" in eligibility_report(
        report_on(*CLEAN, date(2018, 9, 3))
    )
