"""Whether the database is set up so that it cannot leak who answered what, nor lose an answer.

In: an engine, as the site uses it. Out: every fault with what to change; a site with one does not
serve, be it a demonstration. What an administrator changes later is noticed at the next start, or
by ``flask database check``. The cryptography does not depend on any of this: these faults would
show who answered when, and so undo the promise that nobody can tell.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from surveys.vault.database_check_postgresql import postgresql_faults
from surveys.vault.database_check_sqlite import sqlite_faults


class DatabaseUnfit(RuntimeError):
    """The database would leak or lose. The message says what to change."""


def database_faults(engine: Engine) -> list[str]:
    """Everything that is wrong, each with what to change; empty when nothing was found.

    Raises DatabaseUnfit when the database cannot be asked, or is neither SQLite nor PostgreSQL.
    """
    look = {"sqlite": sqlite_faults, "postgresql": postgresql_faults}.get(engine.dialect.name)
    if look is None:
        raise DatabaseUnfit("Answers are kept in SQLite or PostgreSQL; change database_url.")
    try:
        return look(engine)
    except OperationalError as error:
        raise DatabaseUnfit(f"The database cannot be asked how it is set up: {error}") from error


def refuse_unfit_database(engine: Engine) -> None:
    """Raise DatabaseUnfit when anything is wrong."""
    faults = database_faults(engine)
    if faults:
        listed = "\n".join(f"- {fault}" for fault in faults)
        raise DatabaseUnfit(f"The database is not fit to hold answers:\n{listed}")
