"""The same question asked of several ages meets again; themes are means of what may be shown."""

from fractions import Fraction

import pytest

from analysis.cells import CellStatus, published, withheld
from analysis.measures import Share
from analysis.themes import (
    concept_named,
    concepts,
    levels,
    mean_share,
    most_unsure,
    positive_share,
    ranked,
    readings_at,
    response_rate,
    step,
    theme_rows,
)
from tests.analysis.sample_summary import POLICY, sample_summary

SUMMARY = sample_summary()


def percent_at(question, level):
    share = positive_share(concept_named(SUMMARY, question), level, POLICY)
    return share.percent if share.shown else share.status


@pytest.mark.parametrize(
    ("question", "level", "expected"),
    [
        ("safe_home", "all", 82),  # 35 + 80 of 40 + 100
        ("safe_home", "8-10", 88),  # 35 of 40, on the scale of the youngest
        ("safe_home", "11-15", 85),  # 55 of 65
        ("trusted_adult", "8-10", 100),
        ("views_count", "8-10", CellStatus.NOT_APPLICABLE),
        ("say_in_move", "all", 27),  # 15 of 55: those routed past are not in the base
        ("workers", "all", CellStatus.NOT_APPLICABLE),  # its answers point nowhere
    ],
)
def test_positive_shares_meet_by_concept_over_scales(question, level, expected):
    assert percent_at(question, level) == expected


def test_levels_follow_the_response_and_not_the_alphabet():
    assert [level.id for level in levels(SUMMARY)] == ["all", "8-10", "11-15", "16-17"]


def test_a_survey_of_one_version_has_one_level():
    one = sample_summary(audiences={"adult": "Adults"}, coverage=SUMMARY.coverage[:1])
    assert [level.id for level in levels(one)] == ["all"]


def test_a_question_of_one_version_is_its_own_row_for_that_age():
    likes_school = concept_named(SUMMARY, "likes_school")
    assert [r.valid.count for _, r in readings_at(likes_school, "8-10", POLICY)] == [40]
    assert readings_at(likes_school, "11-15", POLICY) == ()


def test_a_theme_is_the_mean_of_its_questions():
    rows = {row.id: row.cells for row in theme_rows(SUMMARY)}
    exact = [Fraction(115, 140), Fraction(95, 130), Fraction(115, 130), Fraction(60, 100)]
    assert rows["L6"][0].percent == int(sum(exact) / 4 * 100 + Fraction(1, 2)) == 76
    assert (rows["L6"][0].questions, rows["L6"][0].smallest_base) == (4, 100)
    assert rows["L5"][1].status is CellStatus.NOT_APPLICABLE


def test_a_mean_leaves_out_what_is_withheld_and_says_when_nothing_is_left():
    shown = Share(CellStatus.PUBLISHED, 10, 20)
    hidden, not_asked = Share(CellStatus.PRIMARY_SUPPRESSED), Share(CellStatus.NOT_APPLICABLE)
    assert mean_share([shown, hidden, not_asked]).percent == 50
    assert mean_share([hidden, not_asked]).status is CellStatus.PRIMARY_SUPPRESSED
    assert mean_share([not_asked]).status is CellStatus.NOT_APPLICABLE


def test_questions_are_ranked_by_the_exact_share():
    order = [concept.question for concept, _ in ranked(SUMMARY, concepts(SUMMARY.items))]
    assert (order[0], order[-1]) == ("trusted_adult", "say_in_move")
    shares = [share.exact for _, share in ranked(SUMMARY, concepts(SUMMARY.items))]
    assert shares == sorted(shares, reverse=True)


def test_the_question_least_known_is_a_share_of_those_asked():
    concept, share = most_unsure(SUMMARY)
    assert (concept.question, share.part, share.base) == ("complain", 30, 140)


def test_a_list_is_asked_once_although_each_option_is_an_item():
    missed = concept_named(SUMMARY, "missed_why")
    assert [len(items) for items in missed.askings] == [3]
    assert not missed.scales_differ
    assert concept_named(SUMMARY, "safe_home").scales_differ


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 1), (49, 1), (50, 2), (59, 2), (60, 3), (70, 4), (79, 4), (80, 5), (100, 5)],
)
def test_the_steps_of_the_heat_map(percent, expected):
    assert step(percent) == expected


def test_a_response_rate_is_withheld_with_either_number():
    assert response_rate(published(220), published(140)).percent == 64
    assert not response_rate(withheld(), published(140)).shown
    assert not response_rate(published(220), withheld()).shown
    assert not response_rate(published(0), published(0)).shown
