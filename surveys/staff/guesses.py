"""Slowing down people who guess passwords, by account name and in memory only.

In: a name and the time. Out: how long to wait. No address is looked at, so thirty people behind
one address never wait for each other; and nothing is kept when the process ends.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Lock

FREE_GUESSES = 5
FIRST_WAIT = 30
LONGEST_WAIT = 15 * 60
FORGET_AFTER = 60 * 60
MOST_NAMES = 10_000


@dataclass(slots=True)
class _Tries:
    count: int = 0
    blocked_until: float = 0.0


class Guesses:
    """Counts tries by name: the fifth failure costs 30 seconds, each further one twice as long."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, now: float) -> int:
        """Take one try at a name: 0 when it may be made, else the whole seconds to wait.

        The try counts as failed until ``succeeded``, so tries made at once all count.
        """
        with self._lock:
            tries = self._current(name, now)
            if now < tries.blocked_until:
                return ceil(tries.blocked_until - now)
            tries.count += 1
            tries.blocked_until = now + wait_after(tries.count)
            return 0

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name, because its owner has come."""
        with self._lock:
            self._tries.pop(name, None)

    def _current(self, name: str, now: float) -> _Tries:
        tries = self._tries.pop(name, None)
        if tries is None or now > tries.blocked_until + FORGET_AFTER:
            tries = _Tries()
        self._tries[name] = tries
        if len(self._tries) > MOST_NAMES:
            self._tries.popitem(last=False)
        return tries


def wait_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row."""
    if failures < FREE_GUESSES:
        return 0
    doublings = min(failures - FREE_GUESSES, 10)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
