"""Which answers each type of question accepts, and that refusals repeat nothing."""

from types import SimpleNamespace

import pytest

from questionnaires.allowed_answers import AnswerNotAllowed, offers, validate_answer
from questionnaires.model import NonAnswer, Option, Question
from questionnaires.responses import Chosen, Number, Written

OPTIONS = (
    Option(code="family", label="Family"),
    Option(code="friends", label="Friends"),
    Option(code="nobody", label="Nobody", exclusive=True),
)
NON_ANSWERS = {NonAnswer.DONT_KNOW: "I don't know"}
ASKED = SimpleNamespace(
    one=Question(
        id="one", type="choice", text="?", short="?", options=OPTIONS[:2], non_answers=NON_ANSWERS
    ),
    several=Question(id="several", type="choices", text="?", short="?", options=OPTIONS),
    ladder=Question(
        id="ladder", type="ladder", text="?", short="?", low_label="Low", high_label="High"
    ),
    text=Question(id="text", type="text", text="?", short="?", max_length=5),
)


@pytest.mark.parametrize(
    ("name", "answer", "kept"),
    [
        ("one", Chosen(("family",)), None),
        ("one", NonAnswer.DONT_KNOW, None),
        ("one", NonAnswer.SKIPPED, None),
        ("several", Chosen(("friends", "family")), Chosen(("family", "friends"))),
        ("several", Chosen(("family", "family")), Chosen(("family",))),
        ("several", Chosen(("nobody",)), None),
        ("ladder", Number(0), None),
        ("ladder", Number(10), None),
        ("text", Written("12345"), None),
        ("text", Written("😀😀😀😀😀"), None),
        ("text", NonAnswer.SKIPPED, None),
    ],
)
def test_fitting_answer_is_kept_in_canonical_order(name, answer, kept):
    assert validate_answer(getattr(ASKED, name), answer) == (kept or answer)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("one", Chosen(("family", "friends"))),
        ("one", Chosen(("someone",))),
        ("one", Chosen(())),
        ("one", Number(1)),
        ("one", Written("family")),
        ("one", NonAnswer.NOT_ASKED),
        ("one", NonAnswer.RATHER_NOT_SAY),
        ("several", NonAnswer.DONT_KNOW),
        ("several", Chosen(("family", "nobody"))),
        ("several", Chosen(("family", "someone"))),
        ("ladder", Number(11)),
        ("ladder", Number(-1)),
        ("ladder", Number(True)),
        ("ladder", Chosen(("5",))),
        ("text", Written("123456")),
        ("text", Written("")),
        ("text", Written(" \n ")),
        ("text", Written("\ud800")),
        ("text", Chosen(("family",))),
    ],
)
def test_answer_that_does_not_fit_is_refused_without_repeating_it(name, answer):
    with pytest.raises(AnswerNotAllowed) as refusal:
        validate_answer(getattr(ASKED, name), answer)
    assert not any(word in str(refusal.value) for word in ("someone", "family", "123456"))


def test_offers_are_the_non_answers_in_order_without_skipping():
    assert offers(ASKED.one) == NON_ANSWERS
    assert offers(ASKED.several) == {}
