"""What is wrong with an SQLite file: its pragmas, its place, and what lies beside it.

In: an engine. Out: faults, each with what to change. Pragmas are read on a connection of the site's
own, for most of them are forgotten with the connection.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from sqlalchemy import Engine

_PRAGMAS = {
    "journal_mode": ("wal",),
    "secure_delete": (1,),  # 2 is FAST, which leaves deleted content on free pages
    "synchronous": (2, 3),  # FULL, EXTRA
}
_REMOTE = {
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre",
    "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
}  # fmt: skip
_FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'"
MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\(040|011|012|134)")  # space, tab, end of line, backslash; no other byte


def sqlite_faults(engine: Engine) -> list[str]:
    """Every fault of an SQLite database; of one in memory, only those of its pragmas."""
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}
        place = connection.exec_driver_sql(_FILE).scalar()
    if not place:
        return _pragma_faults(found | {"journal_mode": "wal"})
    path = Path(place).resolve()
    return [*_pragma_faults(found), *_place_faults(path), *_mount_faults(path)]


def _pragma_faults(found: dict[str, object]) -> list[str]:
    return [
        f"PRAGMA {name} is {found[name]} and must be {allowed[0]}: open the database through "
        "surveys.database.open_engine only, and set nothing else."
        for name, allowed in _PRAGMAS.items()
        if found[name] not in allowed
    ]


def _place_faults(path: Path) -> list[str]:
    faults = []
    if _others_reach(path):
        faults.append(
            f"Others on this machine can read {path}. Run: chmod 700 {path.parent}; "
            f"chmod 600 {path}"
        )
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        faults.append(
            f"{journal} keeps what was overwritten, and the database has no use for it any more. "
            f"Run: shred -u {journal}"
        )
    return faults


def _others_reach(path: Path) -> bool:
    """Whether somebody else may read the file and enter every folder above it."""
    readable = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    entered = (folder.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH) for folder in path.parents)
    return bool(readable) and all(entered)


def _mount_faults(path: Path) -> list[str]:
    """SQLite's log and locks do not hold on a file system of another machine's."""
    kind = _file_system_of(path)
    if kind not in _REMOTE:
        return []
    return [f"{path} is on a network file system ({kind}). Move it to a disk of this machine."]


def _file_system_of(path: Path) -> str:
    """The kind of the file system that has the file; empty where the machine does not say.

    Lines are as in proc(5): the mount point is the fifth field, the kind the first after " - ".
    """
    if not MOUNTS.exists():
        return ""
    found: dict[Path, str] = {}
    for line in filter(None, os.fsdecode(MOUNTS.read_bytes()).split("\n")):
        place, _, rest = line.partition(" - ")
        mount = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 8)), place.split(" ")[4])
        found[Path(mount)] = rest.split(" ")[0]
    return next((found[folder] for folder in path.parents if folder in found), "")
