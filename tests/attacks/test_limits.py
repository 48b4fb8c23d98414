"""Where a promise ends: attacks that succeed, so that the words about them stay exactly true.

Each of these stands among the limits in SECURITY.md or the threat model. When one of them fails, the
site has become better than its words: change the words.
"""

import pytest
from attack_battery import payloads
from attack_game import SqliteGame
from attack_snapshots import of_files
from attack_world import World, new_site
from sqlalchemy import select

from surveys.database import metadata, open_engine
from surveys.vault.slots import slot_table

pytestmark = pytest.mark.attack
PIECE = 256


@pytest.fixture
def world(quick):
    """A world on SQLite in which nobody has done anything yet."""
    game = SqliteGame(quick)
    game.home.mkdir()
    game.path.write_bytes(game.template.read_bytes())
    made = World(game.engine, new_site(game.engine, game.home))
    made.steal = lambda: of_files(game.path, quick / "thief")
    yield made
    game.engine.dispose()


def test_a_draft_that_lies_overnight_is_open_to_backup_storage_key_and_code_together(world):
    """All three are needed: without the storage key the slot stays shut, without the code the draft."""
    person = world.people[0]
    world.answer(person)
    world.night()
    world.nights.append(world.steal())
    world.send(person)
    world.order.append(person.name)
    world.night()
    world.nights.append(world.steal())
    loot = world.loot(world.steal())
    sent, before, after = payloads(loot)[person.name]
    assert person.name.encode() in before, "the backup of the first night has the draft"
    assert after == b"" and sent, "that of the second has only what is sealed"


def test_a_code_tells_whether_it_was_used_and_nothing_more(world):
    """Whoever has the list of codes can try them, or with the storage key read the slots' states."""
    person, other = world.people[:2]
    world.answer(person)
    world.send(person)
    world.order += [person.name, other.name]
    world.nights.append(world.steal())
    found = payloads(world.loot(world.steal()))
    assert found[person.name][0].startswith(b"CVS1"), "sent"
    assert not found[other.name][0].startswith(b"CVS1"), "not sent"


@pytest.fixture
def on_server(postgres_server, tmp_path):
    """A world on PostgreSQL; ``files`` are all that its server has on the disk."""
    database = postgres_server.new_database()
    engine = open_engine(postgres_server.url(database))
    metadata.create_all(engine)
    made = World(engine, new_site(engine, tmp_path))
    made.files = lambda: [path for path in postgres_server.data.rglob("*") if path.is_file()]
    yield made
    engine.dispose()
    postgres_server.drop_database(database)


def stored(world, person):
    with world.engine.connect() as connection:
        query = select(slot_table.c.content).where(slot_table.c.id == person.access.slot_id)
        return connection.execute(query).scalar_one()


def share_in(files, content):
    """How much of a stored slot can be found in a server's files, in pieces."""
    pieces = [content[at : at + PIECE] for at in range(0, len(content) - PIECE, PIECE)]
    found = set()
    for path in files:
        held = path.read_bytes()
        found |= {piece for piece in pieces if piece in held}
    return len(found) / len(pieces)


def test_the_log_of_postgresql_has_drafts_after_sending_until_the_night(on_server):
    """SQLite's log is emptied at each sending; PostgreSQL's lasts until the night's compacting."""
    person = on_server.people[0]
    on_server.answer(person)
    draft = stored(on_server, person)
    on_server.send(person)
    evening = share_in(on_server.files(), draft)
    on_server.night()
    morning = share_in(on_server.files(), draft)
    print(
        f"\nof a draft since sent, on PostgreSQL's disk: {evening:.0%} in the evening, {morning:.0%} after the night"
    )
    assert evening > 0.8
    assert morning == 0
