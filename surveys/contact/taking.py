"""Taking a message in: sealed in memory, kept once, and not without end.

In: a message, the form's own token, and who asks, as today's key hides it. Out: what became of it.
The words are in memory for as long as the request lasts, and nowhere else.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from math import ceil, inf

from surveys.contact.keys import SafeguardingKeys
from surveys.contact.message import BOUND, Message, Part, header_for, message_to_bytes
from surveys.contact.requests import add_request, has_request
from surveys.site import Site
from surveys.vault.sealing import seal

TOKEN_LENGTH = 16
OF_ONE_ADDRESS = 10  # an hour: a home or a school behind one address, and not the whole site
_HOUR = 60 * 60


class Outcome(Enum):
    """What became of a message."""

    TAKEN = auto()
    ALREADY = auto()
    FULL = auto()


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks for room: an address as today's key hides it, and whether a code was put in."""

    caller: bytes | None = field(default=None, repr=False)
    sitting: bool = False


class HourlyCap:
    """At most so many in any hour: of the site, of one address, and of browsers without a code.

    Half is kept for browsers in which a code was put in, so that nobody without one can shut them
    out. In memory alone: nothing of these times and senders is ever stored.
    """

    def __init__(self, most: int, workers: int = 1) -> None:
        self._most = max(1, most // workers)
        self._without_code = self._most - self._most // 2
        self._of_one = ceil(OF_ONE_ADDRESS / workers)
        self._taken: deque[tuple[float, Sender]] = deque()
        self._is_full, self._told_at = False, -inf
        self._lock = threading.Lock()

    def take(self, now: float, sender: Sender) -> bool:
        """Whether one more may come in now; if so, it counts."""
        with self._lock:
            while self._taken and not 0 <= now - self._taken[0][0] < _HOUR:
                self._taken.popleft()
            senders = [one for _, one in self._taken]
            if sender.caller is not None and senders.count(sender) >= self._of_one:
                return False
            without = sum(not one.sitting for one in senders)
            if len(senders) >= self._most or (not sender.sitting and without >= self._without_code):
                self._is_full = True
                return False
            self._taken.append((now, sender))
            return True

    def give_back(self, now: float, sender: Sender) -> None:
        """What was taken at this moment was not used: it counts no more."""
        with self._lock:
            if (now, sender) in self._taken:
                self._taken.remove((now, sender))

    def news(self, now: float) -> int:
        """How many came in this hour, once somebody was turned away for it; 0 when that is known.

        One address that has had its number is no news: all others may still come in.
        """
        with self._lock:
            is_news = self._is_full and not 0 <= now - self._told_at < _HOUR
            self._is_full = False
            if not is_news:
                return 0
            self._told_at = now
            return len(self._taken)


def request_id_for(site: Site, token: bytes) -> bytes:
    """The id under which the message of one form is kept, however often it is sent.

    Under the site's storage key, so that a page found in a browser does not lead to a row.
    """
    return hashlib.blake2b(
        token, digest_size=TOKEN_LENGTH, key=site.storage_key, person=b"heard contact"
    ).digest()


def was_taken(site: Site, token: bytes) -> bool:
    """Whether the message of this form is kept already."""
    return has_request(site.engine, request_id_for(site, token))


def take_in(
    site: Site,
    keys: SafeguardingKeys,
    token: bytes,
    message: Message,
    cap: HourlyCap,
    *,
    sender: Sender,
) -> Outcome:
    """Seal a message to both holders and keep it. It must have passed its own checks.

    Only what is kept has its place in the hour. Raises NotKept.
    """
    now, kept = site.now(), False
    if not cap.take(now.timestamp(), sender):
        return Outcome.FULL
    request_id = request_id_for(site, token)
    header = header_for(request_id, Part.REQUEST)
    try:
        sealed = seal(message_to_bytes(message), keys.both, header, BOUND)
        kept = add_request(site.engine, request_id, sealed, now.date())
    finally:
        if not kept:
            cap.give_back(now.timestamp(), sender)
    return Outcome.TAKEN if kept else Outcome.ALREADY
