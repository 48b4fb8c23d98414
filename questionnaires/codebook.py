"""The codebook of a survey: for every question of every version, what its codes mean.

In: a survey. Out: one row per question and version, and the same as text for a spreadsheet; and the
numbers and letters that stand for questions and answers on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase

from questionnaires.conditions import in_words
from questionnaires.model import NonAnswer, Page, Question, Questionnaire, QuestionType, Survey
from questionnaires.piping import plain_text

_FOR_OPTIONS = ascii_uppercase[:22]
_FOR_NOTHING = {
    NonAnswer.DONT_KNOW: "W",
    NonAnswer.DONT_UNDERSTAND: "X",
    NonAnswer.RATHER_NOT_SAY: "Y",
    NonAnswer.DOES_NOT_APPLY: "Z",
}


def numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """The number of every question, by its id: its place in the version, whatever the routing."""
    return {question.id: place for place, question in enumerate(questionnaire.questions, start=1)}


def option_letters(question: Question) -> dict[str, str]:
    """The letter of every option, by its code: A to V in the order written, then AA to AV.

    The same in every language. The letters from W on stand for the kinds of nothing.
    """
    letters = [first + second for first in ("", *_FOR_OPTIONS) for second in _FOR_OPTIONS]
    return dict(zip((option.code for option in question.options), letters, strict=False))


def non_answer_letters(question: Question) -> dict[NonAnswer, str]:
    """The letter of every kind of nothing that is offered: the same one at every question."""
    return {code: _FOR_NOTHING[code] for code in question.non_answers}


@dataclass(frozen=True, slots=True)
class CodebookRow:
    """One question as one version asks it."""

    concept: str
    version: str
    number: int
    """The place of the question in its version, as it is printed on paper."""
    section: str
    wording: str
    short: str
    type: QuestionType
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    non_answers: tuple[str, ...]
    """Codes of every kind of nothing that can be stored, skipping included."""
    printed: tuple[str, ...]
    """What is printed beside an answer on paper, each with the code it stands for."""
    asked_when: str
    topic: str
    themes: tuple[str, ...]
    group: str


def codebook(survey: Survey) -> tuple[CodebookRow, ...]:
    """Every row, versions in order and questions in the order asked."""
    return tuple(
        _row(questionnaire, numbers(questionnaire)[page.id], section.title, page, page.question)
        for questionnaire in survey.questionnaires
        for section in questionnaire.sections
        for page in section.pages
        if page.question
    )


def _row(
    questionnaire: Questionnaire, number: int, section: str, page: Page, question: Question
) -> CodebookRow:
    offered = tuple(code.value for code in question.non_answers)
    return CodebookRow(
        concept=question.id,
        version=questionnaire.audience,
        number=number,
        section=section,
        wording=plain_text(question),
        short=question.short,
        type=question.type,
        codes=_codes(question),
        labels=_labels(question),
        non_answers=(*offered, "skipped", *(("not_asked",) if page.when else ())),
        printed=_printed(question),
        asked_when=in_words(page.when) if page.when else "always",
        topic=question.topic or "",
        themes=question.themes,
        group=question.group or "",
    )


def _codes(question: Question) -> tuple[str, ...]:
    if question.type is QuestionType.LADDER:
        return ("0", "10")
    if question.type is QuestionType.MONTH:
        return (f"{question.earliest_year}-01", f"{question.latest_year}-12")
    return tuple(option.code for option in question.options)


def _printed(question: Question) -> tuple[str, ...]:
    letters = (*option_letters(question).items(), *non_answer_letters(question).items())
    return tuple(f"{letter} {code}" for code, letter in letters)


def _labels(question: Question) -> tuple[str, ...]:
    if question.type is QuestionType.LADDER:
        return (question.low_label or "", question.high_label or "")
    if question.type is QuestionType.MONTH:
        return ("year and month", "year and month")
    return tuple(option.label for option in question.options)


COLUMNS = tuple(CodebookRow.__dataclass_fields__)
"""The heading of the codebook as a table."""


def as_cells(row: CodebookRow) -> tuple[str, ...]:
    """The row as text, several values in one cell joined by `` | ``, in the order of COLUMNS."""
    return tuple(_cell(getattr(row, column)) for column in COLUMNS)


def _cell(value: object) -> str:
    return " | ".join(value) if isinstance(value, tuple) else str(value)
