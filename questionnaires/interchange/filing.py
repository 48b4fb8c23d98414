"""Workbooks and catalogues as files: what the commands ``export`` and ``import`` do.

In: loaded surveys, or a workbook from somebody else. Out: files in a folder that did not hold them
before; nothing is ever written over.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from questionnaires.interchange.languages import Translations
from questionnaires.interchange.opening import MOST_BYTES
from questionnaires.interchange.reading import Imported, read_version
from questionnaires.model import Survey
from questionnaires.translating import is_translated, languages_in, read_catalogue
from questionnaires.wording import msgids


def read_catalogues(folder: Path) -> dict[str, Catalog]:
    """Every catalogue of a folder of translations, by language."""
    return {language: read_catalogue(folder, language) for language in languages_in(folder)}


def complete_translations(survey: Survey, catalogues: Mapping[str, Catalog]) -> Translations:
    """The translations of a survey, in the languages that have one for each of its texts."""
    texts = msgids(survey)
    found: dict[str, Mapping[str, str]] = {}
    for language, catalogue in catalogues.items():
        if all(is_translated(catalogue, text) for text in texts):
            messages = {text: catalogue.get(text) for text in texts}
            found[language] = {text: str(m.string) for text, m in messages.items() if m}
    return found


def read_file(file: Path) -> Imported:
    """What a workbook holds. Raises WorkbookError; no more is read than a workbook may have."""
    with file.open("rb") as opened:
        return read_version(opened.read(MOST_BYTES + 1))


def imported_files(imported: Imported) -> dict[str, bytes]:
    """What is to be written for an imported workbook: YAML, and a catalogue for each language."""
    files = {name: text.encode() for name, text in imported.files.items()}
    for language, translations in imported.translations.items():
        files[f"{language}.po"] = _catalogue(translations)
    return files


def _catalogue(translations: Mapping[str, str]) -> bytes:
    """Entries to merge into the catalogue of a language; the head is that catalogue's."""
    catalogue = Catalog()
    for text, translation in translations.items():
        catalogue.add(text, translation)
    file = io.BytesIO()
    write_po(file, catalogue, omit_header=True, width=0)
    return file.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files below a folder. Raises FileExistsError, before anything is written."""
    paths = {folder / name: content for name, content in files.items()}
    for path in paths:
        if path.exists():
            raise FileExistsError(path)
    for path, content in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(paths)
