"""Stand-ins: clips that a speech engine on this machine makes until people have recorded them.

In: texts of one language. Out: MP3 files in static/audio/<language>/, and beside them a file that
says what made them. A recording is never touched. A language that the engine does not speak gets
none: nothing is read out by the rules of another language.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from surveys.sound.clips import SUFFIX, as_spoken, recordings_in, stand_ins_in
from surveys.sound.encoding import SoundToolMissing, decoded, encoded
from surveys.sound.spoken import Spoken

LABEL = "stand-ins.json"
_ENGINE = "espeak-ng"
_WORDS_A_MINUTE = 145
_PATIENCE = 60  # seconds for one text
_VERSION = re.compile(r"text-to-speech: (\S+)")

# Not Tigrinya, Pashto, Dari, Sorani or Somali: the engine has no voice for them, and a voice of a
# neighbouring language (Farsi for Dari, Kurmanji for Sorani) would read them wrongly.
VOICES = {
    "en": "en-gb", "cy": "cy", "ar": "ar", "fa": "fa", "vi": "vi", "sq": "sq", "am": "am",
    "om": "om", "tr": "tr", "pl": "pl", "ro": "ro", "ur": "ur", "uk": "uk",
}  # fmt: skip


class EngineFailed(RuntimeError):
    """The engine did not say a text. The message has its own words."""


@dataclass
class Built:
    """What a build did in one language."""

    made: int = 0
    kept: int = 0
    recorded: int = 0
    octets: int = 0
    seconds: float = 0.0


def build(
    folder: Path, language: str, texts: Collection[Spoken], progress: Callable[[], None]
) -> Built:
    """Make every stand-in that is missing; all anew when those there were made in another way.

    Raises SoundToolMissing; EngineFailed; KeyError for a language the engine does not speak.
    """
    label, place, built = label_of(language), folder / language, Built()
    recorded, there = recordings_in(folder, language), stand_ins_in(folder, language)
    alike = _label_in(place) == label
    for spoken in texts:
        if spoken.is_among(recorded):
            built.recorded += 1
        elif alike and spoken.name in there:
            built.kept += 1
        else:
            _make(spoken, place, VOICES[language], built)
        progress()
    if not alike:  # the label is to be true of everything beside it
        prune(folder, language, {spoken.name for spoken in texts})
    _write(place / LABEL, (json.dumps(label, indent=2, ensure_ascii=False) + "\n").encode())
    return built


def _make(spoken: Spoken, place: Path, voice: str, built: Built) -> None:
    sound, seconds = say(spoken.text, voice)
    _write(place / f"{spoken.name}{SUFFIX}", sound)
    built.made += 1
    built.octets += len(sound)
    built.seconds += seconds


def say(text: str, voice: str) -> tuple[bytes, float]:
    """A text as MP3, and how long it lasts. Raises SoundToolMissing, EngineFailed."""
    wave = _run(
        "-v", voice, "-s", str(_WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout", text=text
    )
    audio = decoded(wave)
    return encoded(audio), audio.seconds


def label_of(language: str) -> dict[str, str]:
    """What is said of the stand-ins of a language. Raises SoundToolMissing."""
    version = _VERSION.search(_run("--version").decode(errors="replace"))
    return {
        "what": "Stand-ins made by a machine, until people have recorded these texts.",
        "engine": _ENGINE,
        "version": version[1] if version else "unknown",
        "voice": VOICES[language],
        "words_a_minute": str(_WORDS_A_MINUTE),
    }


def prune(folder: Path, language: str, names: set[str]) -> int:
    """Remove the stand-ins that belong to no present text; never a recording."""
    stale = [
        address for name, address in stand_ins_in(folder, language).items() if name not in names
    ]
    for address in stale:
        (folder / address).unlink()
    return len(stale)


def _run(*arguments: str, text: str = "") -> bytes:
    program = shutil.which(_ENGINE)
    if program is None:
        raise SoundToolMissing(f"{_ENGINE} is missing. Run: sudo apt-get install {_ENGINE}")
    done = subprocess.run(  # noqa: S603 - a fixed program and arguments of our own; the text is on stdin
        [program, *arguments], input=as_spoken(text).encode(), capture_output=True,
        timeout=_PATIENCE, check=False,
    )  # fmt: skip
    if done.returncode or not done.stdout:
        raise EngineFailed(f"{_ENGINE}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _label_in(place: Path) -> object:
    try:
        return json.loads((place / LABEL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a server may be reading the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(content)
    os.replace(half, path)
