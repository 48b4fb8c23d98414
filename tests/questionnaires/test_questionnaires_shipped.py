"""The surveys that are shipped: they load fast, have nothing to mend, and fit the padding."""

from time import process_time

import pytest

from questionnaires.checks import check_survey
from questionnaires.faults import Severity
from questionnaires.loading import load_all_with_places, load_surveys
from questionnaires.reading_rules import ROOM, load_wording_rules
from questionnaires.responses import largest_response_bytes

SURVEYS = ("aftercare", "care4me", "safeguarding_partners", "social_workers")


@pytest.fixture(scope="module")
def shipped():
    return load_all_with_places(ROOM)


def test_shipped_surveys_load_in_well_under_a_second():
    start = process_time()
    assert set(SURVEYS) <= set(load_surveys(ROOM))
    assert process_time() - start < 1


@pytest.mark.parametrize("name", SURVEYS)
def test_shipped_survey_has_no_fault(shipped, name):
    faults = check_survey(shipped[name], load_wording_rules())
    assert [str(fault) for fault in faults if fault.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", SURVEYS)
def test_shipped_survey_pads_to_a_bearable_length(shipped, name):
    for questionnaire in shipped[name].survey.questionnaires:
        assert largest_response_bytes(questionnaire) < 64 * 1024
