"""The wording of a question: variants by condition, and earlier answers named in the text."""

from pathlib import Path

import pytest

from questionnaires.loading import load_surveys
from questionnaires.model import NonAnswer
from questionnaires.piping import placeholders, plain_text, possible_wordings, wording
from questionnaires.responses import Chosen

EXAMPLES = Path(__file__).parents[1] / "examples" / "valid"
QUESTIONNAIRE = load_surveys(EXAMPLES)["every_type_of_question"].version("adult")
QUESTION = QUESTIONNAIRE.questions[-1]


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({}, "You said: you moved. Was that right for you?"),
        ({"how_many": Chosen(("one",))}, "You said: Once. Was that right for you?"),
        ({"how_many": NonAnswer.DONT_KNOW}, "You said: you moved. Was that right for you?"),
        ({"moved": Chosen(("no",))}, "Would you like to move?"),
        (
            {"moved": Chosen(("yes",)), "how_many": Chosen(("five_or_more",))},
            "You said: 5 times or more. Was that right for you?",
        ),
    ],
)
def test_wording_follows_the_answers(answers, text):
    assert wording(QUESTIONNAIRE, QUESTION, answers).text == text


def test_sentence_and_piped_words_are_translated_each_on_its_own():
    welsh = {
        "You said: {how_many}. Was that right for you?": "Dywedaist: {how_many}. Iawn?",
        "Once": "Unwaith",
    }
    said = wording(
        QUESTIONNAIRE, QUESTION, {"how_many": Chosen(("one",))}, lambda text: welsh.get(text, text)
    )
    assert said.text == "Dywedaist: Unwaith. Iawn?"


def test_every_wording_that_anybody_can_meet_can_be_listed():
    assert list(
        dict.fromkeys(said.text for said in possible_wordings(QUESTIONNAIRE, QUESTION))
    ) == [
        "You said: you moved. Was that right for you?",
        "You said: Once. Was that right for you?",
        "You said: 2 to 4 times. Was that right for you?",
        "You said: 5 times or more. Was that right for you?",
        "Would you like to move?",
    ]


def test_reports_say_the_words_that_stand_when_nothing_was_answered():
    assert plain_text(QUESTION) == "You said: you moved. Was that right for you?"
    assert placeholders(QUESTION.text) == ("how_many",)


def test_an_empty_hint_is_never_looked_up():
    def translate(text):
        assert text, "catalogues answer an empty text with their own heading"
        return text

    for question in QUESTIONNAIRE.questions:
        wording(QUESTIONNAIRE, question, {}, translate)
        list(possible_wordings(QUESTIONNAIRE, question, translate))
