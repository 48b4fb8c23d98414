"""Every valid example loads without fault and behaves as its name says.

In: the folders of valid/. One test per behaviour, with answers and the path they lead along.
"""

from pathlib import Path

import pytest

from questionnaires.allowed_answers import AnswerNotAllowed, offers, validate_answer
from questionnaires.checks import check_survey
from questionnaires.loading import load_survey, load_with_places
from questionnaires.messages import NOT_RECORDED
from questionnaires.model import NonAnswer, Questionnaire
from questionnaires.reading_rules import load_wording_rules
from questionnaires.responses import Chosen, Number
from questionnaires.routing import on_path, path

VALID = Path(__file__).parent / "valid"
EXAMPLES = sorted(folder for folder in VALID.iterdir() if folder.is_dir())
RULES = load_wording_rules()
SKIPPED = NonAnswer.SKIPPED
YES, NO = Chosen(("yes",)), Chosen(("no",))


def example(name: str) -> Questionnaire:
    return load_survey(VALID / name).questionnaires[0]


def met(questionnaire: Questionnaire, **answers) -> list[str]:
    return [page.id for page in path(questionnaire, answers)]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_valid_example_has_nothing_to_mend(folder):
    faults = check_survey(load_with_places(folder), RULES)
    assert [str(fault) for fault in faults if fault.message != NOT_RECORDED.message] == []


def test_option_written_no_is_not_false():
    questionnaire = example("option_written_no_is_not_false")
    assert [option.code for option in questionnaire.questions[0].options] == ["yes", "no"]
    assert [option.label for option in questionnaire.questions[0].options] == ["Yes", "No"]
    assert met(questionnaire, moved=YES) == ["moved", "asked_before"]
    assert met(questionnaire, moved=NO) == ["moved"]


def test_routing_not_affected_by_answers_off_the_path():
    questionnaire = example("routing_not_affected_by_answers_off_the_path")
    kept = {"moved": NO, "had_a_say": YES, "what_you_said": SKIPPED}
    assert met(questionnaire, **{**kept, "moved": YES}) == ["moved", "had_a_say", "what_you_said"]
    assert met(questionnaire, **kept) == ["moved"]
    assert on_path(questionnaire, kept) == {"moved": NO}


@pytest.mark.parametrize(
    ("codes", "is_allowed"),
    [
        (("family", "friends"), True),
        (("nobody",), True),
        (("nobody", "family"), False),
        (("family", "someone_unknown"), False),
        ((), False),
    ],
)
def test_exclusive_option_stands_alone(codes, is_allowed):
    (question,) = example("exclusive_option_stands_alone").questions
    if is_allowed:
        assert validate_answer(question, Chosen(codes)) == Chosen(codes)
    else:
        with pytest.raises(AnswerNotAllowed):
            validate_answer(question, Chosen(codes))


@pytest.mark.parametrize(
    ("answers", "pages"),
    [
        ({"moved": YES}, ["after_yes"]),
        ({"moved": NO}, ["after_anything_but_yes"]),
        ({"moved": SKIPPED}, []),
        ({"moved": NonAnswer.DONT_KNOW}, []),
        ({}, []),
    ],
)
def test_silence_opens_no_page(answers, pages):
    assert met(example("silence_opens_no_page"), **answers) == ["moved", *pages]


@pytest.mark.parametrize(
    ("answers", "pages"),
    [
        ({"moved": YES}, []),
        ({"moved": NO}, ["not_a_yes"]),
        ({"moved": NonAnswer.DONT_KNOW}, ["no_answer_given", "not_a_yes"]),
        ({}, ["no_answer_given", "not_a_yes"]),
    ],
)
def test_only_answered_false_and_not_are_true_of_silence(answers, pages):
    questionnaire = example("only_answered_false_and_not_are_true_of_silence")
    assert met(questionnaire, **answers) == ["moved", *pages]


@pytest.mark.parametrize(
    ("answer", "pages"),
    [
        (Number(0), ["low"]),
        (Number(3), ["low"]),
        (Number(4), []),
        (Number(8), ["high"]),
        (SKIPPED, []),
    ],
)
def test_ladder_opens_a_page(answer, pages):
    questionnaire = example("ladder_opens_a_page")
    assert met(questionnaire, happy_with_life=answer) == ["happy_with_life", *pages]


@pytest.mark.parametrize(
    ("codes", "page"),
    [
        (("family",), "about_family"),
        (("family", "worker"), "about_family"),
        (("friends", "worker"), "without_family"),
    ],
)
def test_several_answers_open_a_page_when_one_fits(codes, page):
    questionnaire = example("several_answers_open_a_page_when_one_fits")
    assert met(questionnaire, helped_by=Chosen(codes)) == ["helped_by", page]


@pytest.mark.parametrize(
    ("moved", "studies", "pages"),
    [
        (YES, YES, ["both"]),
        (YES, NO, ["one_only"]),
        (NO, YES, ["one_only"]),
        (NO, NO, []),
        (SKIPPED, YES, ["one_only"]),
    ],
)
def test_all_any_and_not_join_conditions(moved, studies, pages):
    questionnaire = example("all_any_and_not_join_conditions")
    assert met(questionnaire, moved=moved, studies=studies) == ["moved", "studies", *pages]


def test_scale_fills_in_options_and_non_answers():
    (question,) = example("scale_fills_in_options_and_non_answers").questions
    assert [option.code for option in question.options] == ["yes", "no"]
    assert offers(question) == {
        NonAnswer.DONT_KNOW: "I can't remember",
        NonAnswer.RATHER_NOT_SAY: "I'd rather not say",
    }
    assert question.pictures == "amounts"


def test_versions_share_a_concept():
    survey = load_survey(VALID / "versions_share_a_concept")
    younger, older = (survey.version(name).questions[0] for name in ("younger", "older"))
    assert younger.id == older.id == "feels_safe"
    assert younger.text != older.text
    assert len(younger.options) != len(older.options)


def test_wording_can_be_excused_with_a_reason():
    (question,) = example("wording_can_be_excused_with_a_reason").questions
    assert question.allow == ("negative", "two_in_one")


def test_labels_may_change_after_freezing():
    loaded = load_with_places(VALID / "labels_may_change_after_freezing")
    assert check_survey(loaded, RULES) == []


def test_person_asked_first_when_conditions_need_it():
    questionnaire = example("person_asked_first_when_conditions_need_it")
    family, own_place = Chosen(("family",)), Chosen(("own_place",))
    assert met(questionnaire, where_i_live=family) == ["where_i_live", "feels_safe"]
    assert met(questionnaire, where_i_live=own_place) == ["where_i_live"]
