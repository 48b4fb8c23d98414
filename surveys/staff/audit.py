"""The audit log: what staff did, on which day, in a file where nothing can be changed unseen.

In: an action by an account. Out: one JSON line more, carrying the hash of the line before it.
Actions of respondents are never written. Cutting off the end shows only against an earlier
``head``, so hand that to two people from time to time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FILE_NAME = "audit.jsonl"
FIRST = "0" * 64
_FIELDS = {"day", "who", "what", "about", "previous", "hash"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not as it was written, or the missing end (line 0)."""

    line: int
    words: str


def record(
    path: Path, day: date, who: str, what: str, about: Mapping[str, str] | None = None
) -> str:
    """Append one action and return the new head. The line is on disk when this returns."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = file.read()
        line = _line(day, who, what, dict(about or {}), previous=_head(written))
        # After a torn write the torn line stays, as a fault, on a line of its own.
        file.write((b"" if written.endswith(b"\n") or not written else b"\n") + line)
        file.flush()
        os.fsync(file.fileno())
    return _hash_of(json.loads(line))


def head(path: Path) -> str:
    """The hash that stands for the whole log up to now."""
    return _head(path.read_bytes() if path.exists() else b"")


def check(path: Path, earlier_head: str | None = None) -> tuple[Fault, ...]:
    """Every fault of the log; with an earlier head, also whether that is still part of it."""
    written = path.read_bytes() if path.exists() else b""
    faults, previous, heads = [], FIRST, {FIRST}
    for number, line in enumerate(_lines(written), start=1):
        entry = _entry(line)
        words = _fault_of(entry, previous)
        if words:
            faults.append(Fault(number, words))
        previous = str(entry.get("hash", previous))
        heads.add(previous)
    if earlier_head is not None and earlier_head not in heads:
        faults.append(Fault(0, "the log no longer contains the earlier head"))
    return tuple(faults)


def _line(day: date, who: str, what: str, about: dict[str, str], previous: str) -> bytes:
    entry = {
        "day": date(day.year, day.month, day.day).isoformat(),  # never a time, even from a datetime
        "who": who,
        "what": what,
        "about": about,
        "previous": previous,
    }
    return _canonical({**entry, "hash": _hash_of(entry)}) + b"\n"


def _head(written: bytes) -> str:
    for line in reversed(_lines(written)):
        entry = _entry(line)
        if entry:
            return str(entry["hash"])
    return FIRST


def _lines(written: bytes) -> list[bytes]:
    return written.removesuffix(b"\n").split(b"\n") if written else []


def _entry(line: bytes) -> dict[str, Any]:
    """The entry on a line, empty when the line holds none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    whole = isinstance(entry, dict) and set(entry) == _FIELDS and _canonical(entry) == line
    return entry if whole else {}


def _fault_of(entry: dict[str, Any], previous: str) -> str:
    if not entry:
        return "not an entry of the log"
    if entry["hash"] != _hash_of(entry):
        return "changed after it was written"
    if entry["previous"] != previous:
        return "does not follow the line before it"
    return ""


def _hash_of(entry: dict[str, Any]) -> str:
    content = {name: value for name, value in entry.items() if name != "hash"}
    return hashlib.sha256(_canonical(content)).hexdigest()


def _canonical(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
