"""The catalogues of translations, read once and strictly: what each language says, and what not.

In: ``translations/``, as written (.po, .pot) and as compiled (.mo). Out: for every language its
texts, each either fit to be shown or lacking something. A file that is damaged is refused by name
and line; a text that pages would not show as written counts as lacking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import PoFileError, read_po

from questionnaires.piping import placeholders
from surveys.languages import NAMES

Stamp = tuple[int, int] | None
TEMPLATE = "messages.pot"
WRITTEN = "*/LC_MESSAGES/messages.po"
_AROUND = (
    "surveys/answering/",
    "surveys/templates/answering/",
    "surveys/contact/talking.py",
    "surveys/templates/contact/talk",
    "surveys/templates/respondent.html",
    "surveys/templates/tablets/ready.html",
    "surveys/templates/kiosk/run/",
    "surveys/templates/paper/form.html",
    "surveys/templates/paper/question.html",
    "surveys/templates/paper/words.html",
    "surveys/templates/paper/promises/8-10.html",
    "surveys/templates/paper/promises/11-15.html",
    "surveys/templates/paper/promises/16+.html",
    "config/support_lines",
)
_TEXT = r'"(?:[^"\\]|\\.)*"'
_KEYWORD = r"(?:msgid|msgid_plural|msgctxt|msgstr(?:\[\d\])?)"
_LINE = re.compile(rf"(?:#.*|(?:{_KEYWORD}\s+)?{_TEXT})?")
_STATUS = re.compile(r'"X-Status:\s*([^"\\]*)')
_FILLED_IN = re.compile(r"%\(\w+\)[a-z]")
_MARKUP = re.compile(r"<[^<>]*>?|&#?\w*;?")
_UNREADABLE = (PoFileError, ValueError, IndexError, AttributeError, TypeError, LookupError)


class CatalogueDamaged(Exception):
    """A file of translations cannot be used. The message names the file and the line."""


class Status(StrEnum):
    """What a catalogue says of itself. It is a claim: only the register of approvals counts."""

    DRAFT = "draft"
    CHECKED = "checked"


class Lack(StrEnum):
    """Why a text cannot be shown in a language."""

    EMPTY = "empty"
    UNSURE = "unsure"
    PLACES = "places"
    SIGNS = "signs"
    UNCOMPILED = "uncompiled"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in English, with its plural form if it has one, and where it stands."""

    id: str
    where: str
    plural: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in another language, in all its forms; ``lack`` is None when it can be shown."""

    said: tuple[str, ...]
    lack: Lack | None


@dataclass(frozen=True)
class Catalogue:
    """One language's translations, by their English text, and what the file says of itself."""

    code: str
    status: Status
    translations: Mapping[str, Translation] = field(repr=False)


@dataclass(frozen=True)
class Catalogues:
    """Every language of the site, and the texts of the pages around every survey."""

    languages: Mapping[str, Catalogue]
    around: tuple[Text, ...] = field(repr=False)


def read_catalogues(folder: Path) -> Catalogues:
    """Everything in a folder of translations. Raises CatalogueDamaged."""
    files = sorted(folder.glob(WRITTEN))
    if not files:
        return Catalogues({}, ())
    built = (path.with_suffix(".mo") for path in files)
    found = (
        _catalogue(path, _stamp(path), _stamp(mo)) for path, mo in zip(files, built, strict=True)
    )
    template = folder / TEMPLATE
    return Catalogues({each.code: each for each in found}, _around(template, _stamp(template)))


@lru_cache(maxsize=8)
def _around(template: Path, _written: Stamp) -> tuple[Text, ...]:
    if not template.is_file():
        raise CatalogueDamaged(f"{template} is missing. To write it anew: make messages.")
    return tuple(
        Text(_id(message), where, _plural(message))
        for message in _read(template)
        if message.id and (where := _place_around(message))
    )


def _place_around(message: Message) -> str:
    files = (file for file, _ in message.locations if file.startswith(_AROUND))
    return next((Path(file).stem.replace("_", " ") for file in files), "")


@lru_cache(maxsize=128)
def _catalogue(path: Path, _written: Stamp, _built: Stamp) -> Catalogue:
    """Read once, as long as neither file is written anew."""
    code = path.parts[-3]
    if code not in NAMES or code == "en":
        raise CatalogueDamaged(f"{path}: surveys/languages.py has no name for “{code}”.")
    compiled = _compiled(path.with_suffix(".mo"))
    translations = {
        _id(message): _translation(message, compiled) for message in _read(path) if message.id
    }
    return Catalogue(code, _status(path), translations)


def _translation(message: Message, compiled: Mapping[str, tuple[str, ...]]) -> Translation:
    said = _forms(message.string)
    return Translation(said, _lack(message, said, compiled.get(_id(message))))


def _lack(message: Message, said: tuple[str, ...], shown: tuple[str, ...] | None) -> Lack | None:
    if not said or not all(said):
        return Lack.EMPTY
    if message.fuzzy:
        return Lack.UNSURE
    if not _fits(_forms(message.id), said):
        return Lack.PLACES  # the page would show an error instead
    if not _signs(said) <= _signs(_forms(message.id)):
        return Lack.SIGNS  # an error again, or something that is no text
    return None if said == shown else Lack.UNCOMPILED


def _fits(ids: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether every form has the places that one of the English forms has."""
    wanted = [_places(text) for text in ids]
    return all(_places(text) in wanted for text in said)


def _places(text: str) -> frozenset[str]:
    return frozenset((*_FILLED_IN.findall(text), *placeholders(text)))


def _signs(forms: tuple[str, ...]) -> frozenset[str]:
    """What is more than a letter to a page: markup, and a % that fills nothing in."""
    bare = (text for text in forms if "%" in _FILLED_IN.sub("", text.replace("%%", "")))
    return frozenset((*_MARKUP.findall(" ".join(forms)), *("%" for _ in bare)))


def _compiled(path: Path) -> Mapping[str, tuple[str, ...]]:
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            return {_id(message): _forms(message.string) for message in read_mo(file)}
    except Exception as error:  # a compiled file can be damaged in any way
        raise CatalogueDamaged(f"{path} is damaged. Delete it, then: make translations.") from error


def _read(path: Path) -> Catalog:
    lines = _Lines(path)
    try:
        return read_po(lines, locale=_locale_of(path), abort_invalid=True)
    except PoFileError as error:
        raise _damaged(path, error.lineno + 1, "a message is not whole") from error
    except _UNREADABLE as error:
        raise _damaged(path, lines.number, "this cannot be read") from error


class _Lines:
    """The lines of a file, each looked at before it is handed on. ``number`` is the last one's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for raw in self.path.read_bytes().split(b"\n"):
            self.number += 1
            try:
                line = raw.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                raise _damaged(self.path, self.number, "this is not UTF-8") from error
            if not _LINE.fullmatch(line):
                words = "expected msgid or msgstr and a text in quotation marks"
                raise _damaged(self.path, self.number, words)
            yield line


def _damaged(path: Path, line: int, words: str) -> CatalogueDamaged:
    return CatalogueDamaged(f"{path}, line {line}: {words}.")


def _status(path: Path) -> Status:
    """What the header says; a draft when it says nothing."""
    for number, line in enumerate(header_of(path.read_text(encoding="utf-8")), start=1):
        if found := _STATUS.match(line):
            said = found[1].casefold()
            status = next((status for status in Status if said.startswith(status)), None)
            if status is None:
                raise _damaged(path, number, "X-Status must begin with “draft” or “checked”")
            return status
    return Status.DRAFT


def header_of(written: str) -> list[str]:
    """The lines before the first message, which say what the whole catalogue is."""
    return written.partition("\n\n")[0].splitlines()


def _locale_of(path: Path) -> str | None:
    return path.parts[-3] if path.suffix == ".po" else None


def _stamp(path: Path) -> Stamp:
    """What changes when a file is written; None when there is none."""
    if not path.is_file():
        return None
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size


def _id(message: Message) -> str:
    return _forms(message.id)[0]


def _plural(message: Message) -> str:
    return message.id[1] if isinstance(message.id, tuple | list) else ""


def _forms(text: object) -> tuple[str, ...]:
    """One text, or its plural forms."""
    if isinstance(text, tuple | list):
        return tuple(str(form or "") for form in text)
    return (str(text or ""),)
