"""The audit log: what staff did, on which day, in a file where nothing can be changed unseen.

In: an action by an account. Out: one JSON line more, carrying the hash of the line before it.
Actions of respondents are never written. Cutting off the end shows only against an earlier
``head``, so the nightly run sends that to two people (see checkpoints.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from surveys.site import Site

FILE_NAME = "audit.jsonl"
FIRST = "0" * 64
CHANGED = "changed after it was written"
NOT_AN_ENTRY = "not an entry of the log"
DOES_NOT_FOLLOW = "does not follow the line before it"
HEAD_GONE = "the log no longer contains the earlier head"
_FIELDS = {"day", "who", "what", "about", "previous", "hash"}
_NEAR_THE_END = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not as it was written, or the missing end (line 0)."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log as it was written, and which one it is."""

    line: int
    day: str
    who: str
    what: str
    about: Mapping[str, str]
    previous: str
    hash: str


def audit_log_of(site: Site) -> Path:
    """The site's audit log: in the site's own folder, beside the summaries."""
    return site.summaries.parent / FILE_NAME


def record(
    path: Path, day: date, who: str, what: str, about: Mapping[str, str] | None = None
) -> str:
    """Append one action and return the new head. The line is on disk when this returns."""
    with _locked(path) as file:
        written = _end_of(file)
        return _append(file, written, _line(day, who, what, dict(about or {}), _head(written)))


def record_about_all(
    path: Path, day: date, who: str, what: str, about: Callable[[Sequence[Entry]], dict[str, str]]
) -> str:
    """As ``record``, with words about all entries before it; nobody records in between."""
    with _locked(path) as file:
        file.seek(0)
        written = file.read()
        line = _line(day, who, what, about(_entries(written)), _head(written))
        return _append(file, written, line)


def head(path: Path) -> str:
    """The hash that stands for the whole log up to now."""
    return _head(_read(path))


def entries(path: Path) -> tuple[Entry, ...]:
    """Every line that is an entry, in the order written; those that are none are left out."""
    return _entries(_read(path))


def entries_after(path: Path, earlier_head: str) -> tuple[Entry, ...] | None:
    """What was written after an earlier head; None when that is not part of this log."""
    written = entries(path)
    found = next((n for n, one in enumerate(written, start=1) if one.hash == earlier_head), None)
    return None if found is None else written[found:]


def check(path: Path, earlier_head: str | None = None) -> tuple[Fault, ...]:
    """Every fault of the log; with an earlier head, also whether that is still part of it."""
    faults, previous, heads = [], FIRST, {FIRST}
    for number, line in enumerate(_lines(_read(path)), start=1):
        entry = _entry(line)
        words = _fault_of(entry, previous)
        if words:
            faults.append(Fault(number, words))
        previous = str(entry.get("hash", previous))
        heads.add(previous)
    if earlier_head is not None and earlier_head not in heads:
        faults.append(Fault(0, HEAD_GONE))
    return tuple(faults)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The log, for this process alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _append(file: BinaryIO, written: bytes, line: bytes) -> str:
    """One line more, on disk, after what is ``written`` at the end of the log. The new head."""
    # After a torn write the torn line stays, as a fault, on a line of its own.
    file.write((b"" if written.endswith(b"\n") or not written else b"\n") + line)
    file.flush()
    os.fsync(file.fileno())
    return _hash_of(json.loads(line))


def _entries(written: bytes) -> tuple[Entry, ...]:
    found = ((number, _entry(line)) for number, line in enumerate(_lines(written), start=1))
    return tuple(Entry(number, **entry) for number, entry in found if entry)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _end_of(file: BinaryIO) -> bytes:
    """As much of the end as holds a whole entry; all of it when the end holds none."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _NEAR_THE_END))
    near = file.read()
    if _head(near) != FIRST:
        return near
    file.seek(0)
    return file.read()


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
    return entry if _is_whole(entry) and _canonical(entry) == line else {}


def _is_whole(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != _FIELDS or not isinstance(entry["about"], dict):
        return False
    about = entry["about"].values()
    words = [value for name, value in entry.items() if name != "about"]
    return all(isinstance(value, str) for value in (*words, *about))


def _fault_of(entry: dict[str, Any], previous: str) -> str:
    if not entry:
        return NOT_AN_ENTRY
    if entry["hash"] != _hash_of(entry):
        return CHANGED
    if entry["previous"] != previous:
        return DOES_NOT_FOLLOW
    return ""


def _hash_of(entry: dict[str, Any]) -> str:
    content = {name: value for name, value in entry.items() if name != "hash"}
    return hashlib.sha256(_canonical(content)).hexdigest()


def _canonical(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
