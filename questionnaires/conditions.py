"""Whether a condition holds, for a closed list of operators.

In: a condition and the answers given so far. Out: true or false; nothing is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from questionnaires.model import Condition, NonAnswer
from questionnaires.responses import Answer, Chosen, Number


def holds(condition: Condition, answers: Mapping[str, Answer]) -> bool:
    """True when the condition holds for these answers.

    ``is``, ``is_not``, ``at_least`` and ``at_most`` are false when the question was not answered
    with an option or a number: silence never opens a page by itself. Only ``answered: false``
    and ``not`` can be true of silence.
    """
    if condition.all_ is not None:
        return all(holds(part, answers) for part in condition.all_)
    if condition.any_ is not None:
        return any(holds(part, answers) for part in condition.any_)
    if condition.not_ is not None:
        return not holds(condition.not_, answers)
    return _test(condition, answers.get(str(condition.question)))


def _test(condition: Condition, answer: Answer | None) -> bool:
    if condition.answered is not None:
        return condition.answered == was_answered(answer)
    match answer:
        case Chosen(codes):
            return _test_codes(condition, frozenset(codes))
        case Number(value):
            return _test_number(condition, value)
    return False


def was_answered(answer: Answer | None) -> bool:
    """True for an option, a number or words; false for silence of every kind."""
    return answer is not None and not isinstance(answer, NonAnswer)


def _test_codes(condition: Condition, codes: frozenset[str]) -> bool:
    if condition.is_ is not None:
        return not codes.isdisjoint(condition.is_)
    if condition.is_not is not None:
        return bool(codes) and codes.isdisjoint(condition.is_not)
    return False


def _test_number(condition: Condition, value: int) -> bool:
    if condition.at_least is not None:
        return value >= condition.at_least
    if condition.at_most is not None:
        return value <= condition.at_most
    return False


def questions_in(condition: Condition) -> Iterator[str]:
    """Every question that the condition asks about, in the order written."""
    if condition.question is not None:
        yield condition.question
    for part in (*(condition.all_ or ()), *(condition.any_ or ())):
        yield from questions_in(part)
    if condition.not_ is not None:
        yield from questions_in(condition.not_)


def in_words(condition: Condition) -> str:
    """The condition as a person would say it, with names and codes, for codebooks."""
    if condition.all_ is not None:
        return " and ".join(_bracketed(part) for part in condition.all_)
    if condition.any_ is not None:
        return " or ".join(_bracketed(part) for part in condition.any_)
    if condition.not_ is not None:
        return f"not ({in_words(condition.not_)})"
    return f"{condition.question} {_test_in_words(condition)}"


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    is_joined = condition.all_ is not None or condition.any_ is not None
    return f"({words})" if is_joined else words


def _test_in_words(condition: Condition) -> str:
    if condition.answered is not None:
        return "was answered" if condition.answered else "was not answered"
    if condition.is_ is not None:
        return f"is {' or '.join(condition.is_)}"
    if condition.is_not is not None:
        return f"is answered, but not with {' or '.join(condition.is_not)}"
    if condition.at_least is not None:
        return f"is at least {condition.at_least}"
    return f"is at most {condition.at_most}"
