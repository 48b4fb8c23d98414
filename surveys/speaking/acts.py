"""The acts that decide which languages a live survey offers, each with who and why.

In: what a coordinator filled in, on the page or on the command line. Out: a row of the register and
a line of the audit log, or a kind sentence that says what is missing and for which field.
"""

from __future__ import annotations

import unicodedata

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.site import Site
from surveys.speaking.approvals import (
    LONGEST_PERSON,
    LONGEST_REASON,
    Approval,
    Kind,
    add_approval,
    withdraw_approvals,
)
from surveys.speaking.offer import Offer, Standing
from surveys.speaking.texts import sheet_code

SHORTEST_REASON = 10
_JOINERS = "\u200c\u200d"  # names in Persian script are spelt with them

_NO_SURVEY = lazy_gettext("This site has no survey of that name.")
_NO_LANGUAGE = lazy_gettext("This site has no translation into that language.")
_INCOMPLETE = lazy_gettext("Some texts are still missing. Only a complete language can be offered.")
_WHO = lazy_gettext("Type the name of the person who speaks the language and has checked it.")
_WHO_ACCEPTS = lazy_gettext("Type the name of the person who accepts the draft.")
_LONG_NAME = lazy_gettext("That name is too long.")
_CODE = lazy_gettext("Type the code that stands on the signed sheet: eight letters and digits.")
_OTHER_CODE = lazy_gettext(
    "That is not the code of the texts as they are now. They have changed since the sheet was "
    "made, or a letter is wrong. Compare the codes; if they differ, have a new sheet checked."
)
_WHY = lazy_gettext("Say why, in at least 10 characters.")
_LONG_REASON = lazy_gettext("That is too long. Please use at most 500 characters.")
_NOT_APPROVED = lazy_gettext("Nobody has approved this language, so there is nothing to stop.")


class CannotDo(ValueError):
    """The act cannot be done. The message says why; ``field`` is what to look at, "" for none."""

    def __init__(self, words: LazyString, field: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.field = field

    def __str__(self) -> str:
        return str(self.words)


def offer_of(site: Site) -> Offer:
    """The site's offer of languages. A site without one is a programming error."""
    if not isinstance(site.languages, Offer):
        raise TypeError("this site was given languages that cannot be approved")
    return site.languages


def standing_of(site: Site, survey: str, language: str) -> Standing:
    """The survey in a language that has a catalogue. Raises CannotDo."""
    if survey not in site.surveys:
        raise CannotDo(_NO_SURVEY)
    try:
        return offer_of(site).standing(survey, language)
    except KeyError:
        raise CannotDo(_NO_LANGUAGE) from None


def record_check(
    site: Site, survey: str, language: str, *, person: str, code: str, note: str, who: str
) -> Standing:
    """Record that somebody who speaks the language has checked its texts. Raises CannotDo."""
    standing = _complete(site, survey, language)
    name = _fit_name(person, _WHO)
    _fit_code(code, standing)
    reason = _fit_length(_tidy(note), "note")
    return _approve(site, standing, Kind.CHECKED, person=name, reason=reason, who=who)


def accept_draft(
    site: Site, survey: str, language: str, *, person: str, reason: str, who: str
) -> Standing:
    """Offer a language that nobody has checked, knowingly. Raises CannotDo."""
    standing = _complete(site, survey, language)
    name = _fit_name(person, _WHO_ACCEPTS)
    why = _fit_reason(reason)
    return _approve(site, standing, Kind.ACCEPTED, person=name, reason=why, who=who)


def stop_offering(site: Site, survey: str, language: str, *, reason: str, who: str) -> Standing:
    """Withdraw every approval. Sittings that have begun keep the language. Raises CannotDo."""
    standing = standing_of(site, survey, language)
    why = _fit_reason(reason)
    if not withdraw_approvals(site.engine, survey, language):
        raise CannotDo(_NOT_APPROVED)
    about = {"survey": survey, "language": language, "reason": why}
    return _done(site, standing, who, "language_withdrawn", about)


def _approve(
    site: Site, standing: Standing, kind: Kind, *, person: str, reason: str, who: str
) -> Standing:
    texts = standing.wording.fingerprint
    day = site.now().date()
    approval = Approval(standing.survey, standing.language, kind, person, reason, day, texts)
    add_approval(site.engine, approval)
    about = {
        "survey": standing.survey,
        "language": standing.language,
        "person": person,
        "reason": reason,
        "texts": texts.hex(),
    }
    return _done(site, standing, who, f"language_{kind.value}", about)


def _done(site: Site, standing: Standing, who: str, what: str, about: dict[str, str]) -> Standing:
    offer_of(site).look_again()
    audit.record(audit_log_of(site), site.now().date(), who, what, about)
    return standing_of(site, standing.survey, standing.language)


def _complete(site: Site, survey: str, language: str) -> Standing:
    standing = standing_of(site, survey, language)
    if not standing.wording.complete:
        raise CannotDo(_INCOMPLETE)
    return standing


def _fit_name(typed: str, if_none: LazyString) -> str:
    name = _tidy(typed)
    if not any(letter.isalpha() for letter in name):
        raise CannotDo(if_none, "person")
    if len(name) > LONGEST_PERSON:
        raise CannotDo(_LONG_NAME, "person")
    return name


def _fit_code(typed: str, standing: Standing) -> None:
    code = "".join(typed.split()).casefold()
    if not code:
        raise CannotDo(_CODE, "code")
    if code != sheet_code(standing.wording.fingerprint):
        raise CannotDo(_OTHER_CODE, "code")


def _fit_reason(typed: str) -> str:
    reason = _tidy(typed)
    if len(reason) < SHORTEST_REASON:
        raise CannotDo(_WHY, "reason")
    return _fit_length(reason, "reason")


def _fit_length(reason: str, field: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise CannotDo(_LONG_REASON, field)
    return reason


def _tidy(typed: str) -> str:
    """On one line, and without characters that cannot be seen, but those that join letters."""
    spaced = "".join(" " if letter.isspace() else letter for letter in typed)
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())
