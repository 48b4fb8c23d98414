"""What goes into a backup: a copy of the database and the site's own records, in one tar file.

In: a Site and an empty folder. Out: the tar. The database is copied by ``VACUUM INTO`` or
``pg_dump``, never as a file, so that no log and no order of writing goes along. Secrets are never
packed: without them the places of those who answer cannot be opened, so they are kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from surveys.site import Site
from surveys.vault.key_sighting import MARK, private_keys_below

FORMAT = "heard backup 1"
MANIFEST_NAME = "backup.json"
SQLITE_NAME, POSTGRESQL_NAME = "heard.sqlite3", "heard.pgdump"
OWN_FILES = ("audit.jsonl", "audit.pub", "corrections.jsonl")
OWN_FOLDERS = ("certificates", "instruments", "public_keys", "summaries")


class BackupRefused(Exception):
    """No backup was made. The message says why, and what to do."""


def pack(site: Site, folder: Path, day: date) -> Path:
    """Write the tar of a backup into ``folder``. Raises BackupRefused."""
    home = site.summaries.parent
    _refuse_private_keys(home)
    names = [copy_database(site.engine, folder).name, *sorted(_own_names(home))]
    for name in names[1:]:  # copied first: the audit log may grow meanwhile
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home / name, folder / name)
    for name in names:
        _refuse_secrets(site, folder / name)
    (folder / MANIFEST_NAME).write_text(_manifest(folder, names, day), encoding="ascii")
    tar = folder / "backup.tar"
    with tarfile.open(tar, "w", format=tarfile.PAX_FORMAT) as packed:
        for name in (MANIFEST_NAME, *names):
            packed.add(folder / name, name, recursive=False, filter=_without_traces)
    return tar


def copy_database(engine: Engine, folder: Path) -> Path:
    """A copy that holds the rows and nothing else. Raises BackupRefused."""
    if engine.dialect.name == "sqlite":
        path = folder / SQLITE_NAME
        raw = engine.raw_connection()  # SQLAlchemy's own connection would begin a transaction
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(path),))
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise BackupRefused(f"The database could not be copied: {error}") from error
        finally:
            raw.close()
        return path
    return _dump(engine, folder / POSTGRESQL_NAME)


def postgresql_environment(engine: Engine) -> dict[str, str]:
    """How PostgreSQL's own programs reach the database: not on a command line, for all to read."""
    options = engine.dialect.create_connect_args(engine.url)[1]
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    reach = {names[key]: str(value) for key, value in options.items() if key in names}
    return {"PATH": os.environ.get("PATH", os.defpath), **reach}


def _dump(engine: Engine, path: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupRefused("pg_dump is missing. Install: sudo apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [program, "--format=custom", "--no-owner", "--no-privileges", "--file", str(path)],
        env=postgresql_environment(engine),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"pg_dump failed: {done.stderr.strip()}")
    return path


def _own_names(home: Path) -> Iterator[str]:
    for name in OWN_FILES:
        if (home / name).is_file():
            yield name
    for name in OWN_FOLDERS:
        for path in sorted((home / name).rglob("*")):
            if path.is_file() and path.suffix != ".unfinished":
                yield str(path.relative_to(home))


def _manifest(folder: Path, names: Sequence[str], day: date) -> str:
    hashes = {}
    for name in names:
        with (folder / name).open("rb") as file:
            hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    document = {"format": FORMAT, "day": date(day.year, day.month, day.day).isoformat()}
    return json.dumps({**document, "files": hashes}, indent=1, sort_keys=True) + "\n"


def _without_traces(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """No time finer than a day and no name of this machine's people goes along."""
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _refuse_private_keys(home: Path) -> None:
    if found := private_keys_below(home):
        names = ", ".join(str(path) for path in found)
        raise BackupRefused(f"Private key files lie in the site's folder: {names}. Move them away.")


def _refuse_secrets(site: Site, path: Path) -> None:
    """A secret that somebody put into one of the files that are packed."""
    secrets = [value.hex().encode() for value in (site.storage_key, site.pepper, site.site_id)]
    with path.open("rb") as file:
        before = b""
        while piece := file.read(1 << 20):
            if any(secret in before + piece for secret in (*secrets, MARK)):
                raise BackupRefused(f"{path} holds a secret or a private key. Take it out first.")
            before = piece[-64:]
