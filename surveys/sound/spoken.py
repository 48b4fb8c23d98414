"""Which texts need a clip: everything that the respondents of one version can meet.

In: a questionnaire, what its pages say around it, and a language. Out: texts as they are shown in
that language, each once, with where it stands. A text that has no translation yet is only counted.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from questionnaires.model import Page, Question, Questionnaire, QuestionType
from questionnaires.piping import possible_wordings
from questionnaires.wording import head_texts
from surveys.site import SupportLine
from surveys.sound.clips import clip_name, own_name, tidy
from surveys.sound.fixed_words import FixedWords, fillings
from surveys.sound.hearing import own_clip
from surveys.sound.tongues import UNTRANSLATED, Tongue

_RUNGS = tuple(str(rung) for rung in range(11))


@dataclass(frozen=True)
class Spoken:
    """A text that needs a clip. ``own`` is the recording that stands for it, if it has one."""

    text: str
    where: str
    own: str | None = None

    @property
    def name(self) -> str:
        """The name of its clip."""
        return clip_name(self.text)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that its clip can have; the recording that stands for it goes first."""
        return (own_name(self.own), self.name) if self.own else (self.name,)

    def is_among(self, names: Container[str]) -> bool:
        """Whether a clip of it is among these."""
        return any(name in names for name in self.names)


@dataclass(frozen=True)
class Reading:
    """All that can be heard in one version and language, and how much is not translated yet."""

    survey: str
    audience: str
    language: str
    texts: tuple[Spoken, ...] = field(repr=False)
    untranslated: int = 0


def reading_of(
    survey: str,
    questionnaire: Questionnaire,
    tongue: Tongue,
    fixed: FixedWords,
    lines: Iterable[SupportLine],
) -> Reading:
    """Every text of a version and of the pages around it, once each, in the order met."""
    found: dict[str, Spoken] = {}
    untranslated: set[str] = set()
    for spoken in _all_texts(questionnaire, tongue, fixed, lines):
        if UNTRANSLATED in spoken.text:
            untranslated.add(spoken.text)
        elif any(letter.isalnum() for letter in spoken.text):
            found.setdefault(spoken.text, spoken)
    return Reading(
        survey, questionnaire.audience, tongue.language, tuple(found.values()), len(untranslated)
    )


def texts_of_page(questionnaire: Questionnaire, page: Page, tongue: Tongue) -> list[Spoken]:
    """Every text that a page of the questionnaire can show to anybody, in the order of the page."""
    return [one for one in _on_page(questionnaire, page, tongue) if one.text]


def _on_page(questionnaire: Questionnaire, page: Page, tongue: Tongue) -> Iterator[Spoken]:
    at = f"page {page.id}"
    texts = [page.heading or "", *page.body]
    if page.battery:
        texts += [page.battery.text, page.battery.hint or ""]
    yield from (_said(text, tongue, at) for text in texts)
    if page.question:
        yield from _of_question(questionnaire, page.question, tongue, f"question {page.id}")


def _of_question(
    questionnaire: Questionnaire, question: Question, tongue: Tongue, at: str
) -> Iterator[Spoken]:
    for words in possible_wordings(questionnaire, question, tongue.said):
        yield Spoken(tidy(words.text), at, own_clip(question))
        yield Spoken(tidy(words.hint), f"{at}, hint")
    if question.type is QuestionType.LADDER:
        yield from (Spoken(rung, f"{at}, step") for rung in _RUNGS)
    ends = (question.low_label or "", question.high_label or "")
    options = (option.label for option in question.options)
    for label in (*ends, *options, *question.non_answers.values()):
        yield _said(label, tongue, f"{at}, answer")


def _all_texts(
    questionnaire: Questionnaire,
    tongue: Tongue,
    fixed: FixedWords,
    lines: Iterable[SupportLine],
) -> Iterator[Spoken]:
    for route, text in head_texts(questionnaire):
        yield _said(text, tongue, "section" if route[0] == "sections" else "welcome page")
    for page in questionnaire.pages:
        yield from texts_of_page(questionnaire, page, tongue)
    for template, message in fixed.messages(questionnaire):
        for values in fillings(message, questionnaire):
            text = tongue.said(message)
            yield Spoken(text if UNTRANSLATED in text else tidy(text % values), template)
    for line in lines:
        if questionnaire.look in line.looks:
            for text in (line.name, line.words, line.contact, fixed.hours(line)):
                yield _said(text, tongue, f"people to call, {line.id}")


def _said(text: str, tongue: Tongue, at: str) -> Spoken:
    return Spoken(tidy(tongue.said(text)) if text else "", at)


def names_of(readings: Iterable[Reading]) -> set[str]:
    """Every name that a clip of these texts can have; a clip of another name is stale."""
    return {name for reading in readings for spoken in reading.texts for name in spoken.names}
