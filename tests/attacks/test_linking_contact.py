"""A message to the safeguarding lead lies beside nothing that says with which answers it came."""

import pytest
from attack_contact import ContactWorld, NoNight, one_day
from attack_game import PostgresGame, SqliteGame, links_found, worlds_wanted
from attack_world import RESPONDENTS

pytestmark = pytest.mark.attack


def test_no_message_is_linked_on_sqlite(quick):
    def game():
        return SqliteGame(quick, ContactWorld, story=one_day)

    assert links_found(game, worlds_wanted(50), "SQLite, messages") == {}


def test_no_message_is_linked_on_postgresql(postgres_server, tmp_path):
    def game():
        return PostgresGame(postgres_server, tmp_path, ContactWorld, story=one_day)

    assert links_found(game, worlds_wanted(30), "PostgreSQL, messages") == {}


def test_without_the_night_the_order_of_messages_is_caught(quick, postgres_server, tmp_path):
    in_files = SqliteGame(quick, NoNight, story=one_day).play(9)
    assert in_files.means["list of who answered ~ last page's place"] >= RESPONDENTS - 1
    on_server = PostgresGame(postgres_server, tmp_path, NoNight, story=one_day).play(9)
    assert on_server.means["list of who answered ~ xmin"] == RESPONDENTS
