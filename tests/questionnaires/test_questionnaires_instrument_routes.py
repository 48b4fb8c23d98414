"""The ways through the instruments: nobody is asked what cannot concern them."""

from pathlib import Path

import pytest

from questionnaires.loading import load_surveys
from questionnaires.responses import Chosen
from questionnaires.routing import path

SURVEYS = load_surveys(Path(__file__).parents[2] / "questionnaires")
CARE4ME = SURVEYS["care4me"]


def asked(questionnaire, **chosen):
    answers = {name: Chosen((code,)) for name, code in chosen.items()}
    return {page.id for page in path(questionnaire, answers) if page.question}


ABOUT_LAST_MOVE = {"told_of_move_in_time", "say_in_move", "changed_school_by_moving"}


@pytest.mark.parametrize("audience", ["11-15", "16-17"])
def test_who_never_moved_is_asked_nothing_about_moving(audience):
    questionnaire = CARE4ME.version(audience)
    assert asked(questionnaire, has_moved="yes") >= ABOUT_LAST_MOVE
    assert not asked(questionnaire, has_moved="no") & ABOUT_LAST_MOVE
    assert not asked(questionnaire) & ABOUT_LAST_MOVE


# Who says that, is asked these; who says the other, is not.
ROUTES = [
    ("care4me", "8-10", "school_attendance", "some_days", "no_school", "feels_about_school"),
    ("care4me", "8-10", "school_attendance", "some_days", "no_school", "safe_at_school"),
    ("care4me", "8-10", "knows_social_worker", "yes", "no", "worker_keeps_promises"),
    ("care4me", "11-15", "in_learning", "elsewhere", "none", "missed_lessons"),
    ("care4me", "11-15", "in_learning", "school", "none", "safe_at_school"),
    ("care4me", "11-15", "missed_lessons", "every_week", "never", "why_missed_lessons"),
    ("care4me", "11-15", "bullied", "yes", "no", "bullied_where"),
    ("care4me", "11-15", "social_workers_last_year", "one", "none", "sees_social_worker_alone"),
    (
        "care4me",
        "11-15",
        "lives_with_brothers_sisters",
        "some",
        "has_none",
        "time_with_brothers_sisters",
    ),
    (
        "care4me",
        "11-15",
        "lives_with_brothers_sisters",
        "none_of_them",
        "all",
        "time_with_brothers_sisters",
    ),
    ("care4me", "16-17", "main_activity", "training", "work", "missed_lessons"),
    ("care4me", "16-17", "main_activity", "work", "none", "safe_at_school"),
    ("aftercare", "8-10", "where_i_live", "parent", "place_with_staff", "family_gets_help"),
    ("aftercare", "11-15", "where_i_live", "other", "own_place", "family_gets_help"),
    ("aftercare", "11-15", "told_why", "yes", "no", "reasons_made_sense"),
    ("aftercare", "16+", "where_i_live", "own_place", "parent", "had_choice_of_home"),
    ("aftercare", "16+", "doing_what_they_want", "no", "yes", "what_is_in_the_way"),
    ("aftercare", "16+", "is_parent", "yes", "no", "parent_support"),
    ("aftercare", "16+", "knows_personal_adviser", "yes", "no", "adviser_keeps_in_touch"),
    ("aftercare", "16+", "has_pathway_plan", "yes", "no", "plan_happens"),
    ("aftercare", "16+", "came_back_for_help", "yes", "no", "got_help_when_asked"),
    ("social_workers", "adult", "time_here", "asye", "joined_lately", "protected_caseload"),
    ("social_workers", "adult", "time_here", "joined_lately", "longer", "induction_prepared"),
    ("safeguarding_partners", "adult", "made_referral", "yes", "no", "referral_feedback"),
    ("third_sector", "adult", "has_contract", "yes", "no", "contracts_ask_for_difference"),
    ("third_sector", "adult", "we_referred", "yes", "no", "we_were_told_outcome"),
    ("third_sector", "adult", "training_known", "yes", "no", "training_within_reach"),
    ("carers", "adult", "has_childs_plan", "yes", "no", "childs_plan_happens"),
    ("parents", "adult", "situation", "in_care", "protection_plan", "time_with_child"),
    ("parents", "adult", "situation", "in_care", "came_home", "told_how_child_is"),
    ("parents", "adult", "situation", "came_home", "in_care", "help_when_home"),
    ("parents", "adult", "needs_interpreter", "yes", "no", "interpreter_comes"),
    ("governance", "adult", "visits_last_year", "from_1_to_2", "none", "visits_acted_on"),
]


@pytest.mark.parametrize(("survey", "audience", "asks", "yes", "no", "then"), ROUTES)
def test_nobody_is_asked_what_cannot_concern_them(survey, audience, asks, yes, no, then):
    questionnaire = SURVEYS[survey].version(audience)
    before = {"main_activity": "work"} if asks == "doing_what_they_want" else {}
    assert then in asked(questionnaire, **before, **{asks: yes})
    assert then not in asked(questionnaire, **before, **{asks: no})


@pytest.mark.parametrize(
    "page",
    [
        "feels_about_school",
        "safe_at_school",
        "worker_keeps_promises",
    ],
)
def test_skipping_the_question_before_does_not_take_away_the_next(page):
    assert page in asked(CARE4ME.version("8-10"))


def test_a_teenager_reaches_every_routed_page_somehow():
    everything = {
        "has_moved": "yes",
        "missed_lessons": "most_days",
        "bullied": "yes",
        "lives_with_brothers_sisters": "some",
    }
    questionnaire = CARE4ME.version("11-15")
    assert asked(questionnaire, **everything) == {q.id for q in questionnaire.questions}


def test_parents_who_say_nothing_of_their_family_are_asked_what_any_parent_can_answer():
    parents = SURVEYS["parents"].version("adult")
    everything = {question.id for question in parents.questions}
    left_out = {"time_with_child", "told_how_child_is", "help_when_home", "interpreter_comes"}
    assert asked(parents) == everything - left_out


def test_a_parent_of_two_children_is_asked_about_both_ways_of_the_family():
    parents = SURVEYS["parents"].version("adult")
    both = {"situation": Chosen(("in_care", "came_home"))}
    found = {page.id for page in path(parents, both)}
    assert {"time_with_child", "told_how_child_is", "help_when_home"} <= found


def test_easy_read_asks_everybody_the_same():
    easy_read = CARE4ME.version("easy-read")
    assert all(page.when is None for page in easy_read.pages)
