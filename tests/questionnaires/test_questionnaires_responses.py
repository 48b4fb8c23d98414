"""Responses as bytes: the same there and back, and never longer than the padding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires

from questionnaires.allowed_answers import validate_answer
from questionnaires.model import NonAnswer, Option, Page, Question, Questionnaire, Section
from questionnaires.responses import (
    Chosen,
    Mode,
    Month,
    Number,
    Ranked,
    Response,
    ResponseFormatError,
    Written,
    largest_response_bytes,
    response_from_bytes,
    response_to_bytes,
)
from questionnaires.routing import on_path


@given(answered_questionnaires(), st.sampled_from(Mode))
def test_bytes_lead_back_to_the_response(given_, mode):
    questionnaire, answers = given_
    response = Response(questionnaire.id, on_path(questionnaire, answers), mode)
    assert response_from_bytes(response_to_bytes(response)) == response


@given(answered_questionnaires())
def test_no_valid_response_is_longer_than_the_largest(given_):
    questionnaire, answers = given_
    for question in questionnaire.questions:
        if question.id in answers:
            assert validate_answer(question, answers[question.id]) == answers[question.id]
    largest = largest_response_bytes(questionnaire)
    assert len(response_to_bytes(Response(questionnaire.id, answers))) <= largest
    leaving = on_path(questionnaire, answers)
    assert len(response_to_bytes(Response(questionnaire.id, leaving))) <= largest


def questionnaire_of(*questions: Question) -> Questionnaire:
    pages = tuple(Page(id=question.id, question=question) for question in questions)
    return Questionnaire(
        id="moving-adult",
        audience="adult",
        audience_label="Everybody",
        title="Moving",
        look="desk",
        minutes=1,
        reading="adult",
        welcome=("Hello.",),
        sections=(Section(id="only", title="Questions", pages=pages),),
    )


@pytest.mark.parametrize("character", ["a", '"', "\\", "\n", "\t", "é", "\u2028", "😀"])
def test_largest_holds_for_text_of_the_worst_characters(character):
    wish = Question(id="wish", type="text", text="What?", short="Wish", max_length=100)
    response = Response("moving-adult", {"wish": Written(character * 100)})
    assert len(response_to_bytes(response)) <= largest_response_bytes(questionnaire_of(wish))


def test_largest_is_reached_by_the_longest_codes_together():
    options = tuple(Option(code=code, label=code) for code in ("family", "friends", "x"))
    several = Question(id="who", type="choices", text="Who?", short="Who", options=options)
    longest = Response("moving-adult", {"who": Chosen(("family", "friends", "x"))}, Mode.OFFLINE)
    assert largest_response_bytes(questionnaire_of(several)) == len(response_to_bytes(longest))


def test_bytes_are_canonical():
    response = Response(
        "moving-adult",
        {
            "b": NonAnswer.SKIPPED,
            "a": Chosen(("no",)),
            "d": Written("é"),
            "c": Number(3),
            "f": Month(2026, 5),
            "e": Ranked(("z", "y")),
        },
        Mode.PAPER,
    )
    assert (
        response_to_bytes(response)
        == (
            '{"a":{"a":["no"],"b":{"x":"skipped"},"c":3,"d":{"t":"é"},"e":{"r":["z","y"]},'
            '"f":{"m":[2026,5]}},"m":"paper","q":"moving-adult","v":2}'
        ).encode()
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b'{"a":{},"m":"screen","q":"x","v":1}',
        b'{"a":{},"q":"x","v":2}',
        b'{"a":{},"m":"loud","q":"x","v":2}',
        b'{"a":{},"m":"screen","q":7,"v":2}',
        b'{"a":[],"m":"screen","q":"x","v":2}',
        b'{"a":{"k":true},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":1.5},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":null},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":["a",1]},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":{"x":"perhaps"}},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":{"t":"a","x":"skipped"}},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":{"r":["a",1]}},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":{"m":[2026]}},"m":"screen","q":"x","v":2}',
        b'{"a":{"k":{"m":[2026,true]}},"m":"screen","q":"x","v":2}',
        b"[" * 100_000,
    ],
    ids=range(19),
)
def test_anything_else_is_refused(data):
    with pytest.raises(ResponseFormatError):
        response_from_bytes(data)
