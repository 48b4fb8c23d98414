"""Which pages a respondent meets, and which answers leave the form.

In: a questionnaire and the answers so far. Out: the path, places on it, and the answers on it.
An answer that is off the path influences nothing and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.conditions import holds
from questionnaires.model import NonAnswer, Page, Questionnaire
from questionnaires.responses import Answer


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Page, ...]:
    """The pages that these answers lead through, in order.

    A condition sees only answers to questions that are themselves on the path, so an answer left
    behind by going back and choosing otherwise cannot open or close anything.
    """
    met: list[Page] = []
    seen: dict[str, Answer] = {}
    for page in questionnaire.pages:
        if page.when is not None and not holds(page.when, seen):
            continue
        met.append(page)
        if page.question and page.id in answers:
            seen[page.id] = answers[page.id]
    return tuple(met)


def on_path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """One answer for exactly the questions on the path, SKIPPED where nothing was answered."""
    return {
        page.id: answers.get(page.id, NonAnswer.SKIPPED)
        for page in path(questionnaire, answers)
        if page.question
    }


def step_of(pages: tuple[Page, ...], page_id: str) -> int | None:
    """The step at which a page stands on a path, counting from 1. None when it is off it."""
    for step, page in enumerate(pages, start=1):
        if page.id == page_id:
            return step
    return None
