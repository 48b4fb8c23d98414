"""One language's words, as its pages show them.

In: the catalogues that the pages are translated with. Out: a text as it is said in the language,
or a mark for one that has no translation yet, so that nothing is read out in the wrong language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

SOURCE = "en"
UNTRANSLATED = "\0"
_FILE = "LC_MESSAGES/messages.po"
CATALOGUES = Path(__file__).parents[2] / "translations"


@dataclass(frozen=True)
class Tongue:
    """A language and the translations it has; English needs none."""

    language: str
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)

    def said(self, text: str) -> str:
        """The text in this language; marked UNTRANSLATED, as it stands, when there is none."""
        if not text or self.language == SOURCE:
            return text
        return self.translations.get(text) or UNTRANSLATED + text


def languages_in(folder: Path = CATALOGUES) -> list[str]:
    """English, and every language that has a catalogue."""
    return [SOURCE, *(path.parts[-3] for path in sorted(folder.glob(f"*/{_FILE}")))]


@cache
def tongue(language: str, folder: Path = CATALOGUES) -> Tongue:
    """A language with its translations, read once. Raises KeyError when it has no catalogue."""
    if language not in languages_in(folder):
        raise KeyError(language)
    if language == SOURCE:
        return Tongue(SOURCE)
    with (folder / language / _FILE).open("rb") as file:
        return Tongue(language, _translations(read_po(file)))


def _translations(catalogue: Catalog) -> dict[str, str]:
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and not message.fuzzy
    }
