"""What an expression needs to know of the questions it names.

In: a questionnaire, or the rows of a survey sheet. Out: for every question, how its answer is
compared, and which codes of its list are ways of giving no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.model import ONE_OPTION, NonAnswer, Question, Questionnaire, QuestionType

NOTHING_MARK = "_"
"""Stands before the code of a non-answer in a list. No option code of ours can begin with it."""


class Kind(StrEnum):
    """How an answer is compared in an expression."""

    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as expressions see it."""

    kind: Kind
    nothing: tuple[str, ...] = ()
    """Codes in its own list that are ways of giving no answer, in the order of the list."""


Vocabulary = Mapping[str, Asked]


def nothing_code(code: NonAnswer) -> str:
    """How a non-answer is written in a list."""
    return f"{NOTHING_MARK}{code.value}"


def has_nothing_in_list(kind: QuestionType) -> bool:
    """Whether non-answers stand among the options; else they are a question of their own."""
    return kind in ONE_OPTION or kind is QuestionType.CHOICES


def vocabulary_of(questionnaire: Questionnaire) -> dict[str, Asked]:
    """The vocabulary of a whole questionnaire."""
    return {question.id: _asked(question) for question in questionnaire.questions}


def _asked(question: Question) -> Asked:
    if has_nothing_in_list(question.type):
        kind = Kind.ONE if question.type in ONE_OPTION else Kind.SEVERAL
        return Asked(kind, tuple(nothing_code(code) for code in question.non_answers))
    return Asked(Kind.NUMBER if question.type is QuestionType.LADDER else Kind.OTHER)
