"""Judge the wording of questions: length, jargon, long words, negatives, two in one.

In: a questionnaire with its places, and the rules for its reading level. Out: faults.
A question may be excused from a check with ``allow: [two_in_one]``; the reason is written beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from questionnaires import messages
from questionnaires.faults import Fault
from questionnaires.fitting import did_you_mean
from questionnaires.messages import Saying
from questionnaires.model import Question, Questionnaire
from questionnaires.reading_level import reading_level, syllables, words
from questionnaires.reading_rules import LevelRule, WordingRules
from questionnaires.structure import PlacedPage
from questionnaires.wording import head_texts, page_texts
from questionnaires.yaml_source import Route, Source

_NEGATIVE = re.compile(r"\b(?:not|never|neither|nobody|nothing|none)\b|\w+n[’']t\b", re.IGNORECASE)
_JOIN = re.compile(r"\S+ (?:and|or) \S+", re.IGNORECASE)

ENOUGH_WORDS = 40
"""Fewer words are too few for a reading formula to mean anything."""

Placed = Callable[..., Fault]
"""Makes a fault at a text: ``placed(saying, **values)``."""


@dataclass(frozen=True, slots=True)
class WordingCheck:
    """The checks of one questionnaire against the rules for its level."""

    questionnaire: Questionnaire
    source: Source
    pages: tuple[PlacedPage, ...]
    rules: WordingRules

    @property
    def _level(self) -> LevelRule:
        return self.rules.levels[self.questionnaire.reading]

    def faults(self) -> Iterator[Fault]:
        """Everything to be said about the wording, in file order."""
        yield from self._head()
        for page in self.pages:
            yield from self._page(page)
        yield from self._whole()

    def _head(self) -> Iterator[Fault]:
        for route, text in head_texts(self.questionnaire):
            yield from self._words(text, self._at_head(route))

    def _at_head(self, route: Route) -> Placed:
        element = " ".join(str(step) for step in route)

        def placed(saying: Saying, **values: object) -> Fault:
            return self.source.fault(route, element, saying, **values)

        return placed

    def _page(self, page: PlacedPage) -> Iterator[Fault]:
        question = page.page.question
        allowed = question.allow if question else ()
        for route, text in page_texts(page.page):
            yield from self._words(text, _at_page(page, route), allowed)
        if question:
            yield from self._allowances(page, question)
            yield from self._stem(page, question)

    def _allowances(self, page: PlacedPage, question: Question) -> Iterator[Fault]:
        for place, name in enumerate(question.allow):
            if name not in ALLOWANCES:
                help_ = did_you_mean(name, ALLOWANCES)
                yield page.fault(messages.ALLOW_UNKNOWN, "allow", place, name=name, help=help_)

    def _stem(self, page: PlacedPage, question: Question) -> Iterator[Fault]:
        for name, check in _STEM_CHECKS.items():
            if name not in question.allow:
                for saying, values in check(self, question.text):
                    yield page.fault(saying, "text", **values)

    def length(self, stem: str) -> Iterator[tuple[Saying, dict[str, object]]]:
        """Too many words for the level."""
        count, most = len(words(stem)), self._level.most_words
        if count > most:
            reading = self.questionnaire.reading
            yield messages.TOO_LONG, {"count": count, "most": most, "reading": reading}

    def two_in_one(self, stem: str) -> Iterator[tuple[Saying, dict[str, object]]]:
        """Two questions in one, as far as the words show it."""
        if re.search(r"\band/or\b", stem, re.IGNORECASE):
            yield messages.TWO_QUESTIONS, {"words": "and/or"}
        if stem.count("?") > 1:
            yield messages.TWO_QUESTIONS, {"words": "two question marks"}
        rest = stem
        for pair in self.rules.pairs:
            rest = re.sub(re.escape(pair), "…", rest, flags=re.IGNORECASE)
        for join in _JOIN.finditer(rest):
            yield messages.TWO_IN_ONE, {"words": join.group()}

    def negative(self, stem: str) -> Iterator[tuple[Saying, dict[str, object]]]:
        """A no in the question, which turns the meaning of every answer."""
        for found in _NEGATIVE.finditer(stem):
            yield messages.NEGATIVE, {"words": found.group()}

    def _words(self, text: str, placed: Placed, allowed: tuple[str, ...] = ()) -> Iterator[Fault]:
        reading = self.questionnaire.reading
        if "jargon" not in allowed:
            for found, instead in self._jargon_in(text):
                yield placed(messages.JARGON, words=found, reading=reading, instead=instead)
        if self._level.long_words == "listed" and "long_words" not in allowed:
            for word in dict.fromkeys(words(text)):
                if syllables(word) >= 3 and word.lower() not in self.rules.long_words:
                    yield placed(messages.LONG_WORD, word=word, reading=reading)

    def _jargon_in(self, text: str) -> Iterator[tuple[str, str]]:
        for phrase, instead in self.rules.jargon(self.questionnaire.reading):
            found = re.search(rf"\b{re.escape(phrase)}(?:s|’s|'s)?\b", text, re.IGNORECASE)
            if found:
                yield found.group(), instead

    def _whole(self) -> Iterator[Fault]:
        stems = [question.text for question in self.questionnaire.questions]
        if sum(len(words(stem)) for stem in stems) < ENOUGH_WORDS:
            return
        level, rule = reading_level(stems), self._level
        measures = (
            ("Flesch-Kincaid grade", level.grade, rule.highest_grade),
            ("LIX", level.lix, rule.highest_lix),
        )
        for measure, value, most in measures:
            if value > most:
                yield self._at_head(("reading",))(
                    messages.SET_TOO_HARD,
                    measure=measure,
                    value=value,
                    most=most,
                    reading=self.questionnaire.reading,
                )


def _at_page(page: PlacedPage, route: Route) -> Placed:
    def placed(saying: Saying, **values: object) -> Fault:
        return page.fault(saying, *route, **values)

    return placed


_STEM_CHECKS = {
    "too_long": WordingCheck.length,
    "two_in_one": WordingCheck.two_in_one,
    "negative": WordingCheck.negative,
}
ALLOWANCES = (*_STEM_CHECKS, "jargon", "long_words", "no_way_out")
"""The checks that a question can be excused from."""
