"""The fixed texts of respondents' pages that can be heard, by look and reading level.

In: the templates, and what modules say of a missing answer or of secret pictures. Out: messages
for translation; those with a number in them come with every number that they can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment, FileSystemLoader

from questionnaires.model import Questionnaire, QuestionType
from surveys.site import SupportLine
from surveys.sound.page_words import PageWords

_PAGES = {
    "welcome": "welcome page",
    "question": "question page",
    "widgets": "question page",
    "check": "check page",
    "thanks": "thanks page",
    "help": "help page",
    "start": "start page",
    "not_open": "when the words open nothing",
    "pictures": "secret pictures",
    "hidden": "calm page",
    "delete": "deleting answers",
    "away": "after leaving",
    "privacy": "how answers are kept safe",
}
_CONTACT_PAGES = {"talk": "I need to talk", "talk_thanks": "after a message was sent"}
_KIND_PAGES = ("kind", *(f"errors/{code}" for code in (403, 404, 410, 413, 419, 500, 503)))
_ANSWERING = Path(__file__).parents[1] / "answering"
_WORDED_MODULES = {
    "nothing picked": "forms.py",
    "secret pictures": "hiding.py",
    "after a low answer": "low_answers.py",
    "I need to talk": "../contact/talking.py",
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_ANY_TIME = "Any time, day or night"


class NoEndOfTexts(ValueError):
    """A text can be heard that has a number in it without end: it can never be recorded."""


_NUMBERS: Mapping[str, Callable[[Questionnaire], list[int]]] = {
    "count": lambda asked: [len(asked.questions)],
    "most": lambda asked: sorted(
        {one.max_length or 1000 for one in asked.questions if one.type is QuestionType.TEXT}
    ),
    "place": lambda asked: list(range(1, max(one.places or 0 for one in asked.questions) + 1)),
}


def fillings(message: str, questionnaire: Questionnaire) -> list[dict[str, int]]:
    """What a message's placeholders can stand for in a questionnaire. Raises NoEndOfTexts."""
    names = _PLACEHOLDER.findall(message)
    if not names:
        return [{}]
    if len(names) > 1 or names[0] not in _NUMBERS:
        raise NoEndOfTexts(f"{message!r} can be heard, but its numbers have no end")
    return [{names[0]: number} for number in _NUMBERS[names[0]](questionnaire)]


def respondents_templates() -> Environment:
    """Jinja as it reads the site's templates; enough to look into them, not to make a page."""
    loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=loader, extensions=["jinja2.ext.i18n"], autoescape=True)


@dataclass(frozen=True)
class FixedWords:
    """What the respondents' templates say, whatever the questionnaire."""

    environment: Environment = field(default_factory=respondents_templates)
    _read: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)

    def messages(self, questionnaire: Questionnaire) -> list[tuple[str, str]]:
        """Where each message stands, and the message, in the order of a sitting; read once."""
        if questionnaire.id not in self._read:
            self._read[questionnaire.id] = list(self._messages(questionnaire))
        return self._read[questionnaire.id]

    def _messages(self, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
        words = PageWords(self.environment, questionnaire)
        for page, where in _PAGES.items():
            for message in words.heard_in(f"answering/{page}.html"):
                yield where, message
        for page, where in _CONTACT_PAGES.items():
            for message in words.heard_in(f"contact/{page}.html"):
                yield where, message
        for page in _KIND_PAGES:
            for message in words.all_in(f"answering/{page}.html"):
                yield "when something went wrong", message
        yield from self._of_modules

    def hours(self, line: SupportLine) -> str:
        """When somebody answers, as the page says it."""
        return _ANY_TIME if line.hours == "always" else line.hours

    @cached_property
    def _of_modules(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (where, message)
            for where, module in _WORDED_MODULES.items()
            for _, message, _, _ in extract_from_file("python", _ANSWERING / module)
            if isinstance(message, str) and not _PLACEHOLDER.search(message)
        )
