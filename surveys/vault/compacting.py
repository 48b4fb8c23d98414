"""Leaving nothing behind in the database file: free pages, old versions, write-ahead log.

In: an engine. Out: the same rows in a file that holds nothing else and shows no order of writing.
Run after the nightly rewrite of the slots and after a release, before any backup. SQLite's log
alone is emptied whenever somebody has sent their answers; PostgreSQL's goes with the compacting.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Engine

log = logging.getLogger("heard")

_PATIENCE = 200  # milliseconds; those who wait meanwhile are somebody's next page

_OWN_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname"""


class NotCompacted(RuntimeError):
    """Somebody else was busy in the database. What was written is safe; compact it again soon."""


def compact(engine: Engine) -> None:
    """Write the whole database anew. Raises NotCompacted when it could not be had alone."""
    raw = engine.raw_connection()  # SQLAlchemy's own connection would begin a transaction
    try:
        if engine.dialect.name == "sqlite":
            _compact_sqlite(raw.cursor())
        else:
            raw.detach()  # so that its autocommit does not return to the pool
            connection: Any = raw.dbapi_connection  # autocommit is beyond the common interface
            connection.autocommit = True
            _compact_postgresql(raw.cursor())
    except engine.dialect.loaded_dbapi.OperationalError as error:
        raise NotCompacted(str(error)) from error
    finally:
        raw.close()


def empty_log(engine: Engine) -> bool:
    """Leave nothing of what was overwritten in SQLite's write-ahead log.

    False, after a short while, when others are busy; it waits for the next call then. Call it
    outside any transaction: when the site starts, and after what should leave nothing behind.
    """
    if engine.dialect.name != "sqlite":
        return True
    raw = engine.raw_connection()  # SQLAlchemy's own connection would begin a transaction
    try:
        return _emptied_soon(raw.cursor())
    except engine.dialect.loaded_dbapi.OperationalError as error:
        log.error("the write-ahead log was not emptied: %s", error)
        return False
    finally:
        raw.close()


def _emptied_soon(cursor: Any) -> bool:
    [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
    cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    try:
        return _emptied(cursor)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")  # the connection returns to the pool


def _emptied(cursor: Any) -> bool:
    busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _compact_postgresql(cursor: Any) -> None:
    """New files for our tables, then a new log; without wal_recycle the old one is deleted."""
    tables = ", ".join(name for (name,) in cursor.execute(_OWN_TABLES).fetchall())
    for statement in (f"VACUUM FULL {tables}", "SELECT pg_switch_wal()", "CHECKPOINT"):
        cursor.execute(statement)


def _compact_sqlite(cursor: Any) -> None:
    cursor.execute("VACUUM")
    if not _emptied(cursor):
        raise NotCompacted("others kept the write-ahead log from being emptied")
