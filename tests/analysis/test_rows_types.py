"""How each type of question is tabulated, from an answer to the columns of the frame."""

from pathlib import Path

import pytest

from analysis.frames import ResponseDoesNotFit, build_frame
from analysis.items import items_of
from questionnaires.loading import load_surveys
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Mode, Month, Ranked, Response

EXAMPLES = Path(__file__).parents[1] / "examples" / "valid"
SURVEY = load_surveys(EXAMPLES)["every_type_of_question"]
ALWAYS_ASKED = (
    "moved", "happy_with_life", "has_friends", "how_many", "first_things", "last_move",
    "was_told", "was_asked", "piped_and_varied",
)  # fmt: skip


def row(mode=Mode.SCREEN, **answers):
    given = dict.fromkeys(ALWAYS_ASKED, NonAnswer.SKIPPED) | answers
    response = Response("every-type-of-question-adult", given, mode)
    return build_frame([response], SURVEY).iloc[0]


@pytest.mark.parametrize(
    ("answers", "columns"),
    [
        ({"has_friends": Chosen(("no",))}, {"has_friends": "no"}),
        ({"how_many": Chosen(("two_to_four",))}, {"how_many": "two_to_four"}),
        (
            {"first_things": Ranked(("friends", "school"))},
            {
                "first_things.friends": "friends",
                "first_things.school": "school",
                "first_things.family": "not_chosen",
            },
        ),
        ({"first_things": NonAnswer.SKIPPED}, {"first_things.school": "skipped"}),
        ({"last_move": Month(2026, 5)}, {"last_move": "2026"}),
        ({"last_move": NonAnswer.SKIPPED}, {"last_move": "skipped"}),
        ({"was_told": Chosen(("yes",))}, {"was_told": "yes", "was_asked": "skipped"}),
    ],
)
def test_answer_becomes_its_columns(answers, columns):
    found = row(**answers)
    assert {name: found[name] for name in columns} == columns


@pytest.mark.parametrize("mode", Mode)
def test_how_the_answers_were_given_is_a_column_of_its_own(mode):
    assert row(mode)["how_answered"] == mode.value


@pytest.mark.parametrize(
    "answers",
    [
        {"last_move": Month(1999, 5)},
        {"first_things": Ranked(("horse",))},
        {"first_things": Ranked(())},
        {"how_many": Ranked(("one",))},
        {"has_friends": Month(2026, 5)},
    ],
)
def test_answer_of_another_type_does_not_fit(answers):
    with pytest.raises(ResponseDoesNotFit):
        row(**answers)


def test_reports_call_a_piped_question_by_its_plain_words():
    item = next(item for item in items_of(SURVEY) if item.id == "piped_and_varied")
    assert dict(item.texts)["adult"] == "You said: you moved. Was that right for you?"
