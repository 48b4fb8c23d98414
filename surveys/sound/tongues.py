"""One language's words, as its pages show them.

In: the catalogues that the pages are translated with. Out: a text as it is said in the language,
or a mark for one that has no translation yet, so that nothing is read out in the wrong language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

SOURCE = "en"
UNTRANSLATED = "\0"
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


def tongues(folder: Path = CATALOGUES) -> dict[str, Tongue]:
    """English, and every language that has a catalogue."""
    found = {SOURCE: Tongue(SOURCE)}
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        language = path.parts[-3]
        with path.open("rb") as file:
            found[language] = Tongue(language, _translations(read_po(file)))
    return found


def _translations(catalogue: Catalog) -> dict[str, str]:
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and not message.fuzzy
    }
