"""Tools that we did not write take our workbooks for XLSForm: the standard's converter, and Java's."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from interchange_strategies import rich_questionnaires, survey_of
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from questionnaires.interchange.writing import one_version_of, unchecked_workbook
from questionnaires.loading import load_survey
from questionnaires.reading_rules import ROOM
from questionnaires.wording import msgids

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
VERSIONS = [
    (survey, questionnaire)
    for root in (ROOM, EXAMPLES)
    for file in sorted(root.glob("*/survey.yaml"))
    for survey in [load_survey(file.parent)]
    for questionnaire in survey.questionnaires
]
XFORMS = "{http://www.w3.org/2002/xforms}"


@pytest.fixture
def converted(tmp_path):
    def convert_bytes(data, validate=False):
        file = tmp_path / "form.xlsx"
        file.write_bytes(data)
        return convert(xlsform=file, validate=validate)

    return convert_bytes


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version[1].id)
def test_every_version_is_a_form_without_warnings(converted, version):
    form = converted(unchecked_workbook(*version))
    assert form.warnings == []
    _, questionnaire = version
    tree = ElementTree.fromstring(form.xform)
    asked = {element.attrib["nodeset"].split("/")[-1] for element in tree.iter(f"{XFORMS}bind")}
    assert {page.id for page in questionnaire.pages} <= asked


def test_every_language_is_a_translation_of_the_form(converted):
    survey = load_survey(EXAMPLES / "every_type_of_question")
    (questionnaire,) = survey.questionnaires
    said = {text: f"«{text}»" for text in msgids(one_version_of(survey, questionnaire))}
    form = converted(unchecked_workbook(survey, questionnaire, {"cy": said, "ar": said}))
    assert form.warnings == []
    tree = ElementTree.fromstring(form.xform)
    languages = {
        one.attrib["lang"]: {value.text for value in one.iter(f"{XFORMS}value")}
        for one in tree.iter(f"{XFORMS}translation")
    }
    assert list(languages) == ["English (en)", "Cymraeg (cy)", "العربية (ar)"]
    assert "Have you moved?" in languages["English (en)"]
    assert {"«Have you moved?»", "«Yes»"} <= languages["Cymraeg (cy)"]
    assert not {"Have you moved?", "Yes"} & languages["Cymraeg (cy)"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(questionnaire=rich_questionnaires())
def test_any_questionnaire_is_a_form(converted, questionnaire):
    converted(unchecked_workbook(survey_of(questionnaire), questionnaire))


def test_the_converter_refuses_what_is_no_form(converted, make):
    """So that the tests above can fail."""
    survey = (("type", "name", "label", "relevant"), ("text", "a", "A?", "${nobody} = 'yes'"))
    with pytest.raises(PyXFormError):
        converted(make(survey))
