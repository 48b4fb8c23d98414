"""How long a questionnaire takes: measured by its words, answers and pages, not guessed.

In: a questionnaire. Out: minutes for the longest way through and for a typical one, and a fault
when the minutes it states are others. The formula is a sum, in seconds:

    words read        60 / words per minute, for the welcome, headings, questions, hints, and each
                      set of answers the first time that it is met (the next time it is recognised)
    closed questions  deciding, and a look at every answer offered; a second look where several can
                      be chosen or put in order, and a decision for each list of months or places
    free text         deciding whether to write; one text is written, at the time stated for it
    pages             turning to the next

Reading speeds. Adults read English non-fiction silently at 238 words a minute, most of them at 175
to 300, children more slowly (Brysbaert 2019, J. Memory and Language 109, 104047: 190 studies). For
children there are norms for reading aloud, at which a child reads a new text with care: half of
them read 120 words or more a minute in the middle of the fourth school year after the first, at
nine to ten, and 146 at eleven to twelve (Hasbrouck & Tindal 2017). Eleven to fifteen is set at 160,
between these and adults. Sixteen and over is set at 200, because schooling was often broken.

Deciding and looking have no such norms. They are set so that an ordinary question of adults comes
to the 10 to 11 seconds that Pew Research Center has measured and plans with (85 such questions in
15 minutes; pewresearch.org/decoded, 8 December 2022), and half as much again for the youngest.
A helper who reads aloud, or a screen reader, takes longer; the welcome promises no limit of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from questionnaires import messages
from questionnaires.faults import Fault
from questionnaires.loading import LoadedSurvey
from questionnaires.model import ONE_OPTION, Page, Question, Questionnaire, QuestionType
from questionnaires.piping import plain_text
from questionnaires.reading_level import words
from questionnaires.ways import costliest_way, likelihoods
from questionnaires.yaml_source import Source

SHARE_OFF, MINUTES_OFF = 0.25, 1.0
"""How far the minutes stated may be from those measured: whichever allows more."""

_RUNGS = 11
_MINUTES_IN_WORDS = re.compile(r"\b(\d+)\s+minutes?\b")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the readers of one level go; times in seconds."""

    words_per_minute: int
    decide: float
    look: float
    write: float
    turn: float
    words_around: int
    """Words that Heard itself says on the way: who sees the answers, and before sending."""


PACES = {
    "8-10": Pace(120, decide=4.0, look=0.5, write=60.0, turn=2.0, words_around=225),
    "11-15": Pace(160, decide=3.0, look=0.4, write=60.0, turn=1.5, words_around=340),
    "16+": Pace(200, decide=2.5, look=0.3, write=60.0, turn=1.5, words_around=400),
    "adult": Pace(238, decide=2.5, look=0.3, write=60.0, turn=1.5, words_around=335),
}
"""By reading level. A test counts the words that Heard says on its pages."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long one version takes. The longest way is what ``minutes`` should say."""

    stated: int
    longest: float
    typical: float
    pages: int
    words: int

    @property
    def fitting(self) -> int:
        """What to state: the longest way in whole minutes."""
        return max(1, round(self.longest))

    @property
    def is_right(self) -> bool:
        """Whether the minutes stated are near enough to those measured."""
        return abs(self.stated - self.longest) <= max(MINUTES_OFF, SHARE_OFF * self.longest)


def duration_of(questionnaire: Questionnaire) -> Duration:
    """Measure one version: the longest way with one text written, and a typical one with none.

    On the typical way every answer that leads elsewhere is equally likely.
    """
    measure = _Measure(questionnaire)
    longest = costliest_way(questionnaire, measure.seconds)
    likely = likelihoods(questionnaire)
    typical = sum(likely[page.id] * measure.seconds(page) for page in questionnaire.pages)
    return Duration(
        stated=questionnaire.minutes,
        longest=(measure.at_the_ends + longest.cost + measure.writing(longest.pages)) / 60,
        typical=(measure.at_the_ends + typical) / 60,
        pages=len(longest.pages),
        words=sum(measure.words_on[page.id] for page in longest.pages),
    )


def duration_faults(loaded: LoadedSurvey) -> Iterator[Fault]:
    """A fault for each version that states other minutes than measured, or two different ones."""
    for questionnaire in loaded.survey.questionnaires:
        source = loaded.sources[questionnaire.id]
        found = duration_of(questionnaire)
        if not found.is_right:
            yield source.fault(
                ("minutes",),
                "minutes",
                messages.MINUTES_NOT_MEASURED,
                stated=found.stated,
                longest=found.longest,
                typical=found.typical,
                fitting=found.fitting,
            )
        yield from _otherwise_said(questionnaire, source)


def _otherwise_said(questionnaire: Questionnaire, source: Source) -> Iterator[Fault]:
    for place, sentence in enumerate(questionnaire.welcome):
        for said in _MINUTES_IN_WORDS.findall(sentence):
            if int(said) != questionnaire.minutes:
                yield source.fault(
                    ("welcome", place),
                    f"welcome {place + 1}",
                    messages.MINUTES_SAID_OTHERWISE,
                    said=said,
                    stated=questionnaire.minutes,
                )


def duration_table(loaded: LoadedSurvey) -> Iterator[str]:
    """The measured minutes of every version, a line each; the first line is the heading."""
    yield f"{'version':32}{'stated':>8}{'longest':>9}{'typical':>9}{'pages':>7}{'words':>7}"
    for questionnaire in loaded.survey.questionnaires:
        found = duration_of(questionnaire)
        yield (
            f"{questionnaire.id:32}{found.stated:>8}{found.longest:>9.1f}{found.typical:>9.1f}"
            f"{found.pages:>7}{found.words:>7}{'' if found.is_right else f'  say {found.fitting}'}"
        )


@dataclass(frozen=True)
class _Measure:
    """Seconds page by page, for the readers of one version."""

    questionnaire: Questionnaire

    @property
    def pace(self) -> Pace:
        """How fast its readers go."""
        return PACES[self.questionnaire.reading]

    @cached_property
    def words_on(self) -> dict[str, int]:
        """Words read on each page. A set of answers or a battery's text counts where it is new."""
        met: set[object] = set()
        return {page.id: sum(map(_count, _texts(page, met))) for page in self.questionnaire.pages}

    def seconds(self, page: Page) -> float:
        """What a page takes: reading, answering, turning."""
        reading = 60 * self.words_on[page.id] / self.pace.words_per_minute
        answering = self._answering(page.question) if page.question else 0.0
        return reading + answering + self.pace.turn

    def writing(self, pages: tuple[Page, ...]) -> float:
        """The time for the one text that is written on a way, if it asks for any."""
        asks = any(page.question and page.question.type is QuestionType.TEXT for page in pages)
        return self.pace.write if asks else 0.0

    @property
    def at_the_ends(self) -> float:
        """The welcome before, and the page for checking and sending after."""
        own = sum(map(_count, (self.questionnaire.title, *self.questionnaire.welcome)))
        read = own + self.pace.words_around
        return 60 * read / self.pace.words_per_minute + 2 * self.pace.turn

    def _answering(self, question: Question) -> float:
        looks = len(question.options) + len(question.non_answers)
        decisions = 1
        match question.type:
            case QuestionType.LADDER:
                looks += _RUNGS
            case QuestionType.CHOICES:
                looks += len(question.options)
            case QuestionType.RANKING:
                looks += len(question.options)
                decisions = question.places or 1
            case QuestionType.MONTH:
                decisions = 2
        return decisions * self.pace.decide + looks * self.pace.look


def _texts(page: Page, met: set[object]) -> Iterator[str]:
    """What is read on a page, without what was met before."""
    yield from (page.heading or "", *page.body)
    if page.battery and page.battery not in met:
        met.add(page.battery)
        yield from (page.battery.text, page.battery.hint or "")
    if page.question:
        yield from (plain_text(page.question), page.question.hint or "")
        yield from _answers_to_read(page.question, met)


def _answers_to_read(question: Question, met: set[object]) -> Iterator[str]:
    labels = [option.label for option in question.options]
    labels += [question.low_label or "", question.high_label or ""]
    own = [*labels, *question.non_answers.values()]
    known = question.type in ONE_OPTION and tuple(own) in met
    met.add(tuple(own))
    if not known:
        yield from own


def _count(text: str) -> int:
    return len(words(text))
