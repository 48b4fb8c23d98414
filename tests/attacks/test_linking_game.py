"""The linking game: all that an insider could ever lay hands on links nobody to a response.

The adversary holds the final database, a copy of every night's, the write-ahead log as it lies, the
storage key, the pepper, every code with its name, and a list of who answered in which order. With
ATTACK_WORLDS=400 (or any number) more worlds are played.
"""

import pytest
from attack_game import PostgresGame, SqliteGame, links_found, worlds_wanted
from attack_snapshots import of_backup

pytestmark = pytest.mark.attack


def test_nobody_is_linked_on_sqlite(quick):
    assert links_found(lambda: SqliteGame(quick), worlds_wanted(200), "SQLite") == {}


def test_nobody_is_linked_when_backups_are_made_with_vacuum_into(quick):
    def game():
        return SqliteGame(quick, take=of_backup)

    assert links_found(game, worlds_wanted(30), "SQLite, VACUUM INTO") == {}


def test_nobody_is_linked_on_postgresql(postgres_server, tmp_path):
    def game():
        return PostgresGame(postgres_server, tmp_path)

    assert links_found(game, worlds_wanted(30), "PostgreSQL") == {}
