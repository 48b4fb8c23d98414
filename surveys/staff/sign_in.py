"""Who is signed in to the desk: written to the session at sign-in, believed for a limited time.

In: the session, the time and the account. Out: the roles that count now. Fifteen minutes without
a page, eight hours in all, a log-out, a new password or another second factor, and nobody is signed
in. Between the password and the second factor the session only says whose turn it is.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any

from surveys.staff.accounts import STAFF_ROLES, Account

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 60 * 60
HALFWAY_SECONDS = 5 * 60
CONFIRMED_SECONDS = 5 * 60
_HALFWAY = "halfway_in"


def sign_in(session: MutableMapping[str, Any], account: Account, now: datetime) -> None:
    """Begin a session that holds this account and nothing of what was there before.

    Call it when every factor that the account must show has been seen.
    """
    session.clear()
    seconds = int(now.timestamp())
    session["staff"] = {
        "id": account.id.hex(),
        "name": account.name,
        "roles": sorted(account.roles),
        "session_number": account.session_number,
        "began": seconds,
        "seen": seconds,
        "confirmed": seconds,
    }


def begin_set_up(session: MutableMapping[str, Any], account: Account, now: datetime) -> None:
    """Begin a session that may set up a second factor and nothing else."""
    sign_in(session, account, now)
    session["staff"]["set_up"] = True


def begin_halfway(session: MutableMapping[str, Any], account: Account, now: datetime) -> None:
    """Note that the password was right; the second factor is asked for next."""
    session.clear()
    session[_HALFWAY] = {
        "id": account.id.hex(),
        "session_number": account.session_number,
        "began": int(now.timestamp()),
    }


def halfway_in(session: Mapping[str, Any], now: datetime) -> tuple[bytes, int] | None:
    """The account's id and session number of whoever has given a right password just now."""
    found = session.get(_HALFWAY)
    if not isinstance(found, Mapping) or now.timestamp() - found["began"] > HALFWAY_SECONDS:
        return None
    return bytes.fromhex(found["id"]), found["session_number"]


def signed_in_roles(session: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The roles of whoever is signed in, empty when nobody is or the time is up."""
    return frozenset() if _in_set_up(session) else roles_at_set_up(session, now)


def roles_at_set_up(session: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The same, counting those who have yet to set up a second factor. For views that do that."""
    staff = session.get("staff")
    if not isinstance(staff, Mapping) or not _in_time(staff, now.timestamp()):
        return frozenset()
    return frozenset(staff.get("roles", ())) & {role.value for role in STAFF_ROLES}


def still_stands(session: Mapping[str, Any], account: Account | None) -> bool:
    """Whether the account of the session is as it was at sign-in: open, of the same roles, and
    not logged out or given a new password or factor since. Call it only when somebody is signed in.
    """
    staff = session["staff"]
    return (
        account is not None
        and account.active
        and account.session_number == staff.get("session_number")
        and sorted(account.roles) == sorted(staff["roles"])
    )


def carry_on(session: MutableMapping[str, Any], session_number: int) -> None:
    """Keep this session while all others of the account end, now that a factor has changed."""
    staff = {**session["staff"], "session_number": session_number}
    staff.pop("set_up", None)
    session["staff"] = staff


def confirm(session: MutableMapping[str, Any], now: datetime) -> None:
    """Note that whoever is signed in has just proved it again."""
    session["staff"] = {**session["staff"], "confirmed": int(now.timestamp())}


def confirmed_lately(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether that, or the sign-in itself, was within the last five minutes."""
    confirmed = session["staff"].get("confirmed", 0)
    return abs(now.timestamp() - confirmed) <= CONFIRMED_SECONDS


def signed_in_name(session: Mapping[str, Any], now: datetime) -> str:
    """The name of whoever is signed in or setting up, "" when nobody is."""
    return session["staff"].get("name", "") if roles_at_set_up(session, now) else ""


def has_run_out(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether somebody was signed in here and the time is up."""
    return "staff" in session and not roles_at_set_up(session, now)


def stay_signed_in(session: MutableMapping[str, Any], now: datetime) -> None:
    """Note that a page was asked for. Call it only when somebody is signed in."""
    session["staff"] = {**session["staff"], "seen": int(now.timestamp())}


def _in_set_up(session: Mapping[str, Any]) -> bool:
    staff = session.get("staff")
    return isinstance(staff, Mapping) and bool(staff.get("set_up"))


def _in_time(staff: Mapping[str, Any], now: float) -> bool:
    seen = staff.get("seen")
    if not isinstance(seen, int):
        return False
    began = staff.get("began", seen)
    return abs(now - seen) <= IDLE_SECONDS and now - began <= LONGEST_SECONDS
