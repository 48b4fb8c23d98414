"""The register of a wave's keys: which there are, who holds them, when made, tried and destroyed.

In: what a ceremony did, and the day. Out: one JSON file for each wave beside its public keys. No
secret is ever in it, so the web server may read it; nothing here can open anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from surveys.whole_files import PUBLIC, write_anew

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


class RoleTaken(Exception):
    """An entry of that role is there already. Nothing was noted."""


class NeverTried(Exception):
    """Keys of a wave have never opened anything. The message says which, and what to do."""


class NoKeyLeft(Exception):
    """What would be sealed now could never be opened. The message says which layer, and why."""


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
    """Add entries. Raises RoleTaken for a role that is there already."""
    known, new = notes_of(public_keys, wave_id), tuple(notes)
    roles = [note.role for note in (*known, *new)]
    twice = sorted({role for role in roles if roles.count(role) > 1})
    if twice:
        raise RoleTaken(f"The register has {', '.join(twice)} of this wave already.")
    _write(public_keys, wave_id, (*known, *new))


def take_notes_out(public_keys: Path, wave_id: bytes, roles: Iterable[str]) -> None:
    """Take out entries of files that never came into use, and are gone again."""
    gone = frozenset(roles)
    left = [note for note in notes_of(public_keys, wave_id) if note.role not in gone]
    _write(public_keys, wave_id, left)


def free_role(public_keys: Path, wave_id: bytes, wanted: Iterable[str]) -> str:
    """The first of these roles that is not in the register yet."""
    taken = {note.role for note in notes_of(public_keys, wave_id)}
    return next(role for role in wanted if role not in taken)


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


def refuse_no_key_left(
    public_keys: Path, wave_id: bytes, layers: Mapping[str, frozenset[bytes]]
) -> None:
    """Raise NoKeyLeft when all keys of a layer that is sealed to now are noted as destroyed.

    ``layers`` are the key ids of each. Of a wave without any entry nothing is known.
    """
    notes = notes_of(public_keys, wave_id)
    there = {note.key_id for note in notes if note.is_there}
    for layer, key_ids in layers.items():
        if notes and not there & {key_id.hex() for key_id in key_ids}:
            raise NoKeyLeft(
                f"Every {layer} key of this wave that answers would be sealed to is noted as "
                "destroyed, or is not in the register: nobody could ever read them. Make a new "
                "one with `flask keys rotate`, which a prepared wave and an open one still take; "
                "otherwise prepare another wave."
            )


def _change(public_keys: Path, wave_id: bytes, change: Callable[[KeyNote], KeyNote]) -> None:
    _write(public_keys, wave_id, [change(note) for note in notes_of(public_keys, wave_id)])


def _write(public_keys: Path, wave_id: bytes, notes: Iterable[KeyNote]) -> None:
    """The whole register anew, or not at all."""
    path = register_path(public_keys, wave_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"format": FORMAT, "wave": wave_id.hex(), "keys": [asdict(note) for note in notes]}
    write_anew(path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode(), PUBLIC)
