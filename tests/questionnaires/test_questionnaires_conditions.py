"""Conditions in words, their closed set of forms, and the questions they ask about."""

import pytest
from pydantic import ValidationError

from questionnaires.conditions import in_words, questions_in
from questionnaires.model import Condition

MOVED = {"question": "moved", "is": ["yes"]}
HAPPY = {"question": "happy", "at_least": 3}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (MOVED, "moved is yes"),
        ({"question": "moved", "is": ["yes", "no"]}, "moved is yes or no"),
        ({"question": "moved", "is_not": ["yes"]}, "moved is answered, but not with yes"),
        ({"question": "moved", "answered": True}, "moved was answered"),
        ({"question": "moved", "answered": False}, "moved was not answered"),
        (HAPPY, "happy is at least 3"),
        ({"question": "happy", "at_most": 3}, "happy is at most 3"),
        ({"all": [MOVED, HAPPY]}, "moved is yes and happy is at least 3"),
        ({"not": {"any": [MOVED, HAPPY]}}, "not (moved is yes or happy is at least 3)"),
        ({"all": [{"any": [MOVED, HAPPY]}, MOVED]}, "(moved is yes or happy is at least 3) and "),
    ],
)
def test_condition_in_words(written, words):
    assert in_words(Condition.model_validate(written)).startswith(words)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"question": "moved"},
        {"is": ["yes"]},
        {"question": "moved", "is": []},
        {"question": "moved", "is": ["yes"], "is_not": ["no"]},
        {"question": "moved", "all": [MOVED]},
        {"all": []},
        {"all": [MOVED], "not": MOVED},
        {"question": "moved", "equals": "yes"},
    ],
)
def test_condition_of_no_single_form_cannot_be_built(written):
    with pytest.raises(ValidationError):
        Condition.model_validate(written)


def test_questions_in_a_condition_are_found_at_any_depth():
    written = {"all": [MOVED, {"not": {"any": [HAPPY, {"question": "studies", "answered": True}]}}]}
    assert list(questions_in(Condition.model_validate(written))) == ["moved", "happy", "studies"]
