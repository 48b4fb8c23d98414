"""What holds of every path, for any questionnaire and any answers; and the steps along it."""

from pathlib import Path

from hypothesis import event, given
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires, answers_to

from questionnaires.loading import load_survey
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen
from questionnaires.routing import on_path, path, step_of

EVERY_TYPE = Path(__file__).parent.parent / "examples/valid/every_type_of_question"
SKIPPED = NonAnswer.SKIPPED
NO = Chosen(("no",))


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
def test_step_is_the_place_on_the_path_from_one(given_):
    met = path(*given_)
    assert [step_of(met, page.id) for page in met] == list(range(1, len(met) + 1))


def test_page_that_fell_off_the_path_has_no_step():
    questionnaire = load_survey(EVERY_TYPE).questionnaires[0]
    met = path(questionnaire, {"moved": NO})
    assert [page.id for page in met][1] == "half_way"
    assert step_of(met, "reasons") is None
