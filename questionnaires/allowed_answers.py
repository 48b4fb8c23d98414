"""Which answers a question accepts: a closed check for whatever a browser posts.

In: a question and an answer. Out: the same answer in its canonical order, or a refusal.
"""

from __future__ import annotations

import re

from questionnaires.model import ONE_OPTION, NonAnswer, Question, QuestionType
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written

LADDER = range(11)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class AnswerNotAllowed(ValueError):
    """The answer does not belong to the question. Carries no part of what was answered."""


def offers(question: Question) -> dict[NonAnswer, str]:
    """The non-answers a respondent can choose, with their words, in the order written.

    Skipping is not among them: it is possible on every page.
    """
    return dict(question.non_answers)


def validate_answer(question: Question, answer: Answer) -> Answer:
    """The answer, with chosen codes in the questionnaire's order and each only once.

    Raises AnswerNotAllowed when the question could not have produced it.
    """
    match answer:
        case NonAnswer():
            return _non_answer(question, answer)
        case Chosen(codes) if question.type in ONE_OPTION | {QuestionType.CHOICES}:
            return _chosen(question, codes)
        case Ranked(codes) if question.type is QuestionType.RANKING:
            return _ranked(question, answer, codes)
        case Month(year, month) if question.type is QuestionType.MONTH:
            return _month(question, answer, year, month)
        case Number(value) if question.type is QuestionType.LADDER:
            return _rung(answer, value)
        case Written(text) if question.type is QuestionType.TEXT:
            return _written(question, answer, text)
    raise AnswerNotAllowed(f"not an answer to a {question.type} question")


def without_controls(text: str) -> str:
    """The text without control characters, which no keyboard writes; line ends and tabs stay.

    Marks for the direction of writing, joiners and emoji are no control characters.
    """
    return _CONTROLS.sub("", text)


def _non_answer(question: Question, answer: NonAnswer) -> NonAnswer:
    if answer is NonAnswer.SKIPPED or answer in question.non_answers:
        return answer
    raise AnswerNotAllowed("this way of not answering is not offered")


def _chosen(question: Question, codes: tuple[str, ...]) -> Chosen:
    wanted = frozenset(codes)
    chosen = tuple(option for option in question.options if option.code in wanted)
    if len(chosen) != len(wanted):
        raise AnswerNotAllowed("not an option of this question")
    if not chosen:
        raise AnswerNotAllowed("nothing was chosen; that is skipping")
    if len(chosen) > 1 and question.type is not QuestionType.CHOICES:
        raise AnswerNotAllowed("only one option can be chosen")
    if len(chosen) > 1 and any(option.exclusive for option in chosen):
        raise AnswerNotAllowed("one of these options stands alone")
    return Chosen(tuple(option.code for option in chosen))


def _ranked(question: Question, answer: Ranked, codes: tuple[str, ...]) -> Ranked:
    if not codes:
        raise AnswerNotAllowed("nothing was put in order; that is skipping")
    known = {option.code for option in question.options}
    if len(set(codes)) != len(codes) or not known.issuperset(codes):
        raise AnswerNotAllowed("not options of this question, each once")
    if len(codes) > (question.places or 0):
        raise AnswerNotAllowed("more than the question has places")
    return answer


def _month(question: Question, answer: Month, year: int, month: int) -> Month:
    years = range(question.earliest_year or 0, (question.latest_year or 0) + 1)
    if year not in years or month not in range(1, 13):
        raise AnswerNotAllowed("not a month of these years")
    return answer


def _rung(answer: Number, value: int) -> Number:
    if isinstance(value, bool) or value not in LADDER:
        raise AnswerNotAllowed("not a rung of the ladder")
    return answer


def _written(question: Question, answer: Written, text: str) -> Written:
    if not text.strip():
        raise AnswerNotAllowed("nothing was written; that is skipping")
    if question.max_length is None or len(text) > question.max_length:
        raise AnswerNotAllowed("longer than the question allows")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise AnswerNotAllowed("not Unicode text")
    if text != without_controls(text):
        raise AnswerNotAllowed("characters that nobody can write or see")
    return answer
