"""No table that holds or neighbours answers has a time, a sequence, an address or a person."""

import re

import pytest
from sqlalchemy import LargeBinary, String, create_engine

from surveys.database import metadata, open_engine

ANSWERS = ("slot", "response")


@pytest.fixture(scope="module", autouse=True)
def tables():
    from surveys.migrations.tables import OWNERS

    return OWNERS  # imported, they have put their tables into the metadata


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_lie_beside_nothing(name):
    table = metadata.tables[name]
    assert {type(column.type) for column in table.columns} == {LargeBinary}
    assert {column.name for column in table.columns} <= {"id", "wave_id", "content", "envelope"}
    assert not [key for key in table.foreign_keys if key.column.table.name != "wave"]
    assert table.dialect_options["sqlite"]["with_rowid"] is False


def test_no_table_keeps_a_finer_time_than_the_day_or_an_address():
    for table in metadata.tables.values():
        for column in table.columns:
            assert column.type.__class__.__name__ not in (
                "DateTime",
                "TIMESTAMP",
                "Time",
                "Interval",
            )
            assert not {"ip", "agent", "created", "updated", "email"} & set(column.name.split("_"))


def test_every_key_is_random_or_natural_never_a_sequence():
    for table in metadata.tables.values():
        for column in table.primary_key.columns:
            assert isinstance(column.type, LargeBinary | String)
            assert column.autoincrement in (False, "auto")


def test_sqlite_is_opened_so_that_nothing_lingers_and_nothing_is_lost(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/x.sqlite3")
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def test_migrations_build_exactly_the_tables_of_the_code(tmp_path):
    from surveys.migrations.running import upgrade

    migrated, created = (f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("migrated", "created"))
    upgrade(open_engine(migrated))
    metadata.create_all(create_engine(created))
    assert _shape(migrated) == _shape(created)


def _shape(url):
    """What SQLite was told of each table and index, keys and WITHOUT ROWID included."""
    told = "SELECT name, sql FROM sqlite_master WHERE tbl_name != 'alembic_version'"
    with create_engine(url).connect() as connection:
        rows = connection.exec_driver_sql(told).all()
    return {name: _spaced_alike(sql) for name, sql in rows if sql}


def _spaced_alike(sql):
    return re.sub(r" ?([(),]) ?", r"\1", " ".join(sql.split()))
