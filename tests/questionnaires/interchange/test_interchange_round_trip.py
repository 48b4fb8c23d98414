"""Nothing is lost: a version becomes a workbook, the workbook becomes YAML, the YAML is the version."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from interchange_strategies import rich_questionnaires, survey_of, texts
from questionnaire_strategies import questionnaires

from questionnaires.interchange.faults import WorkbookError
from questionnaires.interchange.reading import read_version
from questionnaires.interchange.writing import one_version_of, unchecked_workbook, write_version
from questionnaires.loading import load_survey
from questionnaires.reading_rules import ROOM
from questionnaires.wording import msgids

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
FOLDERS = sorted(file.parent for root in (ROOM, EXAMPLES) for file in root.glob("*/survey.yaml"))
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def in_order(survey):
    """The whole survey, with the order of names and values, which equality does not look at."""
    allowed = [question.allow for one in survey.questionnaires for question in one.questions]
    return survey.model_dump_json(), allowed


def assert_round_trip(survey, questionnaire, translations=None):
    read = read_version(unchecked_workbook(survey, questionnaire, translations))
    assert read.survey == one_version_of(survey, questionnaire)
    assert in_order(read.survey) == in_order(one_version_of(survey, questionnaire))
    assert [str(warning) for warning in read.warnings] == []
    assert read.translations == (translations or {})
    return read


def test_there_is_something_to_try():
    assert len(FOLDERS) >= 24


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_version_there_is_comes_back(folder):
    survey = load_survey(folder)
    for questionnaire in survey.questionnaires:
        assert_round_trip(survey, questionnaire)


@SLOW
@given(questionnaires())
def test_any_questionnaire_comes_back(questionnaire):
    assert_round_trip(survey_of(questionnaire), questionnaire)


@SLOW
@given(rich_questionnaires())
def test_a_questionnaire_that_uses_everything_comes_back(questionnaire):
    assert_round_trip(survey_of(questionnaire), questionnaire)


@pytest.mark.parametrize("name", ["care4me", "every_type_of_question"])
def test_translations_come_back(name):
    (folder,) = (folder for folder in FOLDERS if folder.name == name)
    survey = load_survey(folder)
    for questionnaire in survey.questionnaires:
        said = msgids(one_version_of(survey, questionnaire))
        translations = {
            code: {text: f"{code} {text}" for text in said} for code in ("cy", "ar", "fa_AF")
        }
        assert_round_trip(survey, questionnaire, translations)


@SLOW
@given(rich_questionnaires())
def test_translations_of_anything_come_back(questionnaire):
    survey = survey_of(questionnaire)
    translations = {"cy": {text: f"«{text}»" for text in msgids(survey)}}
    assert_round_trip(survey, questionnaire, translations)


def test_a_missing_translation_is_an_empty_cell_and_never_english():
    survey = load_survey(EXAMPLES / "every_type_of_question")
    (questionnaire,) = survey.questionnaires
    known = {"Have you moved?": "Ydych chi wedi symud?", "Yes": "Ydw"}
    assert_round_trip(survey, questionnaire, {"cy": known})


@SLOW
@given(texts("ab{}$\n\r\x07 "), texts("ab\n0:1 "))
def test_what_cannot_be_carried_is_refused_and_never_changed(text, low):
    survey = load_survey(EXAMPLES / "ladder_opens_a_page")
    (questionnaire,) = survey.questionnaires
    section = questionnaire.sections[0]
    page = section.pages[0]
    question = page.question.model_copy(update={"hint": text, "low_label": low})
    pages = (page.model_copy(update={"question": question}), *section.pages[1:])
    sections = (section.model_copy(update={"pages": pages}),)
    changed = questionnaire.model_copy(update={"sections": sections})
    try:
        data = write_version(survey, changed)
    except WorkbookError:
        return
    assert read_version(data).survey.questionnaires == (changed,)
