"""What can be taken onto a tablet: waves in the child's look, and versions that it can show.

In: the site's waves and surveys. Out: offers for the page that prepares a tablet. A question that
the tablet cannot show is a reason not to take its version, said by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from questionnaires.model import Questionnaire, QuestionType
from surveys.site import Site
from surveys.vault.waves import Wave, WaveStatus, all_waves

SHOWN_TYPES = frozenset(
    {
        QuestionType.CHOICE,
        QuestionType.YES_NO,
        QuestionType.BAND,
        QuestionType.CHOICES,
        QuestionType.LADDER,
        QuestionType.TEXT,
    }
)
_NOT_OVER = (WaveStatus.PREPARED, WaveStatus.OPEN)


@dataclass(frozen=True)
class OfferedVersion:
    """A version for a shared tablet. ``reason`` says why it cannot be taken, if so."""

    version: Questionnaire
    reason: str


@dataclass(frozen=True)
class Offer:
    """A wave that a tablet can be prepared for, and in which languages."""

    wave: Wave
    title: str
    closes: datetime
    versions: tuple[OfferedVersion, ...]
    languages: tuple[str, ...]

    def fitting(self, audiences: frozenset[str]) -> tuple[Questionnaire, ...]:
        """The versions among these audiences that can be taken."""
        return tuple(
            offered.version
            for offered in self.versions
            if offered.version.audience in audiences and not offered.reason
        )


def offers(site: Site) -> list[Offer]:
    """Every wave that is not over, of a survey with versions in the child's look."""
    found = (_offer(site, wave) for wave in all_waves(site.engine) if wave.status in _NOT_OVER)
    return [offer for offer in found if offer.versions and site.now() < offer.closes]


def offer_for(site: Site, wave_id: str) -> Offer | None:
    """The offer with this wave, written in hex."""
    return next((offer for offer in offers(site) if offer.wave.id.hex() == wave_id), None)


def reason_against(version: Questionnaire) -> str:
    """Why a tablet cannot show a version, or nothing."""
    for question in version.questions:
        if question.type not in SHOWN_TYPES:
            return gettext(
                "The question “%(question)s” is of a kind that cannot be answered offline yet.",
                question=question.short,
            )
    return ""


def _offer(site: Site, wave: Wave) -> Offer:
    survey = site.surveys[wave.survey]
    closes = datetime.combine(wave.closes_on, wave.closes_at, site.now().tzinfo)
    languages = tuple(site.languages.get(wave.survey, ("en",)))
    return Offer(wave, survey.title, closes, tuple(_offered(survey.questionnaires)), languages)


def _offered(versions: tuple[Questionnaire, ...]) -> Iterator[OfferedVersion]:
    for version in versions:
        if version.look == "child":  # a shared tablet is for children; others have devices
            yield OfferedVersion(version, reason_against(version))
