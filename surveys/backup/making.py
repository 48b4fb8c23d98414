"""Making a backup: write every slot anew, copy, seal, keep for 35 days.

In: a Site, a folder outside of it, and the day. Out: one file named after the day, sealed to the
backup keys when there are any, and no older ones than allowed.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from surveys.backup.keys import backup_keys
from surveys.backup.packing import BackupRefused, pack
from surveys.backup.rules import KEPT_DAYS
from surveys.backup.staging import staging
from surveys.site import Site
from surveys.vault.cobblestone import lock_pieces, new_key
from surveys.vault.compacting import empty_log
from surveys.vault.envelope import (
    HASH_LENGTH,
    ID_LENGTH,
    Header,
    HeaderFields,
    Purpose,
    Wrap,
    assemble,
    header_to_bytes,
)
from surveys.vault.hpke import PublicKey, wrap
from surveys.vault.rewriting import SlotsDamaged, rewrite_slots
from surveys.vault.sealing import BODY_CONTEXT, WRAP_INFO
from surveys.whole_files import settle

FIELDS = HeaderFields(bytes(ID_LENGTH), bytes(HASH_LENGTH), 0)
PIECE = 1 << 20
_SEALED = ".sealed"
_NAME = re.compile(r"heard-(\d{4}-\d\d-\d\d)\.(sealed|tar)")
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.unfinished")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, how many older ones went, and what is wrong with its slots, if any.

    ``damaged`` says how many slots of the site do not open; they are in the backup as they are.
    """

    path: Path
    sealed: bool
    pruned: int
    damaged: str = ""


def make_backup(site: Site, folder: Path, today: date) -> Backup:
    """Make today's backup, whole or not at all, and delete those that are too old.

    Those go even when today's cannot be made: certificates of erasure say by when they are gone.
    Raises BackupRefused, BackupKeysUnfit, or OSError when the folder cannot be written to.
    """
    home, folder = site.summaries.parent.resolve(), folder.resolve()
    if folder.is_relative_to(home):
        raise BackupRefused(f"{folder} lies in the site's own folder. Give one on another disk.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        path, damaged = _make(site, home, folder, today)
    finally:
        pruned = prune(folder, today)
    return Backup(path, path.suffix == _SEALED, pruned, damaged)


def prune(folder: Path, today: date) -> int:
    """Delete backups of more than 35 days ago, by the day in their names. How many there were.

    What killed runs of earlier days left half written goes as well, and is not counted.
    """
    oldest, pruned = today - timedelta(days=KEPT_DAYS), 0
    for path in folder.iterdir():
        unfinished = _UNFINISHED.fullmatch(path.name)
        if unfinished and date.fromisoformat(unfinished[1]) < today:
            path.unlink()
        found = _NAME.fullmatch(path.name)
        if found and date.fromisoformat(found[1]) < oldest:
            path.unlink()
            pruned += 1
    return pruned


def _make(site: Site, home: Path, folder: Path, today: date) -> tuple[Path, str]:
    keys, damaged = backup_keys(site.public_keys), ""
    try:
        rewrite_slots(site.engine, site.storage_key)
    except SlotsDamaged as error:
        damaged = str(error)
    empty_log(site.engine)  # of SQLite; PostgreSQL's goes with the next compacting
    path = folder / f"heard-{today.isoformat()}{_SEALED if keys else '.tar'}"
    with staging(home) as workplace:
        tar = pack(site, workplace, today)
        _write(path, _sealed(keys, tar) if keys else _pieces(tar))
    return path, damaged


def _sealed(keys: Sequence[PublicKey], tar: Path) -> Iterator[bytes]:
    """The vault's envelope, with the tar as its body."""
    header = Header(keys[0].suite, Purpose.BACKUP, FIELDS, secrets.token_bytes(ID_LENGTH))
    header_bytes, data_key = header_to_bytes(header), new_key()
    wraps = tuple(
        Wrap(key.key_id, wrap(key, data_key, WRAP_INFO + header_bytes + key.key_id)) for key in keys
    )
    yield assemble(header_bytes, wraps, b"")
    yield from lock_pieces(data_key, BODY_CONTEXT + header_bytes, _pieces(tar))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    """Piece by piece, for it may not fit into memory; what a kill leaves is known by its name."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        settle(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)  # half a backup holds people, and nobody would look
        raise
