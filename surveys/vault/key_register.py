"""The register of a wave's keys: which there are, who holds them, when made, tried and destroyed.

In: what a ceremony did, and the day. Out: one JSON file for each wave beside its public keys. No
secret is ever in it, so the web server may read it; nothing here can open anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

FORMAT = "heard key register 1"


class KeyKind(StrEnum):
    """What lies in the file of an entry."""

    KEY = "key file"
    ESCROW = "escrow file"


class Ending(StrEnum):
    """How it is known that a file is gone."""

    SEEN = "seen"  # overwritten and removed by the program
    TOLD = "told"  # on somebody's word


class RegisterDamaged(Exception):
    """The register of a wave cannot be read. The message says which file."""


class NotInRegister(LookupError):
    """No file that is still there answers to this. The message says what there is."""


class NeverTried(Exception):
    """Keys of a wave have never opened anything. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class KeyNote:
    """One file with a private key, or with one in escrow. Days are whole days."""

    role: str  # "analyst", "mix-spare", "analyst-escrow-1", "mix-recovered" ...
    layer: str  # "analyst" or "mix"
    holder: str
    key_id: str
    made_on: str
    kind: str = KeyKind.KEY
    tried_on: str = ""
    destroyed_on: str = ""
    destroyed_by: str = ""
    ending: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the file has not been noted as destroyed."""
        return not self.destroyed_on


def register_path(public_keys: Path, wave_id: bytes) -> Path:
    """Where the register of a wave lies."""
    return public_keys / "register" / f"{wave_id.hex()}.json"


def notes_of(public_keys: Path, wave_id: bytes) -> tuple[KeyNote, ...]:
    """Every entry of a wave, in the order made; none for a wave without. Raises RegisterDamaged."""
    path = register_path(public_keys, wave_id)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if (document["format"], document["wave"]) != (FORMAT, wave_id.hex()):
            raise ValueError("of something else")
        return tuple(KeyNote(**entry) for entry in document["keys"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise RegisterDamaged(f"The key register {path} is damaged: restore it.") from error


def add_notes(public_keys: Path, wave_id: bytes, notes: Iterable[KeyNote]) -> None:
    """Add entries. Raises ValueError for a role that is there already."""
    known, new = notes_of(public_keys, wave_id), tuple(notes)
    roles = [note.role for note in (*known, *new)]
    if len(set(roles)) != len(roles):
        raise ValueError("a role occurs twice in the register")
    _write(public_keys, wave_id, (*known, *new))


def note_tried(public_keys: Path, wave_id: bytes, roles: Iterable[str], day: date) -> None:
    """Note that these files opened a test response on this day."""
    tried = frozenset(roles)

    def noted(note: KeyNote) -> KeyNote:
        return replace(note, tried_on=day.isoformat()) if note.role in tried else note

    _change(public_keys, wave_id, noted)


def note_destroyed(
    public_keys: Path, wave_id: bytes, role: str, *, day: date, by: str, ending: Ending
) -> None:
    """Note that a file is gone. Raises NotInRegister unless it was still there."""
    still_there(public_keys, wave_id, role)

    def noted(note: KeyNote) -> KeyNote:
        if note.role != role:
            return note
        gone = {"destroyed_on": day.isoformat(), "destroyed_by": by, "ending": ending.value}
        return replace(note, **gone)

    _change(public_keys, wave_id, noted)


def still_there(public_keys: Path, wave_id: bytes, role: str) -> KeyNote:
    """The entry of a file that has not been destroyed. Raises NotInRegister."""
    there = {note.role: note for note in notes_of(public_keys, wave_id) if note.is_there}
    if role not in there:
        known = ", ".join(there) or "no file at all"
        raise NotInRegister(f"There is no {role} of this wave. Still noted as there: {known}.")
    return there[role]


def note_of_file(
    public_keys: Path, wave_id: bytes, path: Path, key_id: bytes, kind: KeyKind
) -> KeyNote | None:
    """The entry of a file that is still there, told by its key id, then by its name.

    None for a file that is not in the register, or is noted as gone: then it is one more copy.
    """
    same = [
        note
        for note in notes_of(public_keys, wave_id)
        if note.is_there and note.key_id == key_id.hex() and note.kind == kind
    ]
    by_name = [note for note in same if path.stem == f"{wave_id.hex()[:8]}-{note.role}"]
    return next(iter(by_name + same), None)


def all_destroyed(public_keys: Path, wave_id: bytes) -> bool:
    """Whether every file ever noted for the wave is noted as gone. False where none was noted."""
    notes = notes_of(public_keys, wave_id)
    return bool(notes) and not any(note.is_there for note in notes)


def untried(public_keys: Path, wave_id: bytes) -> tuple[str, ...]:
    """The roles whose files are there and have never opened a test response."""
    notes = notes_of(public_keys, wave_id)
    return tuple(note.role for note in notes if note.is_there and not note.tried_on)


def refuse_untried(public_keys: Path, wave_id: bytes) -> None:
    """Raise NeverTried when any file of the wave, or all of them, has never been tried."""
    roles = untried(public_keys, wave_id)
    if notes_of(public_keys, wave_id) and not roles:
        return
    which = ", ".join(roles) or "none is in the register"
    raise NeverTried(
        f"Keys of this wave were never tried: {which}. Answers that no key opens are lost. Try "
        "them with `flask keys drill`; or open the wave all the same with --untried."
    )


def _change(public_keys: Path, wave_id: bytes, change: Callable[[KeyNote], KeyNote]) -> None:
    _write(public_keys, wave_id, [change(note) for note in notes_of(public_keys, wave_id)])


def _write(public_keys: Path, wave_id: bytes, notes: Iterable[KeyNote]) -> None:
    """The whole register anew, or not at all."""
    path = register_path(public_keys, wave_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"format": FORMAT, "wave": wave_id.hex(), "keys": [asdict(note) for note in notes]}
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
