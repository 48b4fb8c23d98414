"""Go or no-go: what the site itself knows about a wave's readiness, and nothing it only hopes.

In: the site, a wave, and how many invitations were made. Out: checks with a state and a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import format_date, gettext, ngettext

from surveys.console.words import DAY_AND_YEAR
from surveys.inspections.instruments import standing_of
from surveys.keys.key_register import RegisterDamaged, untried
from surveys.languages import NAMES
from surveys.site import Site
from surveys.speaking.offer import Offer
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.waves import Wave, WaveStatus

SUPPORT_LINES_GOOD_FOR = timedelta(days=183)


class CheckState(StrEnum):
    """Ready, missing, or true but worth a look."""

    READY = "ready"
    MISSING = "missing"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the site knows, in one sentence."""

    state: CheckState
    words: str


def checks_of(site: Site, wave: Wave, offered: int) -> tuple[Check, ...]:
    """What is known of a wave that may still collect; nothing once it is closed."""
    if wave.status not in (WaveStatus.PREPARED, WaveStatus.OPEN):
        return ()
    return (
        _questionnaire(site, wave),
        _keys(site, wave),
        _invitations(offered),
        _custody(wave),
        *_languages(site, wave),
    )


def _languages(site: Site, wave: Wave) -> tuple[Check, ...]:
    """Languages that were approved once, in texts that have changed since."""
    if not isinstance(site.languages, Offer):
        return ()
    standings = site.languages.standings(wave.survey)
    lapsed = [one for one in standings if one.void and not one.is_approved]
    return tuple(
        Check(
            CheckState.MISSING,
            gettext(
                "%(language)s is no longer offered: its texts have changed since it was approved.",
                language=NAMES.get(one.language, one.language),
            ),
        )
        for one in lapsed
    )


def support_lines_check(site: Site, today: date) -> Check:
    """Whether the numbers shown to people who need help were checked in the last half year."""
    if not site.support_lines:
        return Check(CheckState.MISSING, gettext("There are no support lines to show."))
    unchecked = [line for line in site.support_lines if not line.checked_on]
    if unchecked:
        words = ngettext(
            "Ring the support lines: %(num)d has never been checked.",
            "Ring the support lines: %(num)d have never been checked.",
            len(unchecked),
        )
        return Check(CheckState.LOOK, words)
    oldest = min(date.fromisoformat(line.checked_on) for line in site.support_lines)
    day = format_date(oldest, DAY_AND_YEAR)
    if today - oldest > SUPPORT_LINES_GOOD_FOR:
        words = gettext("Ring the support lines: one was last checked on %(day)s.", day=day)
        return Check(CheckState.LOOK, words)
    return Check(
        CheckState.READY, gettext("All support lines were checked on %(day)s or later.", day=day)
    )


def _questionnaire(site: Site, wave: Wave) -> Check:
    survey = site.surveys.get(wave.survey)
    if survey is None:
        return Check(CheckState.MISSING, gettext("The questionnaire is not on this site."))
    standing = standing_of(site.summaries.parent, wave, survey)
    if not standing.is_fine:
        words = gettext("The questionnaire was changed after this survey was prepared.")
        return Check(CheckState.MISSING, words)
    if standing.recorded:
        words = gettext("Slips of the pen were corrected in the questionnaire; each is recorded.")
        return Check(CheckState.READY, words)
    return Check(CheckState.READY, gettext("The questionnaire is the one that was prepared."))


def _keys(site: Site, wave: Wave) -> Check:
    try:
        load_wave_keys(site.public_keys, wave.id)
        waiting = len(untried(site.public_keys, wave.id))
    except (KeysUnfit, RegisterDamaged):
        words = gettext("The keys that seal answers are missing or damaged. Nothing can be sent.")
        return Check(CheckState.MISSING, words)
    if waiting:
        words = ngettext(
            "%(num)d key file has never been tried: it may not open the answers.",
            "%(num)d key files have never been tried: they may not open the answers.",
            waiting,
        )
        return Check(CheckState.LOOK, words)
    return Check(CheckState.READY, gettext("The keys that seal answers are in place."))


def _invitations(offered: int) -> Check:
    if not offered:
        return Check(CheckState.MISSING, gettext("No invitations have been made."))
    words = ngettext(
        "%(num)d invitation has been made.", "%(num)d invitations have been made.", offered
    )
    return Check(CheckState.READY, words)


def _custody(wave: Wave) -> Check:
    if wave.single_custodian:
        words = gettext("One person holds both keys that open answers (single-custodian mode).")
        return Check(CheckState.LOOK, words)
    return Check(CheckState.READY, gettext("Two people hold the keys that open answers."))
