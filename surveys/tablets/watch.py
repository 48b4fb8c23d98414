"""Who watches over a shared tablet while children answer on it.

In: the session. Out: a sign-in that is put away while a child has the tablet, and comes back with
the helper's four digits. All of it lies in the sealed cookie; nothing is stored, and nothing of it
touches an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any

from surveys.staff.sign_in import signed_in_roles, stay_signed_in

PUT_AWAY = "put_away"
DIGITS = 4
MOST_TRIES = 5


def fit_digits(typed: str) -> str:
    """The four digits that were typed, or nothing when they are not four digits."""
    digits = typed.strip()
    fits = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return digits if fits else ""


def put_away(session: MutableMapping[str, Any], digits: str) -> dict[str, Any]:
    """What is to be kept of a signed-in session while a child has the tablet."""
    return {"staff": dict(session["staff"]), "digits": digits, "tries": 0}


def is_watched(session: Mapping[str, Any]) -> bool:
    """Whether this browser is a tablet that a helper has handed over."""
    return PUT_AWAY in session


def take_back(session: MutableMapping[str, Any], digits: str, now: datetime) -> bool:
    """Sign the helper in again. False for wrong digits; after a few, the tablet forgets them.

    A sign-in is believed no longer than it would have been: eight hours from its beginning.
    """
    kept = dict(session[PUT_AWAY])
    if not kept["digits"] or digits != kept["digits"]:
        kept["tries"] += 1
        session[PUT_AWAY] = kept
        if kept["tries"] >= MOST_TRIES:
            session.clear()
        return False
    look = {key: session[key] for key in ("language",) if key in session}
    session.clear()
    session.update(look, staff=kept["staff"], digits=kept["digits"])
    stay_signed_in(session, now)
    return bool(signed_in_roles(session, now))
