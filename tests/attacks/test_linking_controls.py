"""Negative controls: leaks made on purpose. A battery that misses one of them proves nothing."""

import secrets

import attack_leaks as leaks
import pytest
from attack_game import PostgresGame, SqliteGame
from attack_scores import Scores
from attack_snapshots import of_backup, of_files
from attack_world import RESPONDENTS, World

pytestmark = pytest.mark.attack

WORLDS = 9
CAUGHT = [
    (leaks.ForeignKey, "same_row"),
    (leaks.SequentialId, "list of who answered ~ row id"),
    (leaks.HiddenRowId, "list of who answered ~ hidden row id"),
    (leaks.SameTransaction, "same_commit"),
    (leaks.CopiedFile, "list of who answered ~ last page's place"),
    (leaks.NoMix, "same_bytes"),
]


def named(value):
    return getattr(value, "__name__", "")


@pytest.mark.parametrize(("leak", "attack"), CAUGHT, ids=named)
def test_leak_is_caught(quick, leak, attack):
    scores = SqliteGame(quick, leak).play(WORLDS)
    assert attack in scores.outside(), scores.told()
    assert scores.means[attack] >= RESPONDENTS - 1, scores.means[attack]


ON_POSTGRESQL = [
    (leaks.ForeignKey, "same_row"),
    (leaks.SequentialId, "list of who answered ~ row id"),
    (leaks.SameTransaction, "same_transaction"),
    (leaks.DirectRows, "list of who answered ~ xmin"),
    (leaks.NoMix, "same_bytes"),
]


@pytest.mark.parametrize(("leak", "attack"), ON_POSTGRESQL, ids=named)
def test_leak_is_caught_on_postgresql(postgres_server, tmp_path, leak, attack):
    scores = PostgresGame(postgres_server, tmp_path, leak).play(WORLDS)
    assert attack in scores.outside(), scores.told()
    assert scores.means[attack] >= RESPONDENTS - 1, scores.means[attack]


def test_what_gives_the_copied_file_away_is_that_it_was_copied(quick):
    copied = SqliteGame(quick, leaks.CopiedFile, of_files).play(WORLDS)
    vacuumed = SqliteGame(quick, leaks.CopiedFile, of_backup).play(WORLDS)
    attack = "list of who answered ~ last page's place"
    assert copied.means[attack] >= RESPONDENTS - 1
    assert vacuumed.means[attack] < RESPONDENTS - 1


def test_without_the_rewrite_backups_say_who_answered_on_which_night(quick):
    game = SqliteGame(quick, leaks.NoRewrite)
    game.play(WORLDS)
    assert "slots that changed" in game.nights.outside()
    assert game.nights.means["slots that changed"] == RESPONDENTS - 1


@pytest.mark.parametrize("right", [0, 1, 2])
def test_scores_notice_what_is_not_chance(right):
    names = [f"Child {number}" for number in range(4)]
    truth = {name: secrets.token_bytes(8) for name in names}
    guess = {name: truth[name] for name in names[:right]}
    scores = Scores()
    for _ in range(100):
        scores.note("attack", guess, truth)
    assert list(scores.outside()) == ([] if right == 1 else ["attack"])


def test_referee_of_the_real_world_knows_everybody(quick):
    assert SqliteGame(quick, World).play(1).worlds == 1
