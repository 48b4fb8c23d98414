"""Wrong tries at the door: after a few in one session, a wait that grows.

In: the session and the time. Out: how long until the next try. It is kept in this browser's session
alone: a classroom behind one address never waits for one of its children.
"""

from __future__ import annotations

from flask import session

from surveys.site import current_site

_FREE = 5
_FIRST_WAIT, _LONGEST_WAIT = 30, 15 * 60  # seconds


def note_wrong_try() -> None:
    """Count a try that opened nothing, whatever the reason. A sitting that begins forgets all."""
    tries, until = int(session.get("tries", 0)) + 1, 0
    if tries >= _FREE:
        until = _now() + min(_FIRST_WAIT * 2 ** (tries - _FREE), _LONGEST_WAIT)
    session["tries"], session["next_try"] = tries, until


def minutes_to_wait() -> int:
    """How many minutes, begun ones included, until words may be tried again; 0 for at once."""
    seconds = int(session.get("next_try", 0)) - _now()
    return -(-seconds // 60) if seconds > 0 else 0


def _now() -> int:
    return int(current_site().now().timestamp())
