"""Which languages a survey may be offered in: only those complete for it.

In: the loaded surveys and the catalogues. Out: language codes by survey. A catalogue that lacks
one sentence of a survey, or of the pages around it, is not offered for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from questionnaires.model import Survey
from questionnaires.wording import msgids

NAMES = {
    "en": "English",
    "cy": "Cymraeg",
    "am": "አማርኛ",
    "ar": "العربية",
    "ckb": "کوردیی ناوەندی",
    "fa": "فارسی",
    "fa_AF": "دری",
    "om": "Afaan Oromoo",
    "pl": "Polski",
    "ps": "پښتو",
    "ro": "Română",
    "so": "Soomaali",
    "sq": "Shqip",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
}
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "fa_AF", "ps", "ur"})
_RESPONDENT_PAGES = ("surveys/answering/", "surveys/templates/answering/", "config/support_lines")


def languages_offered(
    surveys: Mapping[str, Survey], translations: Path
) -> dict[str, tuple[str, ...]]:
    """For each survey, English and then every language that is complete for it."""
    catalogues = {
        path.parts[-3]: _read(path) for path in sorted(translations.glob("*/LC_MESSAGES/*.po"))
    }
    return {
        survey.id: ("en", *(code for code, found in catalogues.items() if complete(found, survey)))
        for survey in surveys.values()
    }


def complete(catalogue: Catalog, survey: Survey) -> bool:
    """Whether every text of the survey and of the respondent's pages has a translation."""
    translated = {_id(message.id) for message in catalogue if message.id and _translated(message)}
    around = {
        _id(message.id)
        for message in catalogue
        if message.id and any(_around(file) for file, _ in message.locations)
    }
    return around <= translated and set(msgids(survey)) <= translated


def is_draft(code: str) -> bool:
    """Whether the translation still waits for a person who speaks the language to check it."""
    return code != "en"


def _around(file: str) -> bool:
    return file.startswith(_RESPONDENT_PAGES) or file == "surveys/templates/respondent.html"


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not message.fuzzy and all(strings)


def _id(message_id: object) -> str:
    return message_id[0] if isinstance(message_id, tuple | list) else str(message_id)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)
