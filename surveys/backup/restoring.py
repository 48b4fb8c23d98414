"""Opening a backup and putting it back. Row side: never loaded in the web process.

In: a backup file, and for a sealed one its private key. Out: its files in a folder, each exactly as
it was packed; or what is wrong with it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from surveys.audit.log import FILE_NAME, FIRST, Entry, entries_after, head
from surveys.backup.making import FIELDS, PIECE
from surveys.backup.packing import (
    FORMAT,
    MANIFEST_NAME,
    OWN_FILES,
    OWN_FOLDERS,
    POSTGRESQL_NAME,
    SQLITE_NAME,
)
from surveys.database import open_engine
from surveys.vault.cobblestone import unlock_pieces
from surveys.vault.envelope import MAGIC, CannotOpen, take_apart
from surveys.vault.opening import PrivateKey, data_key_of
from surveys.vault.sealing import BODY_CONTEXT
from surveys.vault.slots import contents_of
from surveys.vault.waves import all_waves

_LONGEST_HEAD = 8 * 1024
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
BROUGHT_BACK = {
    "withdrawn": "a response or draft, by its code",
    "invitation_withdrawn": "invitations",
    "mail_stopped": "an address that wants no mail",
}
"""Acts in the audit log that a backup from before undoes, and what they took back."""


class BackupDamaged(Exception):
    """The file is no whole backup. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was unpacked: of which day, its database, and how many files it has."""

    day: date
    database: Path
    files: int


def is_sealed(path: Path) -> bool:
    """Whether a backup needs a key."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def restore(path: Path, folder: Path, private_key: PrivateKey | None = None) -> Restored:
    """Unpack a backup into an empty folder and check every file of it.

    Raises BackupDamaged, CannotOpen with a wrong key, FileExistsError when the folder is not empty.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; nothing is written over anything")
    tar = path
    if is_sealed(path):
        if private_key is None:
            raise CannotOpen("this backup is sealed: give a key file")
        tar = folder / "backup.tar"
        _unseal(path, tar, private_key)
    try:
        return _unpack(tar, folder)
    finally:
        if tar != path:
            tar.unlink()


def check_database(restored: Restored, storage_key: bytes | None = None) -> tuple[str, ...]:
    """Open the restored database and read from it. Raises BackupDamaged.

    With the site's storage key also whether every slot opens; for PostgreSQL, whether its own
    program can read the dump.
    """
    if restored.database.name == POSTGRESQL_NAME:
        return _check_dump(restored.database)
    with closing(sqlite3.connect(f"file:{restored.database}?mode=ro", uri=True)) as connection:
        [result] = connection.execute("PRAGMA integrity_check").fetchone()
    if result != "ok":
        raise BackupDamaged(f"the database is damaged: {result}")
    engine = open_engine(f"sqlite:///{restored.database}")
    damaged: list[bytes] = []
    try:
        waves = all_waves(engine)
        with engine.connect() as connection:
            slots = sum(
                sum(1 for _ in contents_of(connection, storage_key, wave.id, damaged=damaged))
                for wave in waves
                if storage_key
            )
    finally:
        engine.dispose()
    if damaged:
        raise BackupDamaged(
            f"{len(damaged):,} of {len(damaged) + slots:,} slots do not open with this site's "
            "storage key"
        )
    opened = f"every one of {slots:,} slots opens with this site's storage key"
    return (f"{len(waves)} waves", opened if storage_key else "slots not tried")


def withdrawn_since(restored: Restored, audit_log: Path) -> tuple[Entry, ...] | None:
    """What people had taken back after this backup was made: it is in it again.

    None when ``audit_log`` is not the one that the backup's own log was the beginning of: then
    nobody can know.
    """
    then = head(restored.database.with_name(FILE_NAME))
    since = entries_after(audit_log, then) if then != FIRST else None
    if since is None:
        return None
    return tuple(entry for entry in since if entry.what in BROUGHT_BACK)


def _check_dump(path: Path) -> tuple[str, ...]:
    program = shutil.which("pg_restore")
    if program is None:
        raise BackupDamaged("pg_restore is missing, so the dump cannot be read here")
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [program, "--list", str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode or " TABLE DATA " not in done.stdout:
        raise BackupDamaged(f"pg_restore cannot read the dump: {done.stderr.strip()}")
    return (f"{done.stdout.count(' TABLE DATA ')} tables",)


def _unseal(path: Path, tar: Path, private_key: PrivateKey) -> None:
    with path.open("rb") as file:
        head = file.read(_LONGEST_HEAD)
        envelope = take_apart(head)
        file.seek(len(head) - len(envelope.body))
        data_key = data_key_of(envelope, private_key, FIELDS)
        try:
            with tar.open("xb") as opened:
                context = BODY_CONTEXT + envelope.header_bytes
                opened.writelines(unlock_pieces(data_key, context, _rest(file)))
        except CannotOpen:
            tar.unlink()
            raise


def _rest(file: object) -> Iterator[bytes]:
    while piece := file.read(PIECE):  # type: ignore[attr-defined]
        yield piece


def _unpack(tar: Path, folder: Path) -> Restored:
    try:
        with tarfile.open(tar, "r:") as packed:
            members = packed.getmembers()
            if not all(member.isfile() and _may_be_inside(member.name) for member in members):
                raise BackupDamaged("the backup holds something that no backup has")
            packed.extractall(folder, members, filter="data")
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="ascii"))
        files, day = dict(manifest["files"]), date.fromisoformat(manifest["day"])
        if manifest["format"] != FORMAT:
            raise BackupDamaged("the backup is of another release of Heard")
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged("this is no whole backup") from error
    _check_files(folder, files, {member.name for member in members})
    (folder / MANIFEST_NAME).unlink()
    name = next((name for name in (SQLITE_NAME, POSTGRESQL_NAME) if name in files), None)
    if name is None:
        raise BackupDamaged("there is no database in it")
    return Restored(day, folder / name, len(files))


def _check_files(folder: Path, files: dict[str, str], packed: set[str]) -> None:
    if packed != {MANIFEST_NAME, *files}:
        raise BackupDamaged("files are missing, or there are too many")
    for name, expected in files.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise BackupDamaged(f"{name} is not as it was packed")


def _may_be_inside(name: str) -> bool:
    first = name.split("/", maxsplit=1)[0]
    single = first in (MANIFEST_NAME, SQLITE_NAME, POSTGRESQL_NAME, *OWN_FILES)
    return (single and first == name) or first in OWN_FOLDERS
