"""An escrow custodian leaves, or somebody takes over: their key ends, and that is remembered.

In: a name, and the key file or somebody's word. Out: one public half fewer to put keys in escrow
with, and a record of when it was put away. Nothing is opened, and no passphrase is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from surveys.keys.destruction import overwrite_and_remove
from surveys.keys.escrow_custodians import (
    EscrowCustodian,
    escrow_custodian_path,
    escrow_custodians_of,
    file_name_of,
)
from surveys.keys.key_register import KeyKind, KeyNote, notes_of
from surveys.site import Site
from surveys.vault.waves import all_waves
from surveys.whole_files import PUBLIC, settle, write_anew

_KEY_FILE = "heard private key 1"
_NO_WAVE = bytes(16).hex()
_ENOUGH = 2


class NotTheirKey(Exception):
    """The file is left as it is: it is not the key file of this escrow custodian."""


class StillNeeded(Exception):
    """Keys in escrow could not be made again any more. The message says of which waves."""


@dataclass(frozen=True, slots=True)
class Retired:
    """Whoever was an escrow custodian until a day, with another key than a later one."""

    file_name: str
    retired_on: str


def retire(site: Site, custodian: EscrowCustodian, key_file: Path | None) -> None:
    """Overwrite the custodian's key file, if it is here, and put the public half away.

    Nothing is put in escrow with it from now on. Raises NotTheirKey, having touched nothing.
    """
    if key_file is not None:
        _refuse_other_files(key_file, custodian)
        overwrite_and_remove(key_file)
    path = escrow_custodian_path(site.public_keys, custodian.name)
    kept = path.parent / "retired" / f"{path.stem}-{custodian.key.key_id.hex()}.json"
    kept.parent.mkdir(exist_ok=True)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["retired_on"] = site.now().date().isoformat()
    content = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_anew(kept, content.encode(), PUBLIC)
    path.unlink()
    settle(path.parent)


def refuse_needed_custodian(site: Site, custodian: EscrowCustodian) -> None:
    """Raise StillNeeded when escrow files are there that fewer than two others could open.

    A custodian counts for an escrow file that names them, unless they got another key since.
    """
    titles = []
    for wave in all_waves(site.engine):
        notes = [note for note in notes_of(site.public_keys, wave.id) if _is_escrow(note)]
        if any(_others_able(site, note, custodian) < _ENOUGH for note in notes):
            titles.append(f"{wave.survey} {wave.number} ({wave.id.hex()[:8]})")
    if titles:
        raise StillNeeded(
            f"Without {custodian.name}, fewer than two custodians are left who can make the keys "
            f"in escrow of {', '.join(titles)} again. Destroy those escrow files first, when "
            "their wave has come to its end; or say --give-up-escrow."
        )


def _is_escrow(note: KeyNote) -> bool:
    return note.is_there and note.kind == KeyKind.ESCROW


def _others_able(site: Site, note: KeyNote, leaving: EscrowCustodian) -> int:
    """How many of those an entry names are still custodians with the key of that day.

    On the day of a change itself nobody knows which key it was: then they are not counted. An
    entry that does not name whoever leaves is none of theirs, and stays as it is.
    """
    named = set(note.holder.removeprefix("any two of ").split(", "))
    if leaving.name not in named:
        return _ENOUGH
    changed = {one.file_name for one in retired(site.public_keys) if one.retired_on >= note.made_on}
    others = {one.name for one in escrow_custodians_of(site.public_keys)} - {leaving.name}
    return sum(file_name_of(name) not in changed for name in named & others)


def retired(public_keys: Path) -> Iterator[Retired]:
    """Everybody who was a custodian and is none any more, or has another key."""
    for path in sorted((public_keys / "escrow" / "retired").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        yield Retired(file_name_of(document["name"]), document["retired_on"])


def _refuse_other_files(path: Path, custodian: EscrowCustodian) -> None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = (document["format"], document["wave"], document["key_id"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise NotTheirKey(f"{path} is not a key file. It was left as it was.") from error
    if found != (_KEY_FILE, _NO_WAVE, custodian.key.key_id.hex()) or path.is_symlink():
        raise NotTheirKey(f"{path} is not the key file of {custodian.name}. It was left as it was.")
