"""Which texts of a survey have no translation, with the place where each is written.

In: a loaded survey and the catalogue of a language. Out: faults that an author or translator can
go through one by one. Whether a clip exists for a text is told by ``flask sound report``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from questionnaires import change_messages
from questionnaires.faults import Fault
from questionnaires.loading import LoadedSurvey
from questionnaires.reading_rules import ROOM
from questionnaires.wording import head_texts, page_texts
from questionnaires.yaml_source import Route, Source

TRANSLATIONS = ROOM.parent / "translations"
_FILE = Path("LC_MESSAGES") / "messages.po"


class NoCatalogue(LookupError):
    """There is no catalogue of this language; the message names those that there are."""


def languages_in(folder: Path) -> tuple[str, ...]:
    """The languages that have a catalogue in a folder of translations."""
    return tuple(sorted(file.parts[-3] for file in folder.glob(f"*/{_FILE}")))


def read_catalogue(folder: Path, language: str) -> Catalog:
    """The catalogue of a language. Raises NoCatalogue."""
    known = languages_in(folder)
    if language not in known:
        raise NoCatalogue(f"There is no catalogue {language}; there are {', '.join(known)}.")
    with (folder / language / _FILE).open("rb") as file:
        return read_po(file)


def untranslated(loaded: LoadedSurvey, catalogue: Catalog, language: str) -> Iterator[Fault]:
    """Every text without a translation, once, at the first place where it is written."""
    said: set[str] = set()
    for source, route, element, text in _texts(loaded):
        if text in said or is_translated(catalogue, text):
            continue
        said.add(text)
        found = catalogue.get(text)
        unsure = found is not None and found.fuzzy and found.string
        saying = change_messages.TRANSLATION_UNSURE if unsure else change_messages.NOT_TRANSLATED
        yield source.fault(route, element, saying, text=text, language=language)


def is_translated(catalogue: Catalog, text: str) -> bool:
    """Whether the catalogue has words for a text, and is sure of them."""
    found = catalogue.get(text)
    return found is not None and bool(found.string) and not found.fuzzy


def _texts(loaded: LoadedSurvey) -> Iterator[tuple[Source, Route, str, str]]:
    for questionnaire in loaded.survey.questionnaires:
        source = loaded.sources[questionnaire.id]
        for route, text in head_texts(questionnaire):
            yield source, route, str(route[0]), text
        for placed in loaded.pages[questionnaire.id]:
            for route, text in page_texts(placed.page):
                yield source, (*placed.route, *route), placed.element, text
