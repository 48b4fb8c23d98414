"""A message to the safeguarding lead lies beside nothing that says with which answers it came."""

import pytest
from attack_contact import ContactWorld, MessagesAlone, NoNight, StepsWorld, one_day
from attack_game import PostgresGame, SqliteGame, links_found, worlds_wanted
from attack_world import RESPONDENTS

pytestmark = pytest.mark.attack
ROWS = pytest.mark.parametrize("world", [ContactWorld, StepsWorld], ids=["messages", "steps"])


@ROWS
def test_no_message_is_linked_on_sqlite(quick, world):
    def game():
        return SqliteGame(quick, world, story=one_day)

    assert links_found(game, worlds_wanted(50), f"SQLite, {world.linked}") == {}


@ROWS
def test_no_message_is_linked_on_postgresql(postgres_server, tmp_path, world):
    def game():
        return PostgresGame(postgres_server, tmp_path, world, story=one_day)

    assert links_found(game, worlds_wanted(30), f"PostgreSQL, {world.linked}") == {}


def test_without_the_night_the_order_of_messages_is_caught(quick, postgres_server, tmp_path):
    in_files = SqliteGame(quick, NoNight, story=one_day).play(9)
    assert in_files.means["list of who answered ~ last page's place"] >= RESPONDENTS - 1
    on_server = PostgresGame(postgres_server, tmp_path, NoNight, story=one_day).play(9)
    assert on_server.means["list of who answered ~ xmin"] == RESPONDENTS


def test_steps_left_as_they_came_are_caught(postgres_server, tmp_path):
    on_server = PostgresGame(postgres_server, tmp_path, MessagesAlone, story=one_day).play(9)
    assert on_server.means["list of who answered ~ xmin"] == RESPONDENTS
    assert on_server.means["list of who answered ~ as they come"] == RESPONDENTS
