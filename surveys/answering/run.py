"""One sitting of one respondent: where they are on their path, and what may be shown to them.

In: a questionnaire, a draft, and which pages were answered in this sitting. Out: steps, places to
go on to, and what to show for checking. Pure functions; answers given in an earlier sitting are
"tucked away": kept and sent, never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from questionnaires.model import Page, Questionnaire
from questionnaires.responses import Answer
from questionnaires.routing import path, step_of
from surveys.vault.drafts import Draft
from surveys.vault.waves import Wave


@dataclass(frozen=True)
class Run:
    """A respondent's draft with the questionnaire it answers. ``seen`` has one bit per page of
    the questionnaire, set for those answered in this sitting. A ``wide`` screen shows the questions
    of a battery together; everywhere else each has a page of its own."""

    questionnaire: Questionnaire
    wave: Wave
    draft: Draft = field(repr=False)
    seen: int = 0
    wide: bool = False

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The path as the answers make it."""
        return path(self.questionnaire, self.draft.answers)

    def page(self, step: int) -> Page | None:
        """The page at a step, counting from 1."""
        return self.pages[step - 1] if 1 <= step <= len(self.pages) else None

    def step_of(self, page_id: str) -> int | None:
        """The step of a page, or None when it is off the path."""
        return step_of(self.pages, page_id)

    def answered(self, page: Page) -> bool:
        """Whether there is an answer of any kind, skipping included."""
        return page.question is not None and page.id in self.draft.answers

    def tucked(self, page: Page) -> bool:
        """Whether the page was answered in an earlier sitting, so must not be shown again."""
        return self.answered(page) and not self.seen & bit_of(self.questionnaire, page.id)

    def shown(self, page: Page) -> Answer | None:
        """The answer that may be shown on a page."""
        return None if self.tucked(page) else self.draft.answers.get(page.id)

    @property
    def answers_shown(self) -> dict[str, Answer]:
        """The answers on the path that may be shown: wordings depend on no others, so that none
        that is tucked away can be read from another question's text."""
        shown = {page.id: self.shown(page) for page in self.pages}
        return {name: answer for name, answer in shown.items() if answer is not None}

    @property
    def tucked_count(self) -> int:
        """How many answers on the path are tucked away."""
        return sum(self.tucked(page) for page in self.pages)

    @property
    def open_steps(self) -> list[int]:
        """The steps whose questions have no answer of any kind yet."""
        return [
            step
            for step, page in enumerate(self.pages, start=1)
            if page.question and page.id not in self.draft.answers
        ]

    def resume_step(self) -> int | None:
        """Where to go on: the first question without an answer, or the pages of information that
        lead up to it. None when every question has one."""
        if not self.open_steps:
            return None
        step = self.open_steps[0]
        while step > 1 and self.pages[step - 2].question is None:
            step -= 1
        return step

    def screen(self, step: int) -> tuple[int, ...]:
        """The steps that are shown together at a step: more than one only for a battery."""
        battery = self.pages[step - 1].battery
        if not self.wide or battery is None:
            return (step,)
        return tuple(
            other
            for other, page in enumerate(self.pages, start=1)
            if page.battery == battery and not self.tucked(page)
        )

    def after(self, step: int) -> int | None:
        """The first step after this screen that may be shown; None when only checking is left."""
        rest = range(self.screen(step)[-1] + 1, len(self.pages) + 1)
        return next((later for later in rest if not self.tucked(self.pages[later - 1])), None)

    def before(self, step: int) -> int | None:
        """The last step before this screen that may be shown."""
        last = self.screen(step)[0] - 1 if step <= len(self.pages) else step - 1
        earlier = range(last, 0, -1)
        return next((found for found in earlier if not self.tucked(self.pages[found - 1])), None)


def bit_of(questionnaire: Questionnaire, page_id: str) -> int:
    """The bit that stands for a page in ``Run.seen``."""
    for place, page in enumerate(questionnaire.pages):
        if page.id == page_id:
            return 1 << place
    return 0


def with_answer(draft: Draft, page_id: str, answer: Answer) -> Draft:
    """The draft with one answer put in or replaced."""
    return replace(draft, answers={**draft.answers, page_id: answer})


def without_answers(draft: Draft) -> Draft:
    """The draft as it was before anybody answered."""
    return replace(draft, answers={})
