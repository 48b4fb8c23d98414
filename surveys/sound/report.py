"""Which clips are there, are missing, or belong to no text any more.

In: what can be heard in every version and language, and the folder of clips. Out: counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from surveys.sound.clips import recordings_in, stand_ins_in
from surveys.sound.spoken import Reading, Spoken


@dataclass(frozen=True)
class Row:
    """The clips of one version in one language."""

    survey: str
    audience: str
    language: str
    texts: int
    recorded: int
    stand_ins: int
    missing: tuple[Spoken, ...]
    untranslated: int


def rows(readings: Iterable[Reading], folder: Path) -> list[Row]:
    """How far the clips of each version and language are."""
    return [_row(reading, folder) for reading in readings]


def stale(folder: Path, language: str, names: Collection[str]) -> list[str]:
    """The addresses of clips, recordings included, that belong to no present text."""
    found = (stand_ins_in(folder, language), recordings_in(folder, language))
    return sorted(
        address for clips in found for name, address in clips.items() if name not in names
    )


def _row(reading: Reading, folder: Path) -> Row:
    people, machine = (found(folder, reading.language) for found in (recordings_in, stand_ins_in))
    recorded = {one for one in reading.texts if one.is_among(people)}
    others = [one for one in reading.texts if one not in recorded]
    missing = tuple(one for one in others if one.name not in machine)
    return Row(
        reading.survey, reading.audience, reading.language, len(reading.texts),
        len(recorded), len(others) - len(missing), missing, reading.untranslated,
    )  # fmt: skip
