"""Slowing down people who guess passwords and codes, by account and never by address.

In: whose door is tried, and the time. Out: how long to wait. Thirty people behind one address never
wait for each other. The count lies in a small file of the site's folder, so that all workers of a
machine share it: keyed digests in place of names, half minutes in place of times, an hour long.
Which passkeys' challenges were answered lies in another. Neither is part of the database or of its
backups.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

FREE_GUESSES = 5
FIRST_WAIT = 30
LONGEST_WAIT = 15 * 60
FORGET_AFTER = 60 * 60
MOST_NAMES = 10_000
_STEP = 30  # seconds: times are kept no finer
_LABEL = b"heard tries/1"

_Tries = dict[str, tuple[int, int]]  # digest: tries in a row, the step until which to wait


@dataclass(frozen=True)
class Guesses:
    """Counts tries by door: the fifth failure costs 30 seconds, each further one twice as long."""

    path: Path
    key: bytes

    def take(self, door: str, now: float) -> int:
        """Take one try at a door: 0 when it may be made, else the whole seconds to wait.

        The try counts as failed until ``succeeded``, so tries made at once all count.
        """
        digest = _digest(self.key, door)
        with _opened(self.path, now) as tries:
            count, until = tries.pop(digest, (0, 0))
            wait = ceil(until * _STEP - now) if count >= FREE_GUESSES else 0
            if wait <= 0:
                count, until = count + 1, ceil((now + wait_after(count + 1)) / _STEP)
            tries[digest] = (count, until)
        return max(wait, 0)

    def succeeded(self, door: str, now: float) -> None:
        """Forget the failures at a door, because its owner has come."""
        with _opened(self.path, now) as tries:
            tries.pop(_digest(self.key, door), None)


@dataclass(frozen=True)
class Answered:
    """Remembers for an hour which challenges were answered, so that each counts once."""

    path: Path
    key: bytes

    def first_time(self, challenge: bytes, now: float) -> bool:
        """Whether this challenge has not been seen within the hour."""
        digest = _digest(self.key, f"once {challenge.hex()}")
        with _opened(self.path, now) as seen:
            fresh = digest not in seen
            seen[digest] = (1, ceil(now / _STEP))
        return fresh


def wait_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row."""
    if failures < FREE_GUESSES:
        return 0
    doublings = min(failures - FREE_GUESSES, 10)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def _digest(key: bytes, door: str) -> str:
    return hmac.digest(key, _LABEL + door.encode("utf-8", "replace"), "sha256").hex()


@contextmanager
def _opened(path: Path, now: float) -> Iterator[_Tries]:
    """The counts, for this process alone, without those that are forgotten by now."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tries = _read(file.read(), now)
        yield tries
        kept = _kept(tries, now)
        file.seek(0)
        file.truncate()
        file.write(json.dumps(kept, separators=(",", ":")).encode("ascii"))


def _kept(tries: _Tries, now: float) -> _Tries:
    """The newest of those who have not waited yet, the newest of those who have, and all who wait.

    So nobody gets rid of a wait with many single tries at made-up doors; each wait costs five.
    """
    light = [door for door, (count, _) in tries.items() if count < FREE_GUESSES]
    heavy = [door for door, (count, _) in tries.items() if count >= FREE_GUESSES]
    dropped = {door for door in heavy[:-MOST_NAMES] if tries[door][1] * _STEP <= now}
    dropped.update(light[:-MOST_NAMES])
    return {door: found for door, found in tries.items() if door not in dropped}


def _read(written: bytes, now: float) -> _Tries:
    """What was written, or nothing after a torn write: nobody is locked out by one."""
    try:
        found = json.loads(written or b"{}")
        oldest = (now - FORGET_AFTER) / _STEP
        return {
            d: (int(count), int(until)) for d, (count, until) in found.items() if until > oldest
        }
    except (ValueError, TypeError, AttributeError):
        return {}
