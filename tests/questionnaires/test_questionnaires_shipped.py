"""The surveys that are shipped: they load fast, have nothing to mend, and fit the padding."""

from xml.etree import ElementTree

import pytest

from questionnaires.checks import check_survey
from questionnaires.faults import Severity
from questionnaires.loading import load_all_with_places, load_surveys
from questionnaires.reading_rules import ROOM, load_wording_rules
from questionnaires.responses import largest_response_bytes

SURVEYS = (
    "aftercare", "care4me", "carers", "governance", "parents", "residential_staff",
    "safeguarding_partners", "social_workers", "staff", "third_sector",
)  # fmt: skip


SYMBOLS = sorted((ROOM.parent / "static" / "symbols").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
DRAWING = {
    "viewBox": "0 0 96 96",
    "fill": "none",
    "stroke": "currentColor",
    "stroke-width": "4",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}


@pytest.fixture(scope="module")
def shipped():
    return load_all_with_places(ROOM)


def test_every_shipped_survey_is_loaded():
    assert set(SURVEYS) == set(load_surveys(ROOM))


@pytest.mark.parametrize("name", SURVEYS)
def test_shipped_survey_has_no_fault(shipped, name):
    faults = check_survey(shipped[name], load_wording_rules())
    assert [str(fault) for fault in faults if fault.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", SURVEYS)
def test_shipped_survey_pads_to_a_bearable_length(shipped, name):
    for questionnaire in shipped[name].survey.questionnaires:
        assert largest_response_bytes(questionnaire) < 64 * 1024


def symbols_named(survey):
    for questionnaire in survey.questionnaires:
        for question in questionnaire.questions:
            yield from (part.symbol for part in (question, *question.options) if part.symbol)


def test_every_symbol_that_is_named_is_drawn(shipped):
    named = {name for loaded in shipped.values() for name in symbols_named(loaded.survey)}
    assert named
    assert named <= {file.stem for file in SYMBOLS}


@pytest.mark.parametrize("file", SYMBOLS, ids=lambda file: file.stem)
def test_symbol_takes_the_colour_of_the_words_beside_it_and_holds_none(file):
    drawing = ElementTree.parse(file).getroot()
    assert file.stat().st_size < 1024
    assert (drawing.tag, drawing.attrib) == (f"{SVG}svg", DRAWING)
    for part in drawing:
        assert part.tag in {f"{SVG}path", f"{SVG}circle", f"{SVG}rect"}
        assert part.get("fill", "currentColor") == "currentColor"
        assert part.get("stroke", "none") == "none"
        assert not {"id", "class", "style"} & set(part.attrib)
        assert not part.text
