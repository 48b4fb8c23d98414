"""Leaving nothing behind in the database file: free pages, old versions, write-ahead log.

In: an engine. Out: the same rows in a file that holds nothing else and shows no order of writing.
Run after the nightly rewrite of the slots and after a release, before any backup.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine


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
            raw.cursor().execute("VACUUM FULL")
    except engine.dialect.loaded_dbapi.OperationalError as error:
        raise NotCompacted(str(error)) from error
    finally:
        raw.close()


def _compact_sqlite(cursor: Any) -> None:
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy, *_pages = cursor.fetchone()
    if busy:
        raise NotCompacted("others kept the write-ahead log from being emptied")
