"""Copies of a database as a thief has them: rows with everything the engine tells of them, the file
itself, and the write-ahead log as it lies.
"""

import re
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

Row = dict[str, object]
LOG_HEADER, FRAME_HEADER = 32, 24


@dataclass(frozen=True)
class Snapshot:
    """A database at one moment. ``file`` is empty on PostgreSQL, where ctid says the place."""

    rows: dict[str, list[Row]]
    file: bytes = b""
    log: bytes = b""

    def place(self, row: Row, part: bytes) -> tuple[int, ...]:
        """Where a part of a row lies: block and item, or the offset in the file; -1 for nowhere."""
        if "ctid" in row:
            return tuple(int(number) for number in re.findall(r"\d+", str(row["ctid"])))
        return (self.file.find(part),)


def of_files(path: Path, folder: Path) -> Snapshot:
    """Copy an SQLite database with its log and journal, and read the copy."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    pieces = {}
    for suffix in ("", "-wal", "-journal"):
        found = path.with_name(path.name + suffix)
        if found.exists():
            pieces[suffix] = found.read_bytes()
            (folder / ("copy" + suffix)).write_bytes(pieces[suffix])
    log = pieces.get("-wal", b"") + pieces.get("-journal", b"")
    return Snapshot(_sqlite_rows(folder / "copy"), pieces[""], log)


def of_backup(path: Path, folder: Path) -> Snapshot:
    """What ``VACUUM INTO`` makes of an SQLite database: the only backup there is to be."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("VACUUM INTO ?", (str(folder / "backup"),))
    connection.close()
    return of_files(folder / "backup", folder / "opened")


def of_server(engine: Engine, log: bytes = b"") -> Snapshot:
    """Every row of a PostgreSQL database with xmin and ctid; and its log, if it was taken."""
    rows = {}
    with engine.connect() as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for name in connection.execute(text(tables)).scalars().all():
            query = text(f'SELECT xmin::text::bigint AS xmin, ctid::text AS ctid, * FROM "{name}"')
            rows[name] = [dict(row._mapping) for row in connection.execute(query)]
    return Snapshot(rows, log=log)


def server_place(engine: Engine) -> int:
    """How far a PostgreSQL server's log has come, in bytes."""
    with engine.connect() as connection:
        query = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
        return int(connection.execute(text(query)).scalar_one())


def server_log(wal: Path, since: int, until: int) -> bytes:
    """The segments of pg_wal as they lie on the disk, from one byte of the log to another."""
    segments = sorted(p for p in wal.iterdir() if re.fullmatch(r"[0-9A-F]{24}", p.name))
    length = segments[0].stat().st_size
    begins = {segment: _number(segment.name, length) * length for segment in segments}
    kept = [s for s, begin in begins.items() if begin < until and begin + length > since]
    whole = b"".join(segment.read_bytes() for segment in kept)
    return whole[since - begins[kept[0]] : until - begins[kept[0]]]


def _number(name: str, length: int) -> int:
    """Which segment it is, counted from the first: https://www.postgresql.org/docs/15/wal-internals.html"""
    return int(name[8:16], 16) * (2**32 // length) + int(name[16:], 16)


def states(snapshot: Snapshot) -> Iterator[dict[str, list[Row]]]:
    """An SQLite database as it was after each commit that is still in its log, first to last."""
    log, content = snapshot.log, bytearray(snapshot.file)
    if len(log) < LOG_HEADER:
        return
    page, salts = struct.unpack(">8xI4x8s", log[:24])  # https://www.sqlite.org/walformat.html
    for start in range(LOG_HEADER, len(log) - FRAME_HEADER - page + 1, FRAME_HEADER + page):
        number, size, frame_salts = struct.unpack(">II8s", log[start : start + 16])
        if frame_salts != salts:
            return
        content.extend(bytes(max(0, number * page - len(content))))
        data = log[start + FRAME_HEADER : start + FRAME_HEADER + page]
        content[(number - 1) * page : number * page] = data
        if size:
            yield _rows_in(bytes(content[: size * page]))


def _rows_in(content: bytes) -> dict[str, list[Row]]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content[:18] + b"\1\1" + content[20:])  # as if it had no log
    return _all_rows(connection)


def _sqlite_rows(path: Path) -> dict[str, list[Row]]:
    return _all_rows(sqlite3.connect(path))


def _all_rows(connection: sqlite3.Connection) -> dict[str, list[Row]]:
    connection.row_factory = sqlite3.Row
    listed = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    rows = {}
    for name, sql in listed.fetchall():
        hidden = "*" if sql.rstrip().upper().endswith("WITHOUT ROWID") else "rowid AS hidden, *"
        rows[name] = [dict(row) for row in connection.execute(f'SELECT {hidden} FROM "{name}"')]
    connection.close()
    return rows
