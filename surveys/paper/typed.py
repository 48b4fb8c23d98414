"""What somebody typed from a paper: read from the long form, and compared with the path.

In: the questions of a printed form and what the browser posted. Out: answers by question, faults in
kind words with everything that was typed kept, and what to look at before sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import format_date, gettext

from questionnaires.conditions import questions_in
from questionnaires.model import NonAnswer, Questionnaire, QuestionType
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written
from questionnaires.routing import path
from surveys.answering.forms import Fault, Given, entered, form_for, given_from, read_answer
from surveys.paper.layout import NON_ANSWER, Item

UNREADABLE = NON_ANSWER + NonAnswer.SKIPPED


@dataclass(frozen=True)
class Typed:
    """A long form as it was posted."""

    given: Mapping[str, Given]
    answers: Mapping[str, Answer]
    faults: Mapping[str, Fault]


@dataclass(frozen=True)
class Astray:
    """A question that was answered off the path, and the answer that leads past it.

    ``others`` are the numbers of the questions that decide; ``answer`` is told when it is one.
    """

    number: int
    others: tuple[int, ...]
    answer: str


@dataclass(frozen=True)
class Line:
    """One answer, to be compared with the paper."""

    number: int
    text: str
    answer: str
    is_sent: bool


@dataclass(frozen=True)
class ToCheck:
    """Everything to look at before sending."""

    lines: tuple[Line, ...]
    astray: tuple[Astray, ...]
    empty: tuple[int, ...]


def prefix_of(item: Item) -> str:
    """What the names of a question's fields begin with."""
    return f"q{item.number}-"


def read_typed(items: Iterable[Item]) -> Typed:
    """What the request's form says. A question that it says nothing about has no answer."""
    given: dict[str, Given] = {}
    answers: dict[str, Answer] = {}
    faults: dict[str, Fault] = {}
    for item in items:
        name = item.question.id
        given[name] = entered(form_for(item.question)(prefix=prefix_of(item)))
        answer = _read(item, given[name])
        if isinstance(answer, Fault):
            faults[name] = answer
        elif answer is not None:
            answers[name] = answer
    return Typed(given, answers, faults)


def given_again(answers: Mapping[str, Answer]) -> dict[str, Given]:
    """Answers that were typed before, as they stand in the form."""
    unreadable = Given(frozenset({UNREADABLE}))
    return {
        name: unreadable if answer is NonAnswer.SKIPPED else given_from(answer)
        for name, answer in answers.items()
    }


def to_check(
    questionnaire: Questionnaire, items: Iterable[Item], answers: Mapping[str, Answer]
) -> ToCheck:
    """The answers in the order of the paper, those off the path, and questions left empty."""
    listed = {item.question.id: item for item in items}
    asked = {page.id for page in path(questionnaire, answers)}
    lines = [
        Line(item.number, item.text, in_words(item, answers[name]), name in asked)
        for name, item in listed.items()
        if name in answers
    ]
    astray = [
        _astray(questionnaire, listed, answers, name)
        for name, answer in answers.items()
        if name not in asked and answer is not NonAnswer.SKIPPED
    ]
    empty = [item.number for name, item in listed.items() if name in asked and name not in answers]
    return ToCheck(tuple(lines), tuple(sorted(astray, key=lambda one: one.number)), tuple(empty))


def in_words(item: Item, answer: Answer) -> str:
    """An answer with the letters and words that are printed on the paper."""
    said = {mark.value: f"{mark.letter} {mark.label}" for mark in (*item.marks, *item.non_answers)}
    match answer:
        case Chosen(codes):
            return gettext(", ").join(said[code] for code in codes)
        case Ranked(codes):
            places = (f"{place}: {said[code]}" for place, code in enumerate(codes, start=1))
            return gettext(", ").join(places)
        case Month(year, month):
            return format_date(date(year, month, 1), "LLLL y")
        case Number(value):
            return str(value)
        case Written(text):
            return text
        case NonAnswer.SKIPPED:
            return gettext("Cannot be read")
        case NonAnswer():
            return said[NON_ANSWER + answer]


def _read(item: Item, given: Given) -> Answer | Fault | None:
    answer = _read_unreadable(given) or read_answer(item.question, prefix_of(item))
    if isinstance(answer, Fault) and item.question.type is not QuestionType.TEXT:
        return replace(answer, advice=_look_again())
    return answer


def _read_unreadable(given: Given) -> Answer | Fault | None:
    if UNREADABLE not in given.picked:
        return None
    if len(given.picked) > 1 or given.text.strip() or any(given.lists):
        return Fault(gettext("Two things that do not go together."), _look_again())
    return NonAnswer.SKIPPED


def _look_again() -> str:
    return gettext("Look at the paper again. If it cannot be told, choose “Cannot be read”.")


def _astray(
    questionnaire: Questionnaire,
    listed: Mapping[str, Item],
    answers: Mapping[str, Answer],
    name: str,
) -> Astray:
    (when,) = (page.when for page in questionnaire.pages if page.id == name)
    deciding = dict.fromkeys(questions_in(when)) if when else {}
    others = tuple(sorted(listed[other].number for other in deciding))
    alone = next(iter(deciding)) if len(deciding) == 1 else ""
    said = in_words(listed[alone], answers[alone]) if alone in answers else ""
    return Astray(listed[name].number, others, said)
