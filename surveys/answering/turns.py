"""The pace at which wrong words are taken, so that guessing is slow and no right word is shut out.

In: a caller as today's key hides it, a ticket, the time. Out: leave to try now, or a ticket with
the moment to come back: whoever does is let in, whatever others have done meanwhile. Each worker
counts for itself, in memory alone; nothing here is stored or logged but the number of an hour.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import date
from math import ceil
from threading import Lock

FAILURES_OF_ONE_CALLER, WITHIN = 20, 10 * 60
CALLERS_WAIT = 5  # seconds, once, for a browser behind an address with so many failures
FAILURES_A_SECOND = 10  # of the whole site
LONGEST_WAIT = 30
TICKET_LASTS = 10 * 60
ALARM, ALARM_WITHIN = 200, 60 * 60
MOST_CALLERS = 10_000

log = logging.getLogger("heard")


@dataclass(frozen=True)
class Ticket:
    """Leave for one try, from a moment on. It travels in the sealed cookie."""

    id: str
    at: int
    placed: bool  # whether a place of the site's pace is kept for it


@dataclass(frozen=True)
class Turn:
    """What came of asking for one try: made now, unless it is to be made ``later``.

    ``redeemed`` is the ticket that this very try used up, if it used one up.
    """

    later: Ticket | None
    redeemed: Ticket | None = None


class Turns:
    """Counts failures at one worker's door: of each caller, each second and each hour."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = max(workers, 1)
        self._gap = self._workers / FAILURES_A_SECOND  # seconds of one failure's place
        self._free_at = 0.0  # when the next place of this second's share is free
        self._callers: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._used: OrderedDict[str, int] = OrderedDict()
        self._day, self._key = date.min, b""
        self._hour_began, self._in_hour = 0.0, 0
        self._lock = Lock()

    def hidden(self, address: str, today: date) -> bytes:
        """An address as only this worker, and only today, would write it: HMAC-SHA256 under a key
        that is made anew each day and never leaves the memory.
        """
        with self._lock:
            if today != self._day:
                self._day, self._key = today, secrets.token_bytes(32)
                self._callers.clear()
            return hmac.digest(self._key, address.encode(), "sha256")

    def take(self, caller: bytes | None, ticket: Ticket | None, now: float) -> Turn:
        """Take the place of one try: now, or later, with a ticket to come back with."""
        with self._lock:
            if ticket and now < ticket.at:
                return Turn(later=ticket)
            redeemed = ticket if ticket and self._redeem(ticket, now) else None
            if redeemed and redeemed.placed:
                return Turn(None, redeemed)
            if not redeemed and self._is_slowed(caller, now):
                return Turn(_ticket(now + CALLERS_WAIT, placed=False))
            wait = self._reserve(now)
            return Turn(_ticket(now + wait, placed=True) if wait else None, redeemed)

    def opened(self) -> None:
        """The try was of right words: its place is another's."""
        with self._lock:
            self._free_at -= self._gap

    def not_tried(self, turn: Turn) -> None:
        """Too many were at the door: nothing was looked up, so all is as it was before the turn.

        A ticket that this turn used up is good again; one that was used up before it is not.
        """
        if turn.redeemed is None or not turn.redeemed.placed:
            self.opened()
        with self._lock:
            if turn.redeemed:
                self._used.pop(turn.redeemed.id, None)

    def failed(self, caller: bytes | None, now: float) -> None:
        """The try opened nothing."""
        if caller is None:
            return
        with self._lock:
            failures = self._callers.pop(caller, deque(maxlen=FAILURES_OF_ONE_CALLER))
            failures.append(now)
            self._callers[caller] = failures
            if len(self._callers) > MOST_CALLERS:
                self._callers.popitem(last=False)

    def count_for_alarm(self, now: float) -> None:
        """One more try of this hour in vain; at the alarm's share the log is told the number."""
        with self._lock:
            if now - self._hour_began > ALARM_WITHIN:
                self._hour_began, self._in_hour = now, 0
            self._in_hour += 1
            if self._in_hour == ceil(ALARM / self._workers):
                log.warning(
                    "%d tries that opened nothing within an hour, at one of %d workers: "
                    "somebody may be guessing access codes",
                    self._in_hour,
                    self._workers,
                )

    def _redeem(self, ticket: Ticket, now: float) -> bool:
        """A ticket is good once at each worker, and for ten minutes."""
        while self._used and now - next(iter(self._used.values())) > 2 * TICKET_LASTS:
            self._used.popitem(last=False)
        if ticket.id in self._used or now - ticket.at > TICKET_LASTS:
            return False
        self._used[ticket.id] = ticket.at
        return True

    def _reserve(self, now: float) -> float:
        """Take the next free place; how long until it comes, 0 within this second's share.

        The queue is never longer than LONGEST_WAIT: what comes back at one moment beyond the pace
        is held by the two codes that a worker stretches at a time.
        """
        self._free_at = min(max(self._free_at, now) + self._gap, now + 1 + LONGEST_WAIT)
        return max(0.0, round(self._free_at - now - 1, 3))

    def _is_slowed(self, caller: bytes | None, now: float) -> bool:
        failures = self._callers.get(caller) if caller else None
        return (
            failures is not None
            and len(failures) == FAILURES_OF_ONE_CALLER
            and now - failures[0] < WITHIN
        )


def _ticket(at: float, *, placed: bool) -> Ticket:
    return Ticket(secrets.token_hex(16), ceil(at), placed)
