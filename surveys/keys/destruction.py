"""Destroying the keys of a wave, which makes every copy of its answers unreadable at once.

In: key files and escrow files, or the word of whoever destroyed one. Out: files overwritten and
removed, the register, and at the end a dated certificate that says exactly what is gone and what
Heard cannot know. No passphrase is needed, and nothing is opened.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from surveys.keys.ceremony_sheets import about_wave, page_of
from surveys.keys.key_register import (
    Ending,
    KeyKind,
    KeyNote,
    note_destroyed,
    note_of_file,
    notes_of,
    register_path,
)
from surveys.site import Site
from surveys.vault.envelope import take_apart
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.slots import has_slots
from surveys.vault.store import envelopes_of
from surveys.vault.waves import Wave, WaveStatus
from surveys.whole_files import PRIVATE, settle, write_anew

_KINDS = {"heard private key 1": KeyKind.KEY, "heard private key in escrow 1": KeyKind.ESCROW}
_FOR_ALL_WAVES = " An escrow custodian's key ends with `flask keys escrow-custodian NAME --retire`."
_RELEASED = (WaveStatus.RELEASED, WaveStatus.PUBLISHED)
_WHERE_READ = {"mix": _RELEASED, "analyst": (WaveStatus.PUBLISHED,)}


class NotAKeyOfThisWave(Exception):
    """The file is left as it is: it is no key file, or another wave's."""


class ForeignRegister(Exception):
    """The register is another site's. The message says which, and nothing was touched."""


class LastKey(Exception):
    """Destroying it would lose answers that nobody has read. The message says how to go on."""


class NotAllDestroyed(Exception):
    """There is no certificate yet. The message says which keys are still noted as there."""


@dataclass(frozen=True, slots=True)
class KeyOnDisk:
    """What a key file says of itself, without being opened."""

    path: Path
    key_id: bytes
    kind: KeyKind


def look_at(path: Path, wave: Wave) -> KeyOnDisk:
    """What is in a file. Raises NotAKeyOfThisWave."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        kind, key_id = _KINDS[document["format"]], bytes.fromhex(document["key_id"])
        of_wave = document["wave"]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise NotAKeyOfThisWave(f"{path} is not a key file. It was left as it was.") from error
    if of_wave != wave.id.hex() or path.is_symlink():
        words = f"{path} is not a key file of this wave. It was left as it was."
        raise NotAKeyOfThisWave(words + (_FOR_ALL_WAVES if of_wave == bytes(16).hex() else ""))
    return KeyOnDisk(path, key_id, kind)


def refuse_last_key(site: Site, wave: Wave, role: str) -> None:
    """Raise LastKey for a file while answers wait that it alone can open.

    After a change of keys that is asked for the keys of each time. Raises KeysUnfit as well.
    """
    there = [note for note in notes_of(site.public_keys, wave.id) if note.is_there]
    mine = next((note for note in there if note.role == role), None)
    if mine is None or wave.status in (WaveStatus.PREPARED, *_WHERE_READ[mine.layer]):
        return
    own, left = mine.key_id, {note.key_id for note in there if note.role != role}
    if any(own in ids and not ids & left for ids in _sealed_to(site, wave, mine.layer)):
        raise LastKey(
            f"This is the last {mine.layer} key for what was sealed to it in {wave.survey} "
            f"{wave.number}, which is {wave.status}. Without it nobody can ever read those "
            "answers. If that is what you want, say --give-up-answers."
        )


def _sealed_to(site: Site, wave: Wave, layer: str) -> set[frozenset[str]]:
    """The sets of keys of a layer, any one of which opens the answers that wait."""
    if wave.status in _RELEASED:  # said by the answers: some may be sealed anew to newer keys
        sealed = {take_apart(one).key_ids for one in envelopes_of(site.engine, wave.id)}
    elif wave.status is WaveStatus.CLOSED and not has_slots(site.engine, wave.id):
        return set()  # they were erased, and the release has not moved them anywhere
    else:
        times = load_wave_keys(site.public_keys, wave.id).generations
        sealed = {one.analyst_ids if layer == "analyst" else one.mix_ids for one in times}
    return {frozenset(key_id.hex() for key_id in ids) for ids in sealed}


def note_ended_by(site: Site, wave: Wave, found: KeyOnDisk) -> KeyNote | None:
    """The entry that ends with this file: of its key, and of its very name.

    None for a file under any other name, and for one that the register does not know: it is a
    copy, and the file of the entry may lie elsewhere, whole.
    """
    note = note_of_file(site.public_keys, wave.id, found.path, found.key_id, found.kind)
    own = note is not None and found.path.stem == f"{wave.id.hex()[:8]}-{note.role}"
    return note if own else None


def refuse_foreign_register(site: Site, wave: Wave) -> None:
    """Raise ForeignRegister when the register lies outside of this site's folder.

    In a copy of a site's folder a link may lead to the register of the original.
    """
    home, path = site.summaries.parent.resolve(), register_path(site.public_keys, wave.id)
    if not path.resolve().is_relative_to(home):
        raise ForeignRegister(
            f"{path} leads to {path.resolve()}, which is not in this site's folder. Nothing was "
            "destroyed or noted. Set HEARD_HOME to the folder of the site whose keys these are."
        )


def destroy_file(site: Site, wave: Wave, found: KeyOnDisk, by: str) -> KeyNote | None:
    """Overwrite and remove a file, and note it. None for a copy, of which nothing is noted.

    Raises ForeignRegister, having touched nothing.
    """
    refuse_foreign_register(site, wave)
    note = note_ended_by(site, wave, found)
    overwrite_and_remove(found.path)
    if note is not None:
        today = site.now().date()
        role, known = note.role, site.public_keys
        note_destroyed(known, wave.id, role, day=today, by=by, ending=Ending.SEEN)
    return note


def overwrite_and_remove(path: Path) -> None:
    """Write random bytes over a file, wait until they are on the medium, and remove it."""
    length = path.stat().st_size
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(length))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    settle(path.parent)


def certificates_folder(site: Site) -> Path:
    """Where the site keeps its certificates."""
    return site.public_keys.parent / "certificates"


def write_certificate(site: Site, wave: Wave) -> tuple[Path, Path]:
    """The certificate as a page to print and as text. Raises NotAllDestroyed.

    Written anew each time from the register, so it can be had again.
    """
    notes = _all_gone(site, wave)
    day = date.fromisoformat(max(note.destroyed_on for note in notes))
    folder = certificates_folder(site)
    folder.mkdir(exist_ok=True, mode=0o700)
    values = {"authority": site.authority, "about": about_wave(wave), "notes": notes, "day": day}
    written = []
    for ending in ("html", "txt"):
        path = folder / f"keys-{wave.id.hex()[:8]}-{day.isoformat()}.{ending}"
        write_anew(path, page_of(f"keys/certificate.{ending}", **values).encode(), PRIVATE)
        written.append(path)
    return written[0], written[1]


def _all_gone(site: Site, wave: Wave) -> tuple[KeyNote, ...]:
    """Every entry, if all are gone and they are all the keys that were ever sealed to."""
    notes = notes_of(site.public_keys, wave.id)
    left = [note.role for note in notes if note.is_there]
    if left or not notes:
        which = ", ".join(left) or "no key of this wave is in the register"
        raise NotAllDestroyed(f"No certificate yet. Still there: {which}.")
    sealed_to = {key.key_id.hex() for key in load_wave_keys(site.public_keys, wave.id).ever}
    unknown = sealed_to - {note.key_id for note in notes}
    if unknown:
        raise NotAllDestroyed(
            "No certificate: answers were also sealed to keys that the register does not know: "
            + ", ".join(sorted(unknown))
        )
    return notes
