"""What is left over around an erasure: private keys, lists of codes, files nobody told us about.

In: the site's folder and the register of keys. Out: what must still be destroyed, and by whom.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from surveys.invitations.register import invitations_of
from surveys.keys.key_register import KeyNote, RegisterDamaged, notes_of
from surveys.site import Site
from surveys.vault.envelope import Purpose
from surveys.vault.public_keys import KeysUnfit, keys_path, load_wave_keys

_PURPOSES = {"analyst": Purpose.RESPONSE, "mix": Purpose.MIX}
LARGEST_LIST = 32 * 1024 * 1024
_SEARCHED = frozenset({"certificates", "instruments", "public_keys", "summaries"})
_OWN_FOLDERS = _SEARCHED | {"secrets"}
_OWN_FILES = frozenset(
    {"answered.json", "audit.jsonl", "audit.pub", "contact.lock", "corrections.jsonl"}
    | {"guesses.json", "outbox.lock", "site.toml"}
)
_OF_SQLITE = ("", "-wal", "-shm")


def keys_left(site: Site, wave_id: bytes) -> tuple[str, ...]:
    """The private halves of a wave that nobody has noted as destroyed, in words."""
    try:
        notes = notes_of(site.public_keys, wave_id)
    except RegisterDamaged as error:
        return (str(error),)
    if not notes and keys_path(site.public_keys, wave_id).exists():
        return (
            f"every private key of wave {wave_id.hex()}, the analyst's and the custodian's, with "
            "spares and copies: none of them is in the register of keys",
        )
    return tuple(_there_or_unknown(site, wave_id, notes, {Purpose.RESPONSE, Purpose.MIX}))


def release_keys_left(site: Site, wave_id: bytes) -> tuple[str, ...]:
    """Of those, the custodian's alone, with which the codes could be tied to answers."""
    try:
        notes = notes_of(site.public_keys, wave_id)
    except RegisterDamaged as error:
        return (str(error),)
    return tuple(_there_or_unknown(site, wave_id, notes, {Purpose.MIX}))


def _there_or_unknown(
    site: Site, wave_id: bytes, notes: Sequence[KeyNote], purposes: Container[Purpose]
) -> Iterator[str]:
    """Keys noted as there, and keys sealed to that the register has no word of."""
    for note in notes:
        if note.is_there and _PURPOSES.get(note.layer, Purpose.MIX) in purposes:
            yield f"{note.role}, held by {note.holder}, key {note.key_id}"
    if not keys_path(site.public_keys, wave_id).exists():
        return
    try:
        sealed_to = load_wave_keys(site.public_keys, wave_id).ever
    except KeysUnfit as error:
        yield f"keys that nobody can name here: {error}"
        return
    wanted = {key.key_id.hex() for key in sealed_to if key.purpose in purposes}
    for key_id in sorted(wanted - {note.key_id for note in notes}):
        yield f"key {key_id}, to which answers were sealed: it is not in the register of keys"


def keys_gone(site: Site, wave_id: bytes) -> tuple[str, ...]:
    """The private halves of a wave that were noted as destroyed: which, when, on whose word."""
    try:
        notes = notes_of(site.public_keys, wave_id)
    except RegisterDamaged:
        return ()  # keys_left says so
    return tuple(
        f"{note.role}, held by {note.holder}, key {note.key_id}: destroyed on {note.destroyed_on}, "
        f"{note.ending} by {note.destroyed_by}"
        for note in notes
        if not note.is_there
    )


def remove_code_lists(site: Site, wave_id: bytes) -> int:
    """Delete files in the site's folder that name an invitation of a wave. How many there were.

    Also in the folders of its own records, none of which names one.
    """
    wanted = [each.id.hex().encode() for each in invitations_of(site.engine, wave_id)]
    home = site.summaries.parent
    inside = (path for name in sorted(_SEARCHED) for path in _files_below(home / name))
    searched = (*unknown_files(site), *inside)
    found = [path for path in searched if wanted and _names_one(path, wanted)]
    for path in found:
        path.unlink()
    return len(found)


def unknown_files(site: Site) -> Iterator[Path]:
    """Every file in the site's folder that the site did not put there itself."""
    home, database = site.summaries.parent, _database_of(site)
    for path in _files_below(home):
        first, *below = path.relative_to(home).parts
        own = first in (_OWN_FOLDERS if below else _OWN_FILES)
        if not own and path.resolve() not in database:
            yield path


def _database_of(site: Site) -> frozenset[Path]:
    """The files of the database that is served from now; none for PostgreSQL."""
    url = site.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return frozenset()
    path = Path(url.database).resolve()
    return frozenset(path.with_name(f"{path.name}{ending}") for ending in _OF_SQLITE)


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _names_one(path: Path, wanted: list[bytes]) -> bool:
    if path.stat().st_size > LARGEST_LIST:
        return False
    content = path.read_bytes()
    return any(name in content for name in wanted)
