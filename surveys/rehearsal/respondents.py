"""Invented respondents who answer through the real pages, following forms as a browser would.

In: access codes and an address. Out: counts of what they did. Repeatable from a seed. They choose,
skip, do not know, press Send twice, leave unfinished and write.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy
from ruamel.yaml import YAML

from questionnaires.model import Question
from surveys.rehearsal.browser import Browser, Choice, Form, Page
from surveys.rehearsal.opinions import choose_option

_MOST_PAGES = 150
_ONWARD = frozenset({"/answer/welcome", "/answer/send"})
_AT_ONCE = 4  # more only wait for each other, on a machine with two cores
_MOST_STARTS, _BUSY = 20, 503
_NOTHING = "x:"  # how a form marks the kinds of nothing, such as "I don't know"

Questions = Mapping[tuple[str, tuple[str, ...]], Question]


class RehearsalStuck(RuntimeError):
    """A page led nowhere. The message says which kind of page, never whose."""


@dataclass(frozen=True)
class Habits:
    """How often, out of one, a respondent does each thing."""

    leaves_unfinished: float = 0.06
    skips: float = 0.03
    does_not_know: float = 0.05
    writes: float = 0.35
    sends_twice: float = 0.05


USUAL_HABITS = Habits()


@dataclass
class Respondent:
    """One invented person: a mood between 0 (sees all black) and 1, and their habits."""

    dice: numpy.random.Generator
    comments: Sequence[str]
    questions: Questions
    mood: float
    habits: Habits

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return bool(self.dice.random() < share)

    def choose(self, page_id: str, choice: Choice) -> list[str]:
        """Which of the values to tick."""
        nothing = [value for value in choice.values if value.startswith(_NOTHING)]
        codes = [value for value in choice.values if not value.startswith(_NOTHING)]
        if nothing and (not codes or self.chance(self.habits.does_not_know)):
            return [nothing[0]]
        question = self.questions.get((page_id, tuple(codes)))
        return [choose_option(question, codes, self.mood, self.dice)]

    def comment(self) -> str:
        """Something to write."""
        return str(self.dice.choice(list(self.comments)))


def read_comments() -> dict[str, list[str]]:
    """Invented comments by look."""
    path = Path(__file__).with_name("comments.yaml")
    return {look: list(lines) for look, lines in YAML(typ="safe").load(path.read_text()).items()}


def answer_all(
    address: str,
    codes: Sequence[str],
    comments: Sequence[str],
    questions: Questions,
    *,
    seed: int,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
    habits: Habits = USUAL_HABITS,
    at_once: int = _AT_ONCE,
) -> Counter[str]:
    """Have one respondent per code answer; returns how many sent, left and were turned away."""
    dice = numpy.random.default_rng(seed)
    people = [
        Respondent(own, comments, questions, float(dice.beta(4, 2)), habits)
        for own in dice.spawn(len(codes))
    ]
    with ThreadPoolExecutor(at_once) as pool:
        pairs = zip(codes, people, strict=True)
        outcomes = pool.map(lambda pair: answer_one(address, *pair), pairs)
        return Counter(progress(outcomes))


def answer_one(address: str, code: str, person: Respondent) -> str:
    """Answer one questionnaire from the start page to thank-you: "sent", "left" or "refused"."""
    browser = Browser(address)
    try:
        return _answer(browser, code, person)
    finally:
        browser.close()


def _answer(browser: Browser, code: str, person: Respondent) -> str:
    page = browser.get("/")
    form = page.form_with("words")
    if form is None:
        raise RehearsalStuck(f"no place for a code on {page.url}")
    page = _start(browser, page, form, code)
    if not page.url.startswith("/answer/"):
        return "refused"
    leaves_at = (
        int(person.dice.integers(3, 20)) if person.chance(person.habits.leaves_unfinished) else None
    )
    for count in range(_MOST_PAGES):
        if page.url == "/answer/thanks":
            return "sent"
        if count == leaves_at and "/check" not in page.url:
            return "left"
        page = _turn(browser, page, person)
    raise RehearsalStuck(f"still answering after {_MOST_PAGES} pages, at {page.url}")


def _start(browser: Browser, door: Page, form: Form, code: str) -> Page:
    for _ in range(_MOST_STARTS):
        page = browser.submit(door, form, [("words", code)], form.buttons[0])
        if page.status != _BUSY:
            break
        time.sleep(0.5)  # as the page asks: wait a little, then press Start again
    return page


def _turn(browser: Browser, page: Page, person: Respondent) -> Page:
    if page.status != 200:
        raise RehearsalStuck(f"{page.url} answered {page.status}")
    form, button = _way_on(page)
    if person.chance(person.habits.skips) and (skip := _button(form, "skip")):
        return browser.submit(page, form, [], skip)
    filled = [
        (name, value)
        for name, choice in form.choices.items()
        for value in person.choose(form.hidden.get("page", ""), choice)
    ]
    filled += [
        (name, person.comment()) for name in form.texts if person.chance(person.habits.writes)
    ]
    if not filled and form.texts and (skip := _button(form, "skip")):
        button = skip
    answered = browser.submit(page, form, filled, button)
    if page.url == "/answer/check" and person.chance(person.habits.sends_twice):
        browser.submit(page, form, filled, button)  # a double click: must count once
    return answered


def _way_on(page: Page) -> tuple[Form, tuple[str, str, str]]:
    for form in page.forms:
        if found := _button(form, "next"):
            return form, found
        if form.action in _ONWARD and form.buttons:
            return form, form.buttons[-1]  # where there are two, the last is for narrow screens
    raise RehearsalStuck(f"no way on from {page.url}")


def _button(form: Form, wanted: str) -> tuple[str, str, str] | None:
    """The last button of that value: the first may be the hidden one that Enter presses."""
    found = [button for button in form.buttons if button[1] == wanted]
    return found[-1] if found else None
