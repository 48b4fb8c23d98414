"""The record of corrections: every slip of the pen that was mended while people were answering.

In: a file of JSON lines in the site's own folder, and a correction to add. Out: Correction values.
Dates are days. The file holds words of questionnaires and the name of whoever corrected, nothing
of anybody who answered.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

CORRECTIONS_COLUMN = "corrections"
_FIELDS = {"on": date.fromisoformat}


class RecordDamaged(ValueError):
    """A line of the record cannot be read; the message says which."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One text that was corrected in one wave. ``version`` counts the corrections of the wave."""

    wave: str
    """The id of the wave, in hexadecimal."""
    survey: str
    version: int
    on: date
    by: str
    audience: str
    question: str
    field: str
    before: str
    after: str
    hash_before: str
    hash_after: str


def read_corrections(file: Path) -> tuple[Correction, ...]:
    """Every correction, oldest first; none when there is no file yet. Raises RecordDamaged."""
    if not file.exists():
        return ()
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(_correction(file, number, line) for number, line in enumerate(lines, start=1))


def add_corrections(file: Path, corrections: Iterable[Correction]) -> None:
    """Append corrections; they are on disk when this returns."""
    text = "".join(_line(correction) for correction in corrections)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def corrected_times(corrections: Iterable[Correction], survey: str) -> Counter[tuple[str, str]]:
    """How often each question of a survey was corrected: by version and question."""
    return Counter((one.audience, one.question) for one in corrections if one.survey == survey)


def _line(correction: Correction) -> str:
    written: dict[str, Any] = asdict(correction) | {"on": correction.on.isoformat()}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n"


def _correction(file: Path, number: int, line: str) -> Correction:
    try:
        written = json.loads(line)
        known = {name: read(written[name]) for name, read in _FIELDS.items()}
        return Correction(**{**written, **known})
    except (ValueError, TypeError, KeyError) as error:
        raise RecordDamaged(f"{file}:{number}: this line is not a correction.") from error
