"""The one engine and the one MetaData of the collection side.

SQLite is opened so that nothing deleted lingers and nothing acknowledged is lost:
WAL, synchronous=FULL, secure_delete=ON (FAST leaves deleted content on free pages).
PostgreSQL is told the same for each connection; what only its administrator can set is checked at
the start (vault/database_check.py). Errors never say what was being stored.
Each table is defined in the file that owns it.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NOT_STORED = (InterfaceError, OperationalError)
"""What is raised when the database is full, stopped or gone: then nothing was acknowledged."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
)


# Like SQLite's busy_timeout: nobody waits for a lock for ever. A connection that broke while it lay
# in the pool is noticed before it is used.
_POSTGRESQL = {
    "pool_pre_ping": True,
    "connect_args": {
        "options": "-c lock_timeout=15000 -c synchronous_commit=on",
        "connect_timeout": 5,
    },
}


def open_engine(url: str) -> Engine:
    """An engine whose connections all carry the settings above.

    Transactions on SQLite begin with BEGIN (deferred); a writer that reads first calls
    ``begin_write`` so that two requests cannot overwrite each other's answer.
    """
    kept = _POSTGRESQL if url.startswith("postgresql") else {}
    engine = create_engine(url, hide_parameters=True, **kept)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("begin_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take SQLite's write lock at once.

    Use ``with writing(engine).begin() as connection`` for every read-modify-write; on
    PostgreSQL the read adds FOR UPDATE instead (``select(...).with_for_update()``).
    """
    return engine.execution_options(begin_write=True)
