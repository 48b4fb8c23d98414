"""The names of clips, and which of them exist.

In: a text as a page shows it, or the folder of clips. Out: its name, or addresses by name.

    static/audio/<language>/<name>.mp3            a stand-in, made by a machine
    static/audio/<language>/recorded/<name>.mp3   a recording, which always goes first
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

RECORDED = "recorded"
SUFFIX = ".mp3"
FOLDER = Path(__file__).parents[2] / "static" / "audio"

Clips = Mapping[str, Mapping[str, str]]
"""By language and name: the address of the clip below static/audio/."""

_NUMBER = re.compile(r"\d[\d ]*\d")
_SHORTEST_TELEPHONE_NUMBER = 3


@lru_cache(maxsize=4096)
def clip_name(text: str) -> str:
    """The name of a text's clip: the first 12 hexadecimal digits of the SHA-256 of the text.

    The text is what the page shows in its language, in Unicode's form NFC, with every stretch of
    blanks made one and none at its ends, as UTF-8. A changed text therefore has another clip.
    """
    return sha256(tidy(text).encode()).hexdigest()[:12]


def tidy(text: str) -> str:
    """A text as it is named: composed characters, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def as_spoken(text: str) -> str:
    """What to say for a text: telephone numbers digit by digit, everything else as it stands."""
    words = tidy(text)
    digits = words.replace(" ", "")
    whole = _NUMBER.fullmatch(words) and len(digits) >= _SHORTEST_TELEPHONE_NUMBER
    return " ".join(digits) if whole else _NUMBER.sub(_spelled_when_long, words)


def own_name(file: str) -> str:
    """The name of a recording that a questionnaire brings along: its file name without ending."""
    return file.rsplit(".", 1)[0]


def clips_in(folder: Path) -> dict[str, dict[str, str]]:
    """Every clip that exists, listed once: a recording in place of the stand-in of its name."""
    return {
        place.name: stand_ins_in(folder, place.name) | recordings_in(folder, place.name)
        for place in sorted(folder.glob("*"))
        if place.is_dir()
    }


def stand_ins_in(folder: Path, language: str) -> dict[str, str]:
    """The stand-ins of a language: their addresses by name."""
    found = sorted((folder / language).glob(f"*{SUFFIX}"))
    return {file.stem: f"{language}/{file.name}" for file in found}


def recordings_in(folder: Path, language: str) -> dict[str, str]:
    """The recordings of a language: their addresses by name."""
    found = sorted((folder / language / RECORDED).glob(f"*{SUFFIX}"))
    return {file.stem: f"{language}/{RECORDED}/{file.name}" for file in found}


def _spelled_when_long(found: re.Match[str]) -> str:
    digits = found[0].replace(" ", "")
    return " ".join(digits) if len(digits) > 4 else found[0]  # a year is read as one number
