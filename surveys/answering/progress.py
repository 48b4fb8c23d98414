"""How far along a respondent is: question 3 of 28, and one stepping stone per section.

In: a run and a step. Out: a Progress for the top of the page. The address of a page says no more
than its step; the words here are seen by the respondent alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveys.answering.run import Run


@dataclass(frozen=True)
class Progress:
    """Where a page stands. ``number`` is None on pages of information, and ``last`` unless the page
    asks several questions."""

    number: int | None
    last: int | None
    total: int
    section: str
    stones: tuple[str, ...]


def progress_at(run: Run, screen: tuple[int, ...]) -> Progress:
    """The progress to show at the steps of a screen. They must be on the path."""
    page = run.pages[screen[0] - 1]
    asked = [met.id for met in run.pages if met.question]
    number = asked.index(page.id) + 1 if page.question else None
    on_path = {met.id for met in run.pages}
    sections = [
        section
        for section in run.questionnaire.sections
        if any(member.id in on_path for member in section.pages)
    ]
    here = next(
        place
        for place, section in enumerate(sections)
        if any(member.id == page.id for member in section.pages)
    )
    return Progress(
        number=number,
        last=number + len(screen) - 1 if number and len(screen) > 1 else None,
        total=len(asked),
        section=sections[here].title,
        stones=tuple(_state(place, here) for place in range(len(sections))),
    )


def _state(place: int, here: int) -> str:
    if place == here:
        return "here"
    return "done" if place < here else "to-come"
