"""Reads the SSDA903 return as one XML file into the same Return as the CSV files.

In: a path. Out: a Return. The file is read as it streams past expat, which ships with Python: it
tells lines, fetches nothing, and the first declaration of a document type or an entity ends the
reading, so that no small file can become a large one and no file can name another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from surveys.inspections.return_problems import Kind, Problem
from surveys.inspections.ssda903 import Place, Return

MOST_BYTES = 200_000_000
_LONGEST = 200  # characters of one value; a return has none half as long
_DEEPEST = 12
_CHUNK = 256 * 1024
_ROOT, _CHILD, _HEADER, _EPISODE = "EXPSSDA903", "CHILD", "HEADER", "EPISODE"
_IN_HEADER = ("CHILDID", "DOB", "SEX", "IN_TOUCH")
_IN_EPISODE = ("DECOM", "DEC", "LS", "REC", "PL", "PLACE_PROVIDER")
_ALSO_CALLED = {"CHILD": "CHILDID", "PLACE": "PL"}
_CODED = {"PL": "PLACE", "PLACE_PROVIDER": "PLACE_PROVIDER", "SEX": "SEX"}


class _Refused(Exception):
    """The file is none that can be read; ``kind`` says why."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        super().__init__(kind)


def read_xml_return(path: Path) -> Return:
    """Read a return of one XML file as far as it can be read. Never raises for what it holds."""
    read = Return((path.name,))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _Refused(Kind.TOO_LARGE)
        with path.open("rb") as file:
            _parse(file, _Reader(read, path.name))
    except OSError:
        read.problems.append(Problem(Kind.NO_SUCH_FILE, path.name))
    except _Refused as refused:
        read.problems.append(Problem(refused.kind, path.name))
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two of its encoding
        line = getattr(error, "lineno", None)
        read.problems.append(Problem(Kind.BROKEN_XML, path.name, line, None, "line"))
    read.finish()
    return read


def _parse(file: BinaryIO, reader: _Reader) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.EntityDeclHandler = _refuse_declarations
    parser.ExternalEntityRefHandler = _refuse_declarations
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_declarations(*_: object) -> int:
    raise _Refused(Kind.DECLARATION)


@dataclass(slots=True)
class _Part:
    """The values of a header or of an episode, as far as they are needed."""

    values: dict[str, str] = field(default_factory=dict)
    touched: list[str] = field(default_factory=list)
    is_broken: bool = False

    def take(self, name: str, value: str) -> None:
        """Keep a value. The same name with another value spoils the part; blanks do not count."""
        if name == "IN_TOUCH":
            self.touched.append(value)
        elif value and self.values.setdefault(name, value) != value:
            self.is_broken = True


@dataclass(slots=True)
class _Reader:
    """What is open where the file stands, and the child it is inside of."""

    read: Return
    file: str
    children: int = 0
    open: list[str] = field(default_factory=list)
    header: _Part = field(default_factory=_Part)
    episode: _Part | None = None
    episodes: list[_Part] = field(default_factory=list)
    value: str = ""

    def start(self, tag: str, _attributes: object) -> None:
        """An element opens."""
        name = tag.rpartition(":")[2].upper()
        if not self.open and name != _ROOT:
            raise _Refused(Kind.OTHER_XML)
        self.open.append(name)
        if len(self.open) > _DEEPEST:
            raise _Refused(Kind.OTHER_XML)
        if self.open == [_ROOT, _CHILD]:
            self.children += 1
            self.header, self.episodes = _Part(), []
        elif self.open == [_ROOT, _CHILD, _EPISODE]:
            self.episode = _Part()
        self.value = ""

    def text(self, text: str) -> None:
        """Characters between two tags; only short ones can be a value."""
        if len(self.value) <= _LONGEST:
            self.value += text[: _LONGEST + 1]

    def end(self, _tag: str) -> None:
        """An element closes."""
        self._take_value(self.open[-1], self.value.strip()[:_LONGEST])
        self.value = ""
        if self.open == [_ROOT, _CHILD, _EPISODE] and self.episode:
            self.episodes.append(self.episode)
            self.episode = None
        elif self.open == [_ROOT, _CHILD]:
            self._take_child()
        self.open.pop()

    def _take_value(self, tag: str, value: str) -> None:
        name = _ALSO_CALLED.get(tag, tag)
        if self.episode is not None:
            if name in _IN_EPISODE and len(self.open) == 4:
                self.episode.take(name, value)
        elif name in _IN_HEADER and len(self.open) >= 4 and self.open[2] == _HEADER:
            self.header.take(name, value)

    def _take_child(self) -> None:
        place = Place(self.file, self.children, _CHILD)
        values = self.header.values
        identifier = values.get("CHILDID", "")
        self.read.take_header(place, identifier, values.get("DOB", ""))
        if self.header.is_broken:
            self.read.note(Kind.REPEATED_ELEMENT, place, _HEADER)
            self.read.child(identifier).has_unusable_row = True
        self._take_codes(place, self.header)
        for number, episode in enumerate(self.episodes, start=1):
            self._take_episode(number, identifier, episode)
        for said in self.header.touched:
            self.read.take_in_touch(place, identifier, said)

    def _take_episode(self, number: int, identifier: str, episode: _Part) -> None:
        place = Place(self.file, number, f"{_CHILD} {self.children}, {_EPISODE}")
        if episode.is_broken:
            self.read.note(Kind.REPEATED_ELEMENT, place)
            if identifier:
                self.read.child(identifier).has_unusable_row = True
            self.read.episode_rows += 1
            self.read.unusable_episode_rows += 1
            return
        wanted = (episode.values.get(name, "") for name in ("DECOM", "DEC", "LS", "REC"))
        self.read.take_episode(place, (identifier, *wanted))
        self._take_codes(place, episode)

    def _take_codes(self, place: Place, part: _Part) -> None:
        for element, column in _CODED.items():
            if code := part.values.get(element):
                self.read.take_code(place, column, code)
