"""Whether anybody can ever meet a page, found by trying every combination of answers that matters.

In: a questionnaire and one of its pages. Out: true or false; true when there is too much to try.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, product
from math import prod

from questionnaires.allowed_answers import LADDER
from questionnaires.conditions import holds, questions_in
from questionnaires.model import Condition, NonAnswer, Page, Question, Questionnaire, QuestionType
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written

MOST_COMBINATIONS = 50_000
"""Beyond this a page is taken to be reachable: a check may be incomplete, but not slow."""


def can_be_met(questionnaire: Questionnaire, page: Page) -> bool:
    """False when no answers at all lead to the page."""
    if page.when is None:
        return True
    relevant = _relevant_pages(questionnaire, page)
    mentioned = _codes_mentioned(relevant)
    choices = {
        earlier.id: _answers_that_differ(earlier.question, mentioned)
        for earlier in relevant
        if earlier.question and earlier.id != page.id
    }
    if prod(len(answers) for answers in choices.values()) > MOST_COMBINATIONS:
        return True
    return any(
        _is_met(relevant, dict(zip(choices, answers, strict=True)))
        for answers in product(*choices.values())
    )


def _is_met(relevant: tuple[Page, ...], answers: dict[str, Answer]) -> bool:
    """Whether the last of the relevant pages is met."""
    seen: dict[str, Answer] = {}
    for page in relevant:
        is_met = page.when is None or holds(page.when, seen)
        if page is relevant[-1]:
            return is_met
        if is_met:
            seen[page.id] = answers[page.id]
    return False


def _relevant_pages(questionnaire: Questionnaire, page: Page) -> tuple[Page, ...]:
    """The page, and every question that decides whether it is met, in order."""
    by_id = {known.id: known for known in questionnaire.pages}
    wanted, waiting = {page.id}, [page]
    while waiting:
        when = waiting.pop().when
        for name in questions_in(when) if when else ():
            if name in by_id and name not in wanted:
                wanted.add(name)
                waiting.append(by_id[name])
    return tuple(known for known in questionnaire.pages if known.id in wanted)


def _codes_mentioned(pages: Iterable[Page]) -> frozenset[str]:
    return frozenset(chain.from_iterable(_codes(page.when) for page in pages if page.when))


def _codes(condition: Condition) -> Iterator[str]:
    yield from (*(condition.is_ or ()), *(condition.is_not or ()))
    for part in (*(condition.all_ or ()), *(condition.any_ or ())):
        yield from _codes(part)
    if condition.not_:
        yield from _codes(condition.not_)


def _answers_that_differ(question: Question, mentioned: frozenset[str]) -> list[Answer]:
    """One answer of each kind that conditions can tell apart."""
    match question.type:
        case QuestionType.LADDER:
            return [NonAnswer.SKIPPED, *(Number(rung) for rung in LADDER)]
        case QuestionType.TEXT:
            return [NonAnswer.SKIPPED, Written("words")]
        case QuestionType.RANKING:
            return [NonAnswer.SKIPPED, Ranked((question.options[0].code,))]
        case QuestionType.MONTH:
            return [NonAnswer.SKIPPED, Month(question.earliest_year or 0, 1)]
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.BAND:
            return [NonAnswer.SKIPPED, *(Chosen((o.code,)) for o in question.options)]
    named = [option for option in question.options if option.code in mentioned]
    others = [option for option in question.options if option.code not in mentioned][:1]
    together = [option.code for option in (*named, *others) if not option.exclusive]
    sets = chain.from_iterable(combinations(together, size) for size in range(1, len(together) + 1))
    alone = ((option.code,) for option in (*named, *others) if option.exclusive)
    return [NonAnswer.SKIPPED, *(Chosen(codes) for codes in (*sets, *alone))]
