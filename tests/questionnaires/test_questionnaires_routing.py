"""What holds of every path, for any questionnaire and any answers; and the steps along it."""

from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires, answers_to

from questionnaires.loading import load_survey
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Number
from questionnaires.routing import next_step, on_path, page_at, path, resume_step, step_of

EVERY_TYPE = Path(__file__).parent.parent / "examples/valid/every_type_of_question"
SKIPPED = NonAnswer.SKIPPED
YES, NO = Chosen(("yes",)), Chosen(("no",))


@given(answered_questionnaires())
def test_path_is_a_subsequence_of_the_pages(given_):
    questionnaire, answers = given_
    met = [page.id for page in path(questionnaire, answers)]
    event("some page is off the path" if len(met) < len(questionnaire.pages) else "all met")
    assert met == [page.id for page in questionnaire.pages if page.id in met]


@given(answered_questionnaires())
def test_on_path_twice_is_on_path_once(given_):
    questionnaire, answers = given_
    once = on_path(questionnaire, answers)
    assert on_path(questionnaire, once) == once


@given(answered_questionnaires())
def test_only_and_all_questions_on_the_path_leave(given_):
    questionnaire, answers = given_
    asked = [page.id for page in path(questionnaire, answers) if page.question]
    leaving = on_path(questionnaire, answers)
    assert list(leaving) == asked
    assert all(leaving[name] == answers.get(name, SKIPPED) for name in asked)


@given(answered_questionnaires(), st.data())
def test_answers_off_the_path_change_nothing(given_, data):
    questionnaire, answers = given_
    met = path(questionnaire, answers)
    off = [page.question for page in questionnaire.pages if page.question and page not in met]
    event("something was off the path" if off else "nothing was off the path")
    changed = answers | {question.id: data.draw(answers_to(question)) for question in off}
    assert path(questionnaire, changed) == met
    assert on_path(questionnaire, changed) == on_path(questionnaire, answers)


@given(answered_questionnaires())
def test_next_step_walks_the_whole_path_and_ends(given_):
    questionnaire, answers = given_
    met = path(questionnaire, answers)
    assert [page_at(met, step) for step in range(1, len(met) + 1)] == list(met)
    for step, page in enumerate(met, start=1):
        assert step_of(met, page.id) == step
        following = next_step(questionnaire, answers, page.id)
        assert following == (step + 1 if step < len(met) else None)


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        ({}, 1),
        ({"moved": NO}, 2),
        ({"moved": YES}, 2),
        ({"moved": YES, "reasons": SKIPPED}, 3),
        ({"moved": NO, "happy_with_life": Number(9)}, None),
        ({"moved": NO, "happy_with_life": Number(2)}, 4),
    ],
)
def test_resume_goes_to_the_page_after_the_last_answer(answers, step):
    questionnaire = load_survey(EVERY_TYPE).questionnaires[0]
    assert resume_step(questionnaire, answers) == step


def test_next_step_from_a_page_that_fell_off_the_path_goes_on():
    questionnaire = load_survey(EVERY_TYPE).questionnaires[0]
    assert [page.id for page in path(questionnaire, {"moved": NO})][1] == "half_way"
    assert next_step(questionnaire, {"moved": NO}, "reasons") == 2


@pytest.mark.parametrize("step", [-1, 0, 4])
def test_page_at_beyond_the_path_is_none(step):
    questionnaire = load_survey(EVERY_TYPE).questionnaires[0]
    assert page_at(path(questionnaire, {"moved": NO}), step) is None


def test_step_of_a_page_off_the_path_is_none():
    questionnaire = load_survey(EVERY_TYPE).questionnaires[0]
    assert step_of(path(questionnaire, {"moved": NO}), "reasons") is None
