"""What the tests of faults share: a process that can be told and killed, and the truth afterwards."""

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from fault_writer import LAST
from sqlalchemy import select
from vault_wave import ANALYST, KEYS, MIX, STORAGE_KEY, new_access, new_wave

from questionnaires.responses import response_from_bytes
from surveys.database import metadata
from surveys.vault.drafts import Draft, open_draft
from surveys.vault.opening import open_envelope
from surveys.vault.slot_content import SlotState, unshut
from surveys.vault.slots import NewSlot, create_slots, slot_table
from surveys.vault.waves import add_wave

ROOT = Path(__file__).parents[2]
PATIENCE = 60


class Writer:
    """The process of fault_writer.py."""

    def __init__(self):
        paths = [ROOT, Path(__file__).parent]
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("fault_writer.py")], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        )  # fmt: skip
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._left = b""
        self.child = None

    def tell(self, **task):
        """Begin a task; returns when its process runs."""
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        word, number = self.line(PATIENCE)
        assert word == "pid"
        self.child = int(number)

    def line(self, seconds):
        """The next line as words; None when there is none within that time."""
        until = time.monotonic() + seconds
        while b"\n" not in self._left:
            if not self._selector.select(max(0, until - time.monotonic())):
                return None
            more = os.read(self._process.stdout.fileno(), 65536)
            assert more, "the writer has ended"
            self._left += more
        line, self._left = self._left.split(b"\n", 1)
        return line.decode().split()

    def lines_for(self, seconds):
        """Every line until the time is up or the task is done."""
        until = time.monotonic() + seconds
        while (line := self.line(max(0, until - time.monotonic()))) is not None:
            yield line
            if line[0] == "gone":
                return

    def kill(self):
        """kill -9. Whether it came in time: on a fast disk the task may be done."""
        try:
            os.kill(self.child, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(PATIENCE) == 0
        self._process.stdout.close()
        self._selector.close()


def at_random(milliseconds):
    """A moment, in seconds."""
    return secrets.randbelow(milliseconds * 1000) / 1e6


def task(engine, wave, **more):
    """What the writer must know."""
    return {
        "url": engine.url.render_as_string(hide_password=False),
        "storage_key": STORAGE_KEY.hex(),
        "wave": wave.id.hex(),
        "analyst": [[key.purpose, key.suite, key.seed.hex()] for key in ANALYST],
        "mix": [[key.purpose, key.suite, key.seed.hex()] for key in MIX],
    } | more


class Slots:
    """The slots of an open wave, and what was acknowledged of each."""

    def __init__(self, engine, people):
        metadata.create_all(engine)
        self.engine, self.wave = engine, new_wave()
        self.accesses = [new_access() for _ in range(people)]
        self.acknowledged = [0] * people
        self.counts = Counter()
        add_wave(engine, self.wave)
        create_slots(engine, STORAGE_KEY, self.wave, [
            NewSlot(access.slot_id, access.part_key, Draft("8-10", {})) for access in self.accesses
        ])  # fmt: skip

    def unfinished(self):
        """What is left to do, as the writer takes it: the first ten, from where they stand."""
        left = [n for n, done in enumerate(self.acknowledged) if done != "sent"][:10]
        stand = self.stored()
        return left, [
            [
                self.accesses[n].slot_id.hex(),
                self.accesses[n].part_key.hex(),
                LAST if stand[n] == "sent" else stand[n],
            ]
            for n in left
        ]

    def note(self, left, line):
        """Keep what a line acknowledges."""
        if line[0] in ("stored", "failed"):
            self.counts[line[0]] += 1
        if line[0] == "stored":
            self.acknowledged[left[int(line[1])]] = line[2] if line[2] == "sent" else int(line[2])

    def stored(self):
        """What is really in each slot: the number of the last answer, or "sent".

        Raises CannotOpen for a slot that is torn, KeyError for one that is lost.
        """
        with self.engine.connect() as connection:
            rows = {row.id: row.content for row in connection.execute(select(slot_table))}
        return [self._in_slot(access, rows[access.slot_id]) for access in self.accesses]

    def _in_slot(self, access, stored):
        content = unshut(stored, STORAGE_KEY, access.slot_id, self.wave.id)
        if content.state is SlotState.FINAL:
            assert number_in_final(content.payload, self.wave) == LAST
            return "sent"
        draft = open_draft(content.payload, access, self.wave.instrument_hash)
        return draft.answers["count"].value if draft.answers else 0

    def check(self):
        """Count what is lost of what was acknowledged; how many writes in flight are there besides.

        There may be one of these at most.
        """
        ahead = 0
        for acknowledged, stored in zip(self.acknowledged, self.stored(), strict=True):
            is_ahead = stored == after(acknowledged) and stored != acknowledged
            self.counts["lost"] += not is_ahead and stored != acknowledged
            ahead += is_ahead
        assert ahead <= 1
        return ahead


def after(number):
    return "sent" if number in (LAST, "sent") else number + 1


def number_in_final(payload, wave):
    """What was answered in a final, opened with both keys."""
    inner = open_envelope(payload, MIX[0], wave.header).content
    return number_in_envelope(inner, wave)


def number_in_envelope(envelope, wave):
    content = open_envelope(envelope, ANALYST[0], wave.header).content
    return response_from_bytes(content).answers["count"].value


assert KEYS.signers
