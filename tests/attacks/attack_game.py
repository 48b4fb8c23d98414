"""The linking game played: worlds on SQLite, a database for each; on PostgreSQL, many waves in one."""

import os
import shutil
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from attack_battery import guesses, nights_of
from attack_scores import Scores, in_both
from attack_snapshots import of_files, of_server, server_log, server_place
from attack_world import RESPONDENTS, World, new_site

from surveys.database import metadata, open_engine
from surveys.migrations import tables
from surveys.vault.compacting import compact

LOGS_SEARCHED = 10
assert tables.OWNERS  # imported, they have put their tables into the metadata


def worlds_wanted(usual: int) -> int:
    """How many worlds to play: ATTACK_WORLDS, or as many as every test run can afford."""
    return int(os.environ.get("ATTACK_WORLDS", usual))


def quick_folder(folder: Path) -> Path:
    """A folder in memory where there is one: the bytes are the same, the syncing costs nothing."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        return folder
    made = memory / f"attacks-{os.getpid()}-{folder.name}"
    made.mkdir(exist_ok=True)
    return made


def links_found(make, worlds, about):
    """Play, and play again what was doubtful. What is left is no chance: attacks with their means."""
    first = make()
    print(f"\n{about}: {first.play(worlds).told()}")
    if first.nights.links:
        print(f"{about}, on which night: {first.nights.told()}")
    doubtful = [*first.scores.outside(), *first.nights.outside()]
    if not doubtful:
        return {}
    again = make()
    print(f"once more, for {doubtful}: {again.play(worlds).told()}")
    return in_both(doubtful, again.scores) | in_both(doubtful, again.nights)


class SqliteGame:
    """Worlds with nobody else in the database: one respondent a day, stolen after every night."""

    def __init__(self, folder, world=World, take=of_files, story=None):
        self.folder, self.world, self.take, self.story = folder, world, take, story or live
        self.home = folder / "world"
        self.path = self.home / "heard.sqlite3"
        self.template = folder / "template.sqlite3"
        engine = open_engine(f"sqlite:///{self.template}")
        metadata.create_all(engine)
        compact(engine)
        engine.dispose()
        self.engine = open_engine(f"sqlite:///{self.path}")  # one for all, for its compiled queries
        self.scores, self.nights = Scores(), Scores()

    def play(self, worlds):
        """Play so many worlds."""
        for _ in range(worlds):
            self._play_one()
        return self.scores

    def _play_one(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        shutil.copy(self.template, self.path)
        world = self.world(self.engine, new_site(self.engine, self.home))
        self.story([world], self._steal)
        judge(world, world.loot(self._steal()), self.scores, self.nights)
        self.engine.dispose()

    def _steal(self):
        return self.take(self.path, self.folder / "thief")


class PostgresGame:
    """Waves of one site, as many as there are worlds; each has one respondent a day.

    The log is searched for the first ten alone. It lacks what the nights wrote: slots in the order of
    their ids, many megabytes of them.
    """

    def __init__(self, server, folder, world=World, story=None):
        self.server, self.folder, self.world, self.story = server, folder, world, story or live
        self.scores, self.nights, self.log = Scores(), Scores(), []

    def play(self, worlds):
        """Play so many worlds, all in the one database."""
        database = self.server.new_database()
        self.engine = open_engine(self.server.url(database))
        metadata.create_all(self.engine)
        site = new_site(self.engine, self.folder)
        played = [self.world(self.engine, site) for _ in range(worlds)]
        with compacted_once(self.engine):
            self.story(played, lambda: of_server(self.engine), self._logged)
        final = of_server(self.engine, b"".join(self.log))
        for number, world in enumerate(played):
            seen = final if number < LOGS_SEARCHED else replace(final, log=b"")
            judge(world, world.loot(seen), self.scores, self.nights)
        self.engine.dispose()
        self.server.drop_database(database)
        return self.scores

    @contextmanager
    def _logged(self):
        since = server_place(self.engine)
        yield
        until = server_place(self.engine)
        self.log.append(server_log(self.server.data / "pg_wal", since, until))


@contextmanager
def compacted_once(engine):
    """Releases of many waves at once, and one compacting after them: it takes a while here."""
    with patch("surveys.vault.release.compact"):
        yield
    compact(engine)


def live(worlds, take, logged=nullcontext):
    """Days and nights; the last day is followed by the release, without a night in between."""
    for number in range(RESPONDENTS):
        worlds[0].night()  # one night for all, as a site has it
        stolen = take()
        for world in worlds:
            world.nights.append(stolen)
        with logged():
            for world in worlds:
                world.day(number)
        if number == RESPONDENTS // 2:
            for world in worlds:
                world.answer(world.diary[-1])  # somebody who never sends
    with logged():
        for world in worlds:
            world.release()


def judge(world, loot, scores, nights):
    """Let the battery guess, and the referee count."""
    truth = world.truth(loot)
    for attack, guess in guesses(loot):
        scores.note(attack, guess, truth)
    if len(loot.nights) < 2:
        return
    when = {name: bytes([day]) for day, name in enumerate(world.order[: len(loot.nights) - 1])}
    nights.note("slots that changed", nights_of(loot), when)
