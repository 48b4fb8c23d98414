"""The ways through a questionnaire: how people can be led, page by page.

In: a questionnaire. Out: answers that lead to a page; the way that costs most; and how likely each
page is met. Only answers that some condition asks about make a difference, so only those branch,
and ways that can no longer differ are followed as one. Nothing is left out, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations

from questionnaires.allowed_answers import LADDER
from questionnaires.conditions import holds, questions_in
from questionnaires.model import Condition, Page, Question, Questionnaire, QuestionType
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written

_Known = frozenset[tuple[str, Answer]]
"""The answers that a later condition still asks about."""
_SILENCE: list[Answer | None] = [None]


@dataclass(frozen=True, slots=True)
class Way:
    """One way through: the pages met, what they cost together, and the answers that lead there."""

    pages: tuple[Page, ...] = ()
    cost: float = 0.0
    answers: tuple[tuple[str, Answer], ...] = ()


def costliest_way(questionnaire: Questionnaire, cost: Callable[[Page], float]) -> Way:
    """The way through whose pages cost most together; the earliest answers of equals."""
    found = _ways(questionnaire, questionnaire.pages, cost)
    return max(found.values(), key=lambda way: way.cost)


def answers_leading_to(questionnaire: Questionnaire, page: Page) -> dict[str, Answer] | None:
    """Answers with which a page is met, no more than are needed; None when nobody can meet it."""
    place = questionnaire.pages.index(page)
    before = questionnaire.pages[: place + 1]
    for way in _ways(questionnaire, before, lambda met: float(met == page)).values():
        if way.pages and way.pages[-1] == page:
            needed = _needed_for(questionnaire, page)
            return {name: answer for name, answer in way.answers if name in needed}
    return None


def likelihoods(questionnaire: Questionnaire) -> dict[str, float]:
    """How likely each page is met when every answer that makes a difference is equally likely.

    Everybody is taken to answer: skipping is left out.
    """
    plan, likely = _Plan(questionnaire, questionnaire.pages), {}
    weights: dict[_Known, float] = {frozenset(): 1.0}
    for page in questionnaire.pages:
        following: dict[_Known, float] = {}
        likely[page.id] = 0.0
        for known, weight in weights.items():
            met = page.when is None or holds(page.when, dict(known))
            likely[page.id] += weight if met else 0.0
            answers = plan.answers(page)[:-1] if met else []
            for answer in answers or _SILENCE:
                key = plan.kept(page, known, answer)
                following[key] = following.get(key, 0.0) + weight / max(1, len(answers))
        weights = following
    return likely


def _ways(
    questionnaire: Questionnaire, pages: tuple[Page, ...], cost: Callable[[Page], float]
) -> dict[_Known, Way]:
    """The costliest way to each state in which answers can still matter."""
    plan = _Plan(questionnaire, pages)
    ways: dict[_Known, Way] = {frozenset(): Way()}
    for page in pages:
        following: dict[_Known, Way] = {}
        for known, way in ways.items():
            for key, longer in _steps(plan, page, known, way, cost):
                if key not in following or longer.cost > following[key].cost:
                    following[key] = longer
        ways = following
    return ways


def _steps(
    plan: _Plan, page: Page, known: _Known, way: Way, cost: Callable[[Page], float]
) -> Iterator[tuple[_Known, Way]]:
    if page.when is not None and not holds(page.when, dict(known)):
        yield plan.kept(page, known, None), way
        return
    pages, total = (*way.pages, page), way.cost + cost(page)
    for answer in plan.answers(page) or _SILENCE:
        answers = way.answers if answer is None else (*way.answers, (page.id, answer))
        yield plan.kept(page, known, answer), Way(pages, total, answers)


class _Plan:
    """Which answers make a difference, and until which page they have to be remembered."""

    def __init__(self, questionnaire: Questionnaire, pages: tuple[Page, ...]) -> None:
        conditions = [page.when for page in pages if page.when]
        self._codes = frozenset(chain.from_iterable(map(_codes_in, conditions)))
        self._last_use: dict[str, int] = {}
        self._place = {page.id: place for place, page in enumerate(pages)}
        for place, page in enumerate(pages):
            for name in questions_in(page.when) if page.when else ():
                self._last_use[name] = place

    def answers(self, page: Page) -> list[Answer | None]:
        """One answer of each kind that conditions can tell apart; none when none asks.

        Silence is written None and stands last, so that answers are preferred to it.
        """
        if page.question is None or page.id not in self._last_use:
            return []
        return [*_answers_that_differ(page.question, self._codes), None]

    def kept(self, page: Page, known: _Known, answer: Answer | None) -> _Known:
        """What is still worth knowing after a page."""
        place = self._place[page.id]
        added = {(page.id, answer)} if answer is not None else set()
        return frozenset(
            (name, given) for name, given in known | added if self._last_use[name] > place
        )


def _needed_for(questionnaire: Questionnaire, page: Page) -> frozenset[str]:
    """The questions that decide whether a page is met, and those that decide about them."""
    conditions = {known.id: known.when for known in questionnaire.pages}
    needed: set[str] = set()
    waiting = [page.when]
    while waiting:
        when = waiting.pop()
        for name in questions_in(when) if when else ():
            if name not in needed:
                needed.add(name)
                waiting.append(conditions.get(name))
    return frozenset(needed)


def _codes_in(condition: Condition) -> Iterator[str]:
    yield from (*(condition.is_ or ()), *(condition.is_not or ()))
    for part in (*(condition.all_ or ()), *(condition.any_ or ())):
        yield from _codes_in(part)
    if condition.not_:
        yield from _codes_in(condition.not_)


def _answers_that_differ(question: Question, codes: Iterable[str]) -> list[Answer]:
    match question.type:
        case QuestionType.LADDER:
            return [Number(rung) for rung in LADDER]
        case QuestionType.TEXT:
            return [Written("words")]
        case QuestionType.RANKING:
            return [Ranked((question.options[0].code,))]
        case QuestionType.MONTH:
            return [Month(question.earliest_year or 0, 1)]
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.BAND:
            return [Chosen((option.code,)) for option in question.options]
    return _sets_that_differ(question, frozenset(codes))


def _sets_that_differ(question: Question, asked_about: frozenset[str]) -> list[Answer]:
    """Of several at once: every set of those asked about, with one that stands for all others."""
    named = [option for option in question.options if option.code in asked_about]
    others = [option for option in question.options if option.code not in asked_about][:1]
    together = [option.code for option in (*others, *named) if not option.exclusive]
    alone = [(option.code,) for option in (*others, *named) if option.exclusive]
    sizes = range(1, len(together) + 1)
    sets = chain.from_iterable(combinations(together, size) for size in sizes)
    return [Chosen(chosen) for chosen in (*sets, *alone)]
