"""What a survey says in one language: every text of it and of the pages around it.

In: a survey, the texts of the pages around, a catalogue. Out: what is missing, and one fingerprint
that changes with any word in English or in translation. Pure functions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.model import Survey
from questionnaires.wording import head_texts, page_texts
from surveys.speaking.catalogues import Catalogue, Lack, Text, Translation

_CODE_LENGTH = 8
_NONE = Translation((), Lack.EMPTY)


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that cannot be shown in the language, and why."""

    text: Text
    lack: Lack


def texts_of(survey: Survey, around: Sequence[Text]) -> tuple[Text, ...]:
    """Every text that respondents of a survey meet, once each: the survey first, as it is met."""
    found: dict[str, Text] = {}
    for text in (*_of_survey(survey), *around):
        found.setdefault(text.id, text)
    return tuple(found.values())


def _of_survey(survey: Survey) -> Iterator[Text]:
    for version in survey.questionnaires:
        yield from (Text(text, version.audience) for _, text in head_texts(version))
        for page in version.pages:
            where = f"{version.audience}, {page.id}"
            yield from (Text(text, where) for _, text in page_texts(page))


def translation(catalogue: Catalogue, text: Text) -> Translation:
    """What the language says for a text."""
    return catalogue.translations.get(text.id, _NONE)


def missing(catalogue: Catalogue, texts: Sequence[Text]) -> tuple[Missing, ...]:
    """The texts that the language cannot show, in the order given."""
    said = ((text, translation(catalogue, text).lack) for text in texts)
    return tuple(Missing(text, lack) for text, lack in said if lack is not None)


def fingerprint(catalogue: Catalogue, texts: Sequence[Text]) -> bytes:
    """SHA-256 over the sorted pairs of English and translated texts."""
    pairs = sorted(
        ([text.id, text.plural], list(translation(catalogue, text).said)) for text in texts
    )
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode("ascii")).digest()


def sheet_code(texts: bytes) -> str:
    """The short form of a fingerprint, for a checker's sheet: eight letters and digits."""
    return texts.hex()[:_CODE_LENGTH]
