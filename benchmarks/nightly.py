"""The nightly rewrite and the compacting after it, for 1,000 and 10,000 slots, on both engines.

The baseline, measured in the same run, is the database alone: as many rows of as many random bytes
deleted and inserted in one transaction, without opening or locking any.
"""

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select

from questionnaires.loading import load_surveys
from surveys.database import metadata, open_engine, writing
from surveys.migrations.tables import OWNERS
from surveys.vault.compacting import compact
from surveys.vault.rewriting import rewrite_slots
from surveys.vault.slot_content import SlotContent, SlotState, capacity, shut
from surveys.vault.slots import slot_table
from surveys.vault.waves import Wave, find_wave, prepare_wave

SURVEY, SIZES, TIMES = "care4me", (1_000, 10_000), 2
ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print seconds, the best of several nights, and their ratio to the baseline."""
    assert OWNERS
    found = {}
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as urls:
        for name, url in urls.items():
            engine = open_engine(url)
            metadata.create_all(engine)
            found[name] = {str(size): _night(engine, size) for size in SIZES}
            engine.dispose()
    print(
        json.dumps(
            {
                "counts": f"slots of {SURVEY}; seconds, the best of {TIMES}; one process",
                **found,
                "postgresql_measured": "postgresql" in found,
            }
        )
    )


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    """SQLite, and PostgreSQL where it is installed."""
    from tests.postgres_server import PostgresServer, binaries

    urls = {"sqlite": f"sqlite:///{folder}/nightly.sqlite3"}
    if binaries() is None:
        yield urls
        return
    server = PostgresServer()
    try:
        yield urls | {"postgresql": server.url(server.new_database())}
    finally:
        server.remove()


def _night(engine: Engine, size: int) -> dict[str, float]:
    key, wave = secrets.token_bytes(32), _wave(engine)
    _fill(engine, key, wave, size)
    baseline = _best(lambda: _write_the_same(engine))
    _fill(engine, key, wave, size)
    rewrite = _best(lambda: rewrite_slots(engine, key))
    compacting = _best(lambda: compact(engine))
    return {
        "slot_bytes": len(_content(key, wave, bytes(16))),
        "rewrite": round(rewrite, 3),
        "baseline": round(baseline, 3),
        "ratio": round(rewrite / baseline, 2),
        "compacting": round(compacting, 3),
    }


def _wave(engine: Engine) -> Wave:
    survey, day = load_surveys(ROOT / "questionnaires")[SURVEY], date(2026, 11, 20)
    wave = prepare_wave(engine, survey, secrets.token_bytes(16), day, day)
    found = find_wave(engine, wave.id)
    assert found
    return found


def _content(key: bytes, wave: Wave, slot_id: bytes) -> bytes:
    room = capacity(wave.padded_length)
    return shut(SlotContent(SlotState.EMPTY, b""), key, slot_id, wave.id, room)


def _fill(engine: Engine, key: bytes, wave: Wave, size: int) -> None:
    """So many slots and no others."""
    ids = sorted(secrets.token_bytes(16) for _ in range(size))
    rows = [{"id": one, "wave_id": wave.id, "content": _content(key, wave, one)} for one in ids]
    with writing(engine).begin() as connection:
        connection.execute(delete(slot_table))
        connection.execute(insert(slot_table), rows)
    compact(engine)


def _write_the_same(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        found = connection.execute(select(slot_table).order_by(slot_table.c.id)).all()
        rows = [dict(row._mapping) for row in found]
        connection.execute(delete(slot_table))
        connection.execute(insert(slot_table), rows)


def _best(action: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - began)
    return best


if __name__ == "__main__":
    main()
