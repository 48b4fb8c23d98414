"""Recordings by people: a script to read from, and taking in what was recorded.

In: texts, and audio files named after them. Out: a CSV file; MP3 files without tags in
static/audio/<language>/recorded/, or for each file the reason why it was not taken.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from surveys.sound.clips import RECORDED, SUFFIX, recordings_in
from surveys.sound.encoding import FORMATS, NotAudio, decoded, encoded, seconds_in
from surveys.sound.spoken import Spoken

_SHORTEST, _LONGEST = 0.3, 60.0  # seconds
_QUIETEST = 0.02
_LARGEST = 30 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Taken:
    """What became of one file: taken when ``fault`` is empty."""

    file: str
    text: str = ""
    seconds: float = 0.0
    fault: str = ""


def write_script(texts: Iterable[Spoken], recorded: Collection[str], to: IO[str]) -> None:
    """A reading script: how to name each file, what to read, where it stands, whether done."""
    rows = csv.writer(to)
    rows.writerow(("file name", "text", "where", "recorded"))
    for spoken in texts:
        done = "yes" if spoken.is_among(recorded) else "no"
        # with an ending, or a spreadsheet takes a name like 12e456789012 for a number
        rows.writerow((f"{spoken.name}.wav", _plain(spoken.text), spoken.where, done))


def take(
    source: Path, folder: Path, language: str, texts: Mapping[str, str], *, replace: bool
) -> list[Taken]:
    """Take in every file of a folder that is named after a text. Raises SoundToolMissing."""
    recorded = recordings_in(folder, language)
    found = sorted(file for file in source.iterdir() if file.is_file())
    return [
        _take_one(file, folder / language, texts, {} if replace else recorded) for file in found
    ]


def _take_one(
    file: Path, place: Path, texts: Mapping[str, str], recorded: Mapping[str, str]
) -> Taken:
    text = texts.get(file.stem)
    if file.suffix.lower() not in FORMATS:
        return Taken(file.name, fault=f"not a kind of audio we read: {_listed(FORMATS)}")
    if text is None:
        return Taken(file.name, fault="its name belongs to no text of this language")
    if file.stem in recorded:
        return Taken(file.name, text, fault="recorded already: add --replace to take the new one")
    if file.stat().st_size > _LARGEST:
        return Taken(file.name, text, fault="larger than 30 MB")
    try:
        return _kept(file, place, text)
    except NotAudio as error:
        return Taken(file.name, text, fault=str(error))


def _kept(file: Path, place: Path, text: str) -> Taken:
    data = file.read_bytes()
    seconds = seconds_in(data)  # first: a small file can hold hours of silence
    if not _SHORTEST <= seconds <= _LONGEST:
        return Taken(file.name, text, seconds, f"lasts {seconds:.1f} seconds")
    audio = decoded(data)
    if audio.loudest < _QUIETEST:
        return Taken(file.name, text, audio.seconds, "nothing can be heard in it")
    kept = place / RECORDED / f"{file.stem}{SUFFIX}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_suffix(".half")
    half.write_bytes(encoded(audio))
    os.replace(half, kept)
    return Taken(file.name, text, audio.seconds)


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(sorted(kinds))


def _plain(text: str) -> str:
    """So that no spreadsheet takes a text for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
