"""The one engine and the one MetaData of the collection side.

SQLite is opened so that nothing deleted lingers and nothing acknowledged is lost:
WAL, synchronous=FULL, secure_delete=ON (FAST leaves deleted content on free pages).
Each table is defined in the file that owns it.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
)


def open_engine(url: str) -> Engine:
    """An engine whose SQLite connections all carry the pragmas above.

    Transactions on SQLite begin with BEGIN (deferred); a writer that reads first calls
    ``begin_write`` so that two requests cannot overwrite each other's answer.
    """
    engine = create_engine(url)
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
