"""Which languages a survey is offered in, now.

In: the surveys, the catalogues, and the register of approvals. Out: languages by survey. A
demonstration shows every complete language. A live site shows English and those that somebody who
speaks them has checked, or that the coordinator has accepted as drafts, in the very texts of today.

The register is read at most once a minute by each worker for pages before a sitting, and anew at
the start of every sitting: an act done at one web server counts at the next sitting on every other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from questionnaires.model import Survey
from surveys.languages import is_draft
from surveys.speaking.approvals import Approval, Kind
from surveys.speaking.catalogues import Catalogue, Catalogues, Text
from surveys.speaking.texts import Missing, fingerprint, missing, texts_of

GOOD_FOR_SECONDS = 60.0


@dataclass(frozen=True)
class Wording:
    """A survey in one language: what is missing, and the fingerprint of what it says."""

    catalogue: Catalogue = field(repr=False)
    texts: tuple[Text, ...] = field(repr=False)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The texts that cannot be shown."""
        return missing(self.catalogue, self.texts)

    @cached_property
    def fingerprint(self) -> bytes:
        """What an approval is tied to."""
        return fingerprint(self.catalogue, self.texts)

    @property
    def complete(self) -> bool:
        """Whether every text can be shown."""
        return not self.missing


@dataclass(frozen=True)
class Standing:
    """A survey in one language, and the approvals that nobody has withdrawn."""

    survey: str
    language: str
    wording: Wording
    approvals: tuple[Approval, ...]

    @property
    def checks(self) -> tuple[Approval, ...]:
        """Who has checked the texts as they are."""
        return self._fitting(Kind.CHECKED)

    @property
    def acceptances(self) -> tuple[Approval, ...]:
        """Who has accepted the texts as they are, as a draft."""
        return self._fitting(Kind.ACCEPTED)

    @property
    def void(self) -> tuple[Approval, ...]:
        """Approvals of texts that have changed since."""
        return tuple(each for each in self.approvals if each.texts != self.wording.fingerprint)

    @property
    def is_approved(self) -> bool:
        """Whether a live site offers it."""
        return bool(self.checks or self.acceptances) and self.wording.complete

    @property
    def is_draft(self) -> bool:
        """Whether respondents are told that it is a draft."""
        return not self.checks

    def _fitting(self, kind: Kind) -> tuple[Approval, ...]:
        return tuple(
            each
            for each in self.approvals
            if each.kind is kind and each.texts == self.wording.fingerprint
        )


@dataclass(frozen=True)
class _Reading:
    """The register as it was read at a moment, and what followed from it."""

    moment: float
    approvals: Mapping[tuple[str, str], tuple[Approval, ...]]
    marks: dict[str, dict[str, bool]] = field(default_factory=dict)


class Offer(Mapping[str, tuple[str, ...]]):
    """For each survey, English and then the languages it is offered in at this moment."""

    def __init__(
        self,
        surveys: Mapping[str, Survey],
        catalogues: Catalogues,
        read_register: Callable[[], Sequence[Approval]],
        *,
        everything: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.everything = everything
        self._surveys = surveys
        self._catalogues = catalogues
        self._read_register = read_register
        self._clock = clock
        self._texts: dict[str, tuple[Text, ...]] = {}
        self._wordings: dict[tuple[str, str], Wording] = {}
        self._latest: _Reading | None = None

    def __getitem__(self, survey: str) -> tuple[str, ...]:
        return tuple(self.marks(survey))

    def __iter__(self) -> Iterator[str]:
        return iter(self._surveys)

    def __len__(self) -> int:
        return len(self._surveys)

    def marks(self, survey: str) -> Mapping[str, bool]:
        """The languages of a survey, and whether respondents are told that it is a draft.

        Raises KeyError when there is no such survey.
        """
        reading = self._reading()
        if survey not in reading.marks:
            offered = (each for each in self.standings(survey) if self.is_offered(each))
            drafts = {each.language: each.is_draft for each in offered}
            reading.marks[survey] = {"en": False, **drafts}
        return reading.marks[survey]

    def is_offered(self, standing: Standing) -> bool:
        """Whether this site offers the survey in that language."""
        return standing.is_approved or (self.everything and standing.wording.complete)

    def complete(self, survey: str) -> tuple[str, ...]:
        """English and every complete language, approved or not: for previews. Raises KeyError."""
        codes = self._catalogues.languages
        return ("en", *(code for code in codes if self.wording(survey, code).complete))

    def standings(self, survey: str) -> tuple[Standing, ...]:
        """The survey in every language that has a catalogue. Raises KeyError."""
        self._texts_of(survey)  # also when there is no catalogue at all
        return tuple(self.standing(survey, code) for code in self._catalogues.languages)

    def standing(self, survey: str, language: str) -> Standing:
        """The survey in one language. Raises KeyError when there is no such survey or catalogue."""
        wording = self.wording(survey, language)
        approvals = self._reading().approvals.get((survey, language), ())
        return Standing(survey, language, wording, approvals)

    def wording(self, survey: str, language: str) -> Wording:
        """What the survey says in a language. Raises KeyError."""
        wanted = (survey, language)
        if wanted not in self._wordings:
            catalogue = self._catalogues.languages[language]
            self._wordings[wanted] = Wording(catalogue, self._texts_of(survey))
        return self._wordings[wanted]

    def look_again(self) -> None:
        """Read the register anew when it is next needed."""
        self._latest = None

    def _texts_of(self, survey: str) -> tuple[Text, ...]:
        if survey not in self._texts:
            self._texts[survey] = texts_of(self._surveys[survey], self._catalogues.around)
        return self._texts[survey]

    def _reading(self) -> _Reading:
        kept, now = self._latest, self._clock()
        if kept is None or now - kept.moment >= GOOD_FOR_SECONDS:
            found: dict[tuple[str, str], tuple[Approval, ...]] = {}
            for each in self._read_register():
                if not each.withdrawn:
                    place = each.survey, each.language
                    found[place] = (*found.get(place, ()), each)
            kept = self._latest = _Reading(now, found)
        return kept


def marked(languages: Mapping[str, Sequence[str]], survey: str) -> Mapping[str, bool]:
    """The languages that a survey is offered in, and whether each is marked as a draft."""
    if survey not in languages:
        return {}
    if isinstance(languages, Offer):
        return languages.marks(survey)
    return {code: is_draft(code) for code in languages[survey]}


def marked_in_any(languages: Mapping[str, Sequence[str]]) -> dict[str, bool]:
    """Every language that some survey is offered in; marked when it is a draft for one of them."""
    found: dict[str, bool] = {}
    for survey in languages:
        for code, mark in marked(languages, survey).items():
            found[code] = found.get(code, False) or mark
    return found
