"""A wave with keys, slots and respondents, all invented, for the tests of the vault."""

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine

from questionnaires.responses import Chosen, Response, response_to_bytes
from surveys.database import metadata, open_engine
from surveys.keys.key_making import public_halves
from surveys.vault.drafts import Access, Draft
from surveys.vault.envelope import HeaderFields, Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.sealing import seal_response
from surveys.vault.slots import NewSlot, change_draft, create_slots, finish
from surveys.vault.waves import Wave, WaveStatus, add_wave

BOUND = 1024
HEADER = HeaderFields(b"survey-id-16-byt", b"instrument-hash-of-32-bytes-here", 7)
ANALYST = [new_private_key(Purpose.RESPONSE) for _ in range(2)]
MIX = [new_private_key(Purpose.MIX) for _ in range(2)]
KEYS = public_halves(ANALYST, MIX)
STORAGE_KEY = secrets.token_bytes(32)


def new_wave(status=WaveStatus.OPEN, **changes):
    """A wave of nobody's survey."""
    fields = {
        "id": secrets.token_bytes(16),
        "inspection_id": secrets.token_bytes(16),
        "survey": "care4me",
        "number": 1,
        "status": status,
        "opens_on": date(2026, 11, 2),
        "closes_on": date(2026, 11, 20),
        "padded_length": BOUND,
        "instrument_hash": secrets.token_bytes(32),
        "single_custodian": True,
    }
    return Wave(**fields | changes)


def new_access():
    """Where a code would lead."""
    return Access(secrets.token_bytes(16), secrets.token_bytes(32))


@dataclass
class VaultWave:
    """An open wave in a database of its own, with a slot for each access."""

    path: object
    engine: object
    wave: Wave
    accesses: list

    def answer(self, access, **answers):
        """Give answers by option code."""

        def change(draft):
            chosen = {key: Chosen((code,)) for key, code in answers.items()}
            return Draft(draft.audience, {**draft.answers, **chosen})

        return change_draft(self.engine, STORAGE_KEY, access, change)

    def seal(self, draft):
        """What the form does on sending."""
        whole = response_to_bytes(Response("care4me-8-10", draft.answers))
        return seal_response(whole, KEYS, self.wave.header, BOUND)

    def finish(self, access):
        """Send the response."""
        return finish(self.engine, STORAGE_KEY, access, self.seal)

    def raw_files(self):
        """Every byte that the database has on disk, PostgreSQL's own log included."""
        if self.path:
            return b"".join(path.read_bytes() for path in sorted(self.path.parent.iterdir()))
        with self.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.exec_driver_sql("CHECKPOINT")
            data = raw.exec_driver_sql("SHOW data_directory").scalar()
            own = raw.exec_driver_sql(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).scalar()
        folders = (Path(data) / "base" / str(own), Path(data) / "pg_wal")
        paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
        return b"".join(path.read_bytes() for path in paths)

    def other_engine(self, **options):
        """Somebody else's engine on the same database."""
        return create_engine(self.engine.url, **options)


def open_vault_wave(folder, people=6, url=None):
    """An open wave with this many slots, as issuing makes them; in a file unless there is a URL."""
    path = None if url else folder / "vault.sqlite3"
    engine = open_engine(url or f"sqlite:///{path}")
    metadata.create_all(engine)
    wave = new_wave()
    add_wave(engine, wave)
    accesses = [new_access() for _ in range(people)]
    slots = [NewSlot(access.slot_id, access.part_key, Draft("8-10", {})) for access in accesses]
    create_slots(engine, STORAGE_KEY, wave, slots)
    return VaultWave(path, engine, wave, accesses)
