"""The codebook: a literal row for every type, and nothing left out."""

from pathlib import Path

from questionnaires.codebook import (
    COLUMNS,
    as_cells,
    codebook,
    non_answer_letters,
    numbers,
    option_letters,
)
from questionnaires.loading import load_survey, load_surveys
from questionnaires.model import NonAnswer, Option, Question

ROOM = Path(__file__).parents[2] / "questionnaires"
EVERY_TYPE = Path(__file__).parent.parent / "examples/valid/every_type_of_question"


def test_codebook_of_every_type():
    survey = load_survey(EVERY_TYPE)
    rows = {row.concept: row for row in codebook(survey)}
    assert list(rows) == [question.id for question in survey.questionnaires[0].questions]
    reasons = dict(zip(COLUMNS, as_cells(rows["reasons"]), strict=True))
    assert reasons == {
        "concept": "reasons",
        "version": "adult",
        "number": "2",
        "section": "Questions",
        "wording": "Why did you move?",
        "short": "Reasons",
        "type": "choices",
        "codes": "school | family | no_reason",
        "labels": "School | Family | No reason",
        "non_answers": "rather_not_say | does_not_apply | skipped | not_asked",
        "printed": "A school | B family | C no_reason | Y rather_not_say | Z does_not_apply",
        "asked_when": "moved is yes",
        "topic": "",
        "themes": "",
        "group": "",
    }
    assert rows["happy_with_life"].codes == ("0", "10")
    assert rows["happy_with_life"].labels == ("Not at all", "Completely")
    assert rows["moved"].asked_when == "always"
    assert rows["moved"].non_answers == ("dont_know", "skipped")
    assert rows["one_wish"].codes == ()
    assert rows["one_wish"].asked_when == "happy_with_life is at most 4 or reasons is no_reason"
    assert [row.number for row in rows.values()] == list(range(1, 13))
    assert rows["happy_with_life"].printed == ("W dont_know",)
    assert rows["last_move"].printed == ()


def test_options_have_letters_that_no_kind_of_nothing_has():
    options = tuple(Option(code=f"o{place}", label="x") for place in range(50))
    nothing = {code: "x" for code in NonAnswer if code not in ("not_asked", "skipped")}
    question = Question(
        id="x", type="choice", text="x", short="x", options=options, non_answers=nothing
    )
    letters = option_letters(question)
    assert (letters["o0"], letters["o21"], letters["o22"], letters["o49"]) == ("A", "V", "AA", "BF")
    assert list(non_answer_letters(question).items()) == [
        ("dont_know", "W"), ("dont_understand", "X"), ("rather_not_say", "Y"),
        ("does_not_apply", "Z"),
    ]  # fmt: skip
    everything = [*letters.values(), *non_answer_letters(question).values()]
    assert len(everything) == len(set(everything)) == 54


def test_numbers_of_what_we_ship_run_from_one_and_name_each_question_once():
    for survey in load_surveys(ROOM).values():
        for version in survey.questionnaires:
            found = numbers(version)
            assert list(found) == [question.id for question in version.questions]
            assert list(found.values()) == list(range(1, len(version.questions) + 1))
