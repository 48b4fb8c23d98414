"""The codebook: a literal row for every type, and nothing left out."""

from pathlib import Path

from questionnaires.codebook import COLUMNS, as_cells, codebook
from questionnaires.loading import load_survey

EVERY_TYPE = Path(__file__).parent.parent / "examples/valid/every_type_of_question"


def test_codebook_of_every_type():
    survey = load_survey(EVERY_TYPE)
    rows = {row.concept: row for row in codebook(survey)}
    assert list(rows) == [question.id for question in survey.questionnaires[0].questions]
    reasons = dict(zip(COLUMNS, as_cells(rows["reasons"]), strict=True))
    assert reasons == {
        "concept": "reasons",
        "version": "adult",
        "section": "Questions",
        "wording": "Why did you move?",
        "short": "Reasons",
        "type": "choices",
        "codes": "school | family | no_reason",
        "labels": "School | Family | No reason",
        "non_answers": "rather_not_say | does_not_apply | skipped | not_asked",
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
