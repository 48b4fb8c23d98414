"""Which answers a question accepts: a closed check for whatever a browser posts.

In: a question and an answer. Out: the same answer in its canonical order, or a refusal.
"""

from __future__ import annotations

from questionnaires.model import NonAnswer, Question, QuestionType
from questionnaires.responses import Answer, Chosen, Number, Written

LADDER = range(11)


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
        case Chosen(codes) if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
            return _chosen(question, codes)
        case Number(value) if question.type is QuestionType.LADDER:
            return _rung(answer, value)
        case Written(text) if question.type is QuestionType.TEXT:
            return _written(question, answer, text)
    raise AnswerNotAllowed(f"not an answer to a {question.type} question")


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
    if len(chosen) > 1 and question.type is QuestionType.CHOICE:
        raise AnswerNotAllowed("only one option can be chosen")
    if len(chosen) > 1 and any(option.exclusive for option in chosen):
        raise AnswerNotAllowed("one of these options stands alone")
    return Chosen(tuple(option.code for option in chosen))


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
    return answer
