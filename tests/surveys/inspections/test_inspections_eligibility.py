"""The eligibility rules: a literal table first, then that every child is accounted for."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.inspections.eligibility import (
    AFTERCARE,
    CARE4ME,
    CAUTIOUS,
    EligibilityPolicy,
    completed_years,
    decide,
)
from surveys.inspections.rules import ENDINGS, Outcome, Rule, Warned
from surveys.inspections.ssda903 import Child, Episode
from surveys.inspections.tally import AUDIENCES, by_the_letter, tally

D = date(2026, 11, 23)
BORN = date(2013, 5, 1)  # 13 on the reference date
LONG_AGO = date(2020, 1, 1)
YESTERDAY = D - timedelta(days=1)
EVERYTHING = EligibilityPolicy(include_asked=True, include_short_breaks=True)


def child(*episodes, born=BORN, **more):
    return Child(born, True, [Episode(*episode) for episode in episodes], **more)


def decided(one, policy=CAUTIOUS, day=D):
    (decision,) = decide({"7": one}, day, policy)
    return decision


unhurried = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("episodes", "rule", "survey"),
    [
        # in care
        ([(LONG_AGO, None, "C2", "")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, None, "C2", "X1")], Rule.IN_CARE, CARE4ME),
        ([(D, None, "C2", "")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, D + timedelta(1), "C2", "E4A")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, D, "C2", "X1"), (D, None, "C2", "")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, None, "C2", "E4A")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, None, "V3", "")], Rule.SHORT_BREAKS, CARE4ME),
        ([(LONG_AGO, None, "V4", "X1")], Rule.SHORT_BREAKS, CARE4ME),
        ([(LONG_AGO, None, "V4", ""), (LONG_AGO, None, "C2", "")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, YESTERDAY, "V3", "X1"), (D, None, "C2", "")], Rule.IN_CARE, CARE4ME),
        ([(LONG_AGO, None, "C2", "E2")], Rule.DEATH_ON_RECORD, CARE4ME),
        ([(LONG_AGO, D + timedelta(1), "C2", "E2")], Rule.DEATH_ON_RECORD, CARE4ME),
        ([(LONG_AGO, YESTERDAY, "C2", "E2"), (D, None, "C2", "")], Rule.DEATH_ON_RECORD, CARE4ME),
        # left
        ([(LONG_AGO, D, "C2", "E4A")], Rule.LEFT_CARE, AFTERCARE),
        ([(LONG_AGO, date(2025, 11, 24), "C2", "E8")], Rule.LEFT_CARE, AFTERCARE),
        ([(LONG_AGO, date(2025, 11, 23), "C2", "E8")], Rule.LEFT_EARLIER, None),
        ([(LONG_AGO, YESTERDAY, "C2", "E2")], Rule.DIED, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "C2", "E3")], Rule.OTHER_COUNCIL, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "V4", "E8")], Rule.SHORT_BREAKS, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "C2", "X1")], Rule.NOT_AN_ENDING, None),
        ([(LONG_AGO, YESTERDAY, "C2", "")], Rule.NOT_AN_ENDING, None),
        ([(LONG_AGO, YESTERDAY, "E1", "E11")], Rule.ASK_ADOPTED, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "E1", "E12")], Rule.ASK_ADOPTED, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "V2", "E15")], Rule.ASK_FOUND_ADULT, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "V2", "E16")], Rule.ASK_ABROAD, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "J1", "E9")], Rule.ASK_CUSTODY, AFTERCARE),
        ([(LONG_AGO, YESTERDAY, "C2", "E99")], Rule.ASK_UNKNOWN_ENDING, AFTERCARE),
        (
            [(LONG_AGO, date(2021, 1, 1), "C2", "E2"), (date(2022, 1, 1), D, "C2", "E4A")],
            Rule.DEATH_ON_RECORD,
            AFTERCARE,
        ),
        # the last ending counts, whatever the order of rows
        (
            [(date(2022, 1, 1), D, "C2", "E4A"), (LONG_AGO, date(2021, 1, 1), "C2", "E3")],
            Rule.LEFT_CARE,
            AFTERCARE,
        ),
        # neither
        ([(D + timedelta(1), None, "C2", "")], Rule.NOT_YET_IN_CARE, None),
        ([], Rule.NO_EPISODES, None),
    ],
)
def test_record_falls_under_a_rule(episodes, rule, survey):
    decision = decided(child(*episodes))
    assert (decision.rule, decision.survey) == (rule, survey)
    assert decision.included == (rule in (Rule.IN_CARE, Rule.LEFT_CARE))


@pytest.mark.parametrize(
    ("born", "in_care", "left"),
    [
        (date(2018, 11, 24), None, None),  # 8 tomorrow
        (date(2018, 11, 23), "8-10", "8-10"),  # 8 today
        (date(2015, 11, 24), "8-10", "8-10"),
        (date(2015, 11, 23), "11-15", "11-15"),
        (date(2010, 11, 24), "11-15", "11-15"),
        (date(2010, 11, 23), "16-17", "16+"),
        (date(2008, 11, 24), "16-17", "16+"),
        (date(2008, 11, 23), "16-17", "16+"),  # 18 today
    ],
)
def test_age_chooses_the_version(born, in_care, left):
    open_ended = decided(child((LONG_AGO, None, "C2", ""), born=born))
    ended = decided(child((LONG_AGO, D, "C2", "E4A"), born=born))
    assert (open_ended.audience, ended.audience) == (in_care, left)
    assert (open_ended.rule is Rule.UNDER_8) == (in_care is None)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (D, D, 0),
    ],
)
def test_age_is_in_completed_years(born, on, years):
    assert completed_years(born, on) == years


@pytest.mark.parametrize(
    ("day", "ended", "rule"),
    [
        (date(2028, 2, 29), date(2027, 2, 28), Rule.LEFT_EARLIER),
        (date(2028, 2, 29), date(2027, 3, 1), Rule.LEFT_CARE),
        (date(2029, 2, 28), date(2028, 2, 29), Rule.LEFT_CARE),
    ],
)
def test_twelve_months_before_a_leap_day(day, ended, rule):
    assert decided(child((LONG_AGO, ended, "C2", "E4A")), day=day).rule is rule


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (child((LONG_AGO, None, "C2", ""), in_touch="DIED"), Rule.DIED_SINCE),
        (child((LONG_AGO, D, "C2", "E5"), in_touch="DIED"), Rule.DIED_SINCE),
        (child((LONG_AGO, D, "C2", "E5"), in_touch="REFU"), Rule.REFUSED_CONTACT),
        (child((LONG_AGO, None, "C2", ""), in_touch="REFU"), Rule.IN_CARE),
        (child((LONG_AGO, D, "C2", "E5"), in_touch="NO"), Rule.LEFT_CARE),
        (child((LONG_AGO, None, "C2", ""), born=None), Rule.NO_DATE_OF_BIRTH),
        (child((LONG_AGO, None, "C2", ""), has_unusable_row=True), Rule.UNREADABLE),
    ],
)
def test_what_else_is_known_of_a_child_counts(one, rule):
    assert decided(one).rule is rule


@pytest.mark.parametrize(
    ("one", "warned"),
    [
        (child((LONG_AGO, None, "C2", ""), born=date(2008, 1, 1)), Warned.ADULT_IN_CARE),
        (child((LONG_AGO, D, "C2", "E8"), born=date(2007, 1, 1)), Warned.TOO_OLD_TO_HAVE_LEFT),
        (child((LONG_AGO, None, "C2", "E4A")), Warned.OPEN_WITH_ENDING),
        (child((LONG_AGO, None, "C2", ""), (D, None, "C2", "")), Warned.SEVERAL_OPEN),
    ],
)
def test_odd_record_is_used_with_a_warning(one, warned):
    decision = decided(one)
    assert decision.included
    assert decision.warnings == (warned,)


@pytest.mark.parametrize(
    ("rule", "cautious", "asked", "short_breaks"),
    [
        ((LONG_AGO, D, "E1", "E11"), False, True, False),
        ((LONG_AGO, D, "V4", "E8"), False, False, True),
        ((LONG_AGO, None, "V3", ""), False, False, True),
        ((LONG_AGO, D, "C2", "E4A"), True, True, True),
        ((LONG_AGO, D, "C2", "E3"), False, False, False),
        ((LONG_AGO, D, "C2", "E2"), False, False, False),
        ((LONG_AGO, D, "V4", "E2"), False, False, False),
        ((LONG_AGO, None, "V4", "E2"), False, False, False),
    ],
)
def test_policy_decides_only_what_it_may(rule, cautious, asked, short_breaks):
    policies = (
        EligibilityPolicy(),
        EligibilityPolicy(include_asked=True),
        EligibilityPolicy(include_short_breaks=True),
    )
    found = tuple(decided(child(rule), policy).included for policy in policies)
    assert found == (cautious, asked, short_breaks)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_an_outcome_and_words(rule):
    assert rule.outcome in Outcome
    assert rule.words
    assert not (rule.is_hard_stop and rule.outcome is not Outcome.EXCLUDED)


some_days = st.dates(date(2023, 1, 1), date(2028, 1, 1))
some_codes = st.sampled_from([*sorted(ENDINGS), "X1", "", "E99", "?"])
some_episodes = st.builds(
    lambda began, length, status, code: Episode(
        began, None if length is None else began + timedelta(days=length), status, code
    ),
    some_days,
    st.none() | st.integers(0, 900),
    st.sampled_from(["C1", "C2", "V2", "V3", "V4", "E1", "", "??"]),
    some_codes,
)
some_children = st.builds(
    Child,
    date_of_birth=st.none() | st.dates(date(2003, 1, 1), date(2027, 1, 1)),
    in_header=st.booleans(),
    episodes=st.lists(some_episodes, max_size=4),
    has_unusable_row=st.booleans(),
    in_touch=st.sampled_from(["", "YES", "DIED", "REFU"]),
)
some_returns = st.lists(some_children, max_size=8).map(
    lambda children: {str(number): one for number, one in enumerate(children)}
)
some_policies = st.builds(EligibilityPolicy, st.booleans(), st.booleans())


@unhurried
@given(some_returns, some_policies)
def test_every_child_is_in_exactly_one_place(children, policy):
    decisions = decide(children, D, policy)
    assert [decision.child for decision in decisions] == list(children)
    counted = tally(decisions, len(children))
    assert counted.reconciles
    assert sum(counted.by_rule.values()) == len(children)
    assert counted.included == sum(decision.included for decision in decisions)


@unhurried
@given(some_returns, some_policies)
def test_whoever_is_included_is_8_or_over_with_a_version_of_the_survey(children, policy):
    for decision in decide(children, D, policy):
        if decision.included:
            assert decision.age >= 8
            assert decision.audience in AUDIENCES[decision.survey]


@unhurried
@given(some_returns)
def test_no_policy_includes_a_child_whose_record_says_died(children):
    for decision in decide(children, D, EVERYTHING):
        one = children[decision.child]
        if one.in_touch == "DIED" or any(episode.ending == "E2" for episode in one.episodes):
            assert not decision.included
        if decision.rule.is_hard_stop:
            assert not decision.included


@unhurried
@given(some_returns)
def test_policy_never_leaves_out_whom_caution_includes(children):
    cautious, broad = decide(children, D), decide(children, D, EVERYTHING)
    for before, after in zip(cautious, broad, strict=True):
        assert after.included or not before.included


@unhurried
@given(some_returns)
def test_order_of_rows_does_not_matter_unless_two_episodes_end_alike(children):
    for one in children.values():
        ends = [(episode.ended, episode.began) for episode in one.episodes]
        if len(set(ends)) == len(ends):
            turned = Child(one.date_of_birth, True, one.episodes[::-1], in_touch=one.in_touch)
            same = Child(one.date_of_birth, True, one.episodes, in_touch=one.in_touch)
            assert decided(turned) == decided(same)


@unhurried
@given(some_returns)
def test_letter_of_the_rules_includes_everybody_who_is_included(children):
    decisions = decide(children, D, EligibilityPolicy(include_asked=True))
    letter = by_the_letter(decisions)
    for survey in (CARE4ME, AFTERCARE):
        included = sum(one.included and one.survey == survey for one in decisions)
        assert included <= letter[survey]["total"]
