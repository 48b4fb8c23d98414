"""The offline pack: all that a tablet needs to ask a wave's questions and to seal the answers.

In: an offer, the versions and languages chosen, and the tokens of places. Out: values for JSON.
Nothing in them is secret but the tokens.
"""

from __future__ import annotations

from flask_babel import format_date

from questionnaires.allowed_answers import LADDER
from questionnaires.model import Condition, Page, Question, Questionnaire, QuestionType
from questionnaires.responses import Chosen, Number
from surveys.answering.low_answers import is_low
from surveys.kiosk.offering import Offer
from surveys.kiosk.rendering import in_language
from surveys.kiosk.slips import contact_for_tablet, safeguarding_keys
from surveys.site import Site
from surveys.vault.cobblestone import locked_length
from surveys.vault.envelope import (
    HEADER_LENGTH,
    KEY_ID_LENGTH,
    LENGTH_LENGTH,
    HeaderFields,
)
from surveys.vault.hpke import WRAP_LENGTH, PublicKey
from surveys.vault.public_keys import Generation, WaveKeys

FORMAT = "heard offline pack 1"


def pack_for(
    site: Site,
    offer: Offer,
    versions: tuple[Questionnaire, ...],
    languages: tuple[str, ...],
    keys: WaveKeys,
) -> dict[str, object]:
    """A whole pack but for its places. English, which every survey has, is always in it."""
    languages = tuple(dict.fromkeys(("en", *languages)))
    wave, contact = offer.wave, contact_for_tablet(site, safeguarding_keys(site))
    return {
        "format": FORMAT,
        "title": offer.title,
        "opens_on": wave.opens_on.isoformat(),
        "closes": offer.closes.isoformat(),
        "closes_on": format_date(wave.closes_on, "EEEE d MMMM y"),
        "wave": keys_for_tablet(keys, wave.header, wave.padded_length),
        "contact": contact,
        "order": list(languages),
        "versions": [logic_of(version) for version in versions],
        "languages": {
            code: in_language(site, offer, versions, code, languages, can_tell=contact is not None)
            for code in languages
        },
    }


def logic_of(version: Questionnaire) -> dict[str, object]:
    """What a version asks and when, in no language. See static/kiosk/routing.js."""
    return {
        "id": version.id,
        "label": version.audience_label,
        "simple": version.reading == "8-10",
        "pages": [
            _page(page, number)
            for number, section in enumerate(version.sections)
            for page in section.pages
        ],
    }


def keys_for_tablet(keys: WaveKeys, header: HeaderFields, padded_length: int) -> dict[str, object]:
    """The part of a pack that static/kiosk/sealing.js reads."""
    return {
        "keys": {"analyst": _layer(keys.analyst), "mix": _layer(keys.mix)},
        "header": {
            "survey_id": header.survey_id.hex(),
            "instrument_hash": header.instrument_hash.hex(),
            "wave": header.wave,
        },
        "padded_length": padded_length,
    }


def sealed_length(keys: WaveKeys | Generation, padded_length: int) -> int:
    """The length of every response in both layers, sealed to exactly these keys."""
    return envelope_length(keys.mix, envelope_length(keys.analyst, padded_length))


def envelope_length(recipients: tuple[PublicKey, ...], bound: int) -> int:
    """The length of every envelope to exactly these recipients, whatever is in it."""
    wraps = sum(KEY_ID_LENGTH + 2 + WRAP_LENGTH[key.suite] for key in recipients)
    return HEADER_LENGTH + 1 + wraps + locked_length(LENGTH_LENGTH + bound)


def _page(page: Page, section: int) -> dict[str, object]:
    return {
        "id": page.id,
        "section": section,
        "when": _condition(page.when) if page.when else None,
        "question": _question(page.question) if page.question else None,
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "type": question.type.value,
        "options": [option.code for option in question.options],
        "exclusive": [option.code for option in question.options if option.exclusive],
        "non_answers": [code.value for code in question.non_answers],
        "max_length": question.max_length,
        "variants": [_condition(variant.when) for variant in question.variants],
        "low": _low(question),
    }


def _low(question: Question) -> list[str] | list[int]:
    """The answers after which the next page says where somebody is to talk to."""
    if question.type is QuestionType.LADDER:
        return [rung for rung in LADDER if is_low(question, Number(rung))]
    codes = (option.code for option in question.options)
    return [code for code in codes if is_low(question, Chosen((code,)))]


def _condition(condition: Condition) -> dict[str, object]:
    return condition.model_dump(mode="json", by_alias=True, exclude_none=True)


def _layer(keys: tuple[PublicKey, ...]) -> list[dict[str, object]]:
    return [
        {"suite": int(key.suite), "key_id": key.key_id.hex(), "key": key.raw.hex()} for key in keys
    ]
