"""The fixed texts of respondents' pages that can be heard, by look and reading level.

In: the templates, and the forms' kind words about a missing answer. Out: messages for translation;
those with a number in them come with every number that they can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment

from questionnaires.model import Questionnaire, QuestionType
from surveys.site import SupportLine
from surveys.sound.page_words import PageWords

_PAGES = ("welcome", "question", "widgets", "check", "thanks", "help")
_KIND_PAGES = ("kind", *(f"errors/{code}" for code in (403, 404, 410, 413, 419, 500, 503)))
_FORMS = Path(__file__).parents[1] / "answering" / "forms.py"
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


@dataclass(frozen=True)
class FixedWords:
    """What the respondents' templates say, whatever the questionnaire."""

    environment: Environment

    def messages(self, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
        """Where each message stands, and the message."""
        words = PageWords(self.environment, questionnaire)
        for page in _PAGES:
            for message in words.heard_in(f"answering/{page}.html"):
                yield f"{page} page", message
        for page in _KIND_PAGES:
            for message in words.all_in(f"answering/{page}.html"):
                yield "when something went wrong", message
        yield from (("nothing picked", message) for message in self._faults)

    def hours(self, line: SupportLine) -> str:
        """When somebody answers, as the page says it."""
        return _ANY_TIME if line.hours == "always" else line.hours

    @cached_property
    def _faults(self) -> tuple[str, ...]:
        found = extract_from_file("python", _FORMS)
        messages = (message for _, message, _, _ in found if isinstance(message, str))
        return tuple(message for message in messages if not _PLACEHOLDER.search(message))
