"""What is wrong with a PostgreSQL database: logs, archives, copies and eyes on our tables.

In: an engine. Out: faults, each with the statement that mends it. Everything is read from the
catalogue as the site's own role sees it. Snapshots of disks and pg_basebackup cannot be seen here.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine

from surveys.database import metadata

_SERVER = "ALTER SYSTEM SET {name} = '{value}', then restart PostgreSQL"
_DATABASE = "ALTER DATABASE {database} SET {name} = '{value}', then restart the site"

# What each setting must be (the first is what to change it to), who may set it, and why.
_OFF, _NEVER, _NONE = ("off",), ("-1",), ("0",)
_SETTINGS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "archive_mode": (_OFF, _SERVER, "archived logs tell who answered when, to the microsecond"),
    "wal_level": (("replica", "minimal"), _SERVER, "logical decoding shows every change in order"),
    "wal_keep_size": (_NONE, _SERVER, "old logs are kept"),
    "wal_recycle": (_OFF, _SERVER, "files of old logs are kept"),
    "summarize_wal": (_OFF, _SERVER, "it keeps what changed when"),
    "track_commit_timestamp": (_OFF, _SERVER, "it stores when each answer was written"),
    "log_statement": (("none",), _DATABASE, "statements are logged with their times"),
    "log_min_duration_statement": (_NEVER, _DATABASE, "statements are logged with their times"),
    "log_min_duration_sample": (_NEVER, _DATABASE, "statements are logged with their times"),
    "log_transaction_sample_rate": (_NONE, _DATABASE, "statements are logged with their times"),
    "log_min_error_statement": (
        ("panic", "fatal"), _DATABASE, "statements that fail are logged with their times",
    ),
    "log_parameter_max_length": (_NONE, _DATABASE, "what is stored could be logged"),
    "log_parameter_max_length_on_error": (_NONE, _DATABASE, "what is stored could be logged"),
    "log_error_verbosity": (
        ("terse",), _DATABASE, "errors are logged with the row that they are about, and their time",
    ),
    "log_lock_waits": (_OFF, _DATABASE, "which row somebody waited for is logged with its time"),
    "log_duration": (_OFF, _DATABASE, "the time of every statement is logged"),
    "log_statement_stats": (_OFF, _DATABASE, "statements are logged with their times"),
    "log_parser_stats": (_OFF, _DATABASE, "statements are logged with their times"),
    "log_planner_stats": (_OFF, _DATABASE, "statements are logged with their times"),
    "log_executor_stats": (_OFF, _DATABASE, "statements are logged with their times"),
    "debug_print_parse": (_OFF, _DATABASE, "statements are logged"),
    "debug_print_rewritten": (_OFF, _DATABASE, "statements are logged"),
    "debug_print_plan": (_OFF, _DATABASE, "statements are logged"),
    "fsync": (("on",), _SERVER, "answers could be lost in a power cut"),
    "full_page_writes": (("on",), _SERVER, "answers could be lost in a power cut"),
    "synchronous_commit": (
        ("on", "remote_apply", "remote_write"), _DATABASE, "answers could be lost in a crash",
    ),
}  # fmt: skip

# Recognised by their settings: which libraries are loaded is told to administrators alone.
_WATCHERS = ("auto_explain", "pg_qualstats", "pg_stat_monitor", "pg_stat_statements", "pgaudit")

_ON_OUR_TABLES = {
    "The trigger {0} on the table {1} sees every answer as it is written. "
    "DROP TRIGGER {0} ON {1}": """
        SELECT quote_ident(tgname), quote_ident(relname) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relname = ANY(%s) AND pg_table_is_visible(tgrelid)""",
    "The rule {0} on the table {1} sees every answer as it is written. DROP RULE {0} ON {1}": """
        SELECT quote_ident(rulename), quote_ident(relname) FROM pg_rewrite
        JOIN pg_class ON pg_class.oid = ev_class
        WHERE relkind IN ('r', 'p') AND relname = ANY(%s) AND pg_table_is_visible(ev_class)""",
    "The publication {0} sends the table {1} elsewhere. DROP PUBLICATION {0}": """
        SELECT quote_ident(pubname), quote_ident(tablename) FROM pg_publication_tables
        WHERE tablename = ANY(%s)""",
    "The table {1} is {0}: a crash would empty it. ALTER TABLE {1} SET LOGGED": """
        SELECT 'unlogged', quote_ident(relname) FROM pg_class
        WHERE relpersistence = 'u' AND relname = ANY(%s) AND pg_table_is_visible(oid)""",
}
_COPIES = {
    "The replication slot {0} keeps and sends every change. "
    "SELECT pg_drop_replication_slot('{0}')": "SELECT slot_name FROM pg_replication_slots",
    "A copy of the whole server is being kept up to date ({0}). Answers need a server of their "
    "own.": "SELECT coalesce(application_name, 'unnamed') FROM pg_stat_replication",
}
_RIGHTS = {
    "The site may not begin a new log file, so that the old one would stay. "
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {0}": """
        SELECT quote_ident(current_user)
        WHERE NOT has_function_privilege('pg_switch_wal()', 'execute')""",
    "The site may not have old log files removed. GRANT pg_checkpoint TO {0}": """
        SELECT quote_ident(current_user) FROM pg_roles
        WHERE rolname = current_user AND NOT rolsuper
        AND NOT EXISTS (SELECT FROM pg_roles AS given WHERE given.rolname = 'pg_checkpoint'
                        AND pg_has_role(current_user, given.oid, 'usage'))""",
}
_IN_CLEAR = """
    SELECT NOT ssl AND NOT coalesce(inet_client_addr() <<= ANY(
        ARRAY['127.0.0.0/8', '::1/128']::inet[]), true)
    FROM pg_stat_ssl WHERE pid = pg_backend_pid()"""


def postgresql_faults(engine: Engine) -> list[str]:
    """Every fault of a PostgreSQL database."""
    with engine.connect() as connection:
        return [
            *_setting_faults(connection),
            *_watcher_faults(connection),
            *_table_faults(connection),
            *_copy_and_right_faults(connection),
            *_network_faults(connection),
        ]


def _setting_faults(connection: Connection) -> Iterator[str]:
    """Settings as they are in force for the site; those that this server does not know are none."""
    query = "SELECT name, setting, quote_ident(current_database()) FROM pg_settings"
    for name, setting, database in connection.exec_driver_sql(query).all():
        if name in _SETTINGS:
            allowed, statement, why = _SETTINGS[name]
            if setting not in allowed:
                mended = statement.format(name=name, value=allowed[0], database=database)
                yield f"{name} is {setting}: {why}. {mended}"


def _watcher_faults(connection: Connection) -> Iterator[str]:
    query = "SELECT DISTINCT split_part(name, '.', 1) FROM pg_settings WHERE name LIKE '%%.%%'"
    loaded = set(connection.exec_driver_sql(query).scalars())
    for name in sorted(loaded.intersection(_WATCHERS)):
        yield (
            f"{name} is loaded and keeps statements. Take it out of shared_preload_libraries and "
            "session_preload_libraries, then restart PostgreSQL"
        )


def _table_faults(connection: Connection) -> Iterator[str]:
    tables = sorted(metadata.tables)
    for said, query in _ON_OUR_TABLES.items():
        for row in connection.exec_driver_sql(query, (tables,)).all():
            yield said.format(*row)


def _copy_and_right_faults(connection: Connection) -> Iterator[str]:
    for said, query in (_COPIES | _RIGHTS).items():
        for row in connection.exec_driver_sql(query).all():
            yield said.format(*row)


def _network_faults(connection: Connection) -> Iterator[str]:
    if connection.exec_driver_sql(_IN_CLEAR).scalar():
        yield (
            "The connection crosses a network without encryption. Add ?sslmode=verify-full to "
            "database_url"
        )
