"""A process to be killed: for every line it is told it forks a child that works until it is gone.

Lines in: a task as JSON. Lines out: "pid N", what the child has been acknowledged, one line for each,
written with one system call as soon as the database has said yes, and "gone STATUS" at the end.
"""

import json
import os
import resource
import sys
from itertools import count
from pathlib import Path

from questionnaires.responses import Number, Response, response_to_bytes
from surveys.database import NOT_STORED, open_engine
from surveys.keys.key_making import public_halves
from surveys.vault.drafts import Access, Draft
from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.opening import PrivateKey
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slots import change_draft, finish
from surveys.vault.waves import find_wave

LAST = 6
"""After so many answers a response is sent."""


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write(task):
    """Answer and send, slot after slot, and tell each acknowledgement. Goes on when it fails."""
    engine = open_engine(task["url"])
    key, wave = bytes.fromhex(task["storage_key"]), find_wave(engine, bytes.fromhex(task["wave"]))
    keys = keys_of(task)
    if task.get("full"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["full"], resource.RLIM_INFINITY))
    for slot, (slot_id, part_key, begun) in enumerate(task["slots"]):
        access = Access(bytes.fromhex(slot_id), bytes.fromhex(part_key))
        for number in range(begun + 1, LAST + 1):
            until_stored(slot, number, lambda number=number, access=access: change_draft(
                engine, key, access, lambda _: Draft("8-10", {"count": Number(number)})
            ))  # fmt: skip

        def seal(draft):
            whole = response_to_bytes(Response("care4me-8-10", draft.answers))
            return seal_response(whole, keys, wave.header, wave.padded_length)

        until_stored(
            slot, "sent", lambda seal=seal, access=access: finish(engine, key, access, seal)
        )


def until_stored(slot, what, act):
    """Do it, and say so; say when it failed, and do it again as a respondent would."""
    for _ in count():
        try:
            act()
        except NOT_STORED:
            say("failed", slot, what)
        else:
            return say("stored", slot, what)


def let_go(task):
    """Release the wave, as the custodian does."""
    engine = open_engine(task["url"])
    wave = find_wave(engine, bytes.fromhex(task["wave"]))
    keys, mix = keys_of(task), private_keys(task["mix"])[0]
    say("begun")
    release_wave(engine, bytes.fromhex(task["storage_key"]), wave, mix, keys=keys)
    say("released")


def private_keys(written):
    return [
        PrivateKey(Purpose(purpose), SuiteId(suite), bytes.fromhex(seed))
        for purpose, suite, seed in written
    ]


def keys_of(task):
    return public_halves(private_keys(task["analyst"]), private_keys(task["mix"]))


def main():
    for line in sys.stdin:
        task = json.loads(line)
        child = os.fork()
        if not child:
            {"write": write, "release": let_go}[task["do"]](task)
            os._exit(0)
        say("pid", child)
        say("gone", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    assert Path("app.py").exists(), "run in the repository"
    main()
