"""Taking a message in: sealed in memory, kept once, and not without end.

In: a message and the form's own token. Out: what became of it. The words are in memory for as long
as the request lasts, and nowhere else.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from enum import Enum, auto

from surveys.contact.keys import SafeguardingKeys
from surveys.contact.message import BOUND, Message, Part, header_for, message_to_bytes
from surveys.contact.requests import add_request, has_request
from surveys.site import Site
from surveys.vault.sealing import seal

TOKEN_LENGTH = 16
_HOUR = 60 * 60


class Outcome(Enum):
    """What became of a message."""

    TAKEN = auto()
    ALREADY = auto()
    FULL = auto()


class HourlyCap:
    """At most so many in any hour. In memory alone: nothing of these times is ever stored."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, now: float) -> bool:
        """Whether one more may come in now; if so, it counts."""
        with self._lock:
            while self._times and not 0 <= now - self._times[0] < _HOUR:
                self._times.popleft()
            if len(self._times) >= self._most:
                return False
            self._times.append(now)
            return True


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
    site: Site, keys: SafeguardingKeys, token: bytes, message: Message, cap: HourlyCap
) -> Outcome:
    """Seal a message to both holders and keep it. It must have passed its own checks."""
    now = site.now()
    if not cap.take(now.timestamp()):
        return Outcome.FULL
    request_id = request_id_for(site, token)
    header = header_for(request_id, Part.REQUEST)
    sealed = seal(message_to_bytes(message), keys.both, header, BOUND)
    kept = add_request(site.engine, request_id, sealed, now.date())
    return Outcome.TAKEN if kept else Outcome.ALREADY
