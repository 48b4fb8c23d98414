"""Who is signed in to the desk: written to the session at sign-in, believed for a limited time.

In: the session, the time and the account. Out: the roles that count now. Fifteen minutes without
a page, eight hours in all, a log-out or a new password, and nobody is signed in.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any

from surveys.staff.accounts import STAFF_ROLES, Account

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 60 * 60


def sign_in(session: MutableMapping[str, Any], account: Account, now: datetime) -> None:
    """Begin a session that holds this account and nothing of what was there before."""
    session.clear()
    seconds = int(now.timestamp())
    session["staff"] = {
        "id": account.id.hex(),
        "name": account.name,
        "roles": sorted(account.roles),
        "session_number": account.session_number,
        "began": seconds,
        "seen": seconds,
    }


def signed_in_roles(session: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The roles of whoever is signed in, empty when nobody is or the time is up."""
    staff = session.get("staff")
    if not isinstance(staff, Mapping) or not _in_time(staff, now.timestamp()):
        return frozenset()
    return frozenset(staff.get("roles", ())) & {role.value for role in STAFF_ROLES}


def still_stands(session: Mapping[str, Any], account: Account | None) -> bool:
    """Whether the account of the session is as it was at sign-in: open, of the same roles, and
    not logged out or given a new password since. Call it only when somebody is signed in.
    """
    staff = session["staff"]
    return (
        account is not None
        and account.active
        and account.session_number == staff.get("session_number")
        and sorted(account.roles) == sorted(staff["roles"])
    )


def signed_in_name(session: Mapping[str, Any], now: datetime) -> str:
    """The name of whoever is signed in, "" when nobody is."""
    return session["staff"].get("name", "") if signed_in_roles(session, now) else ""


def has_run_out(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether somebody was signed in here and the time is up."""
    return "staff" in session and not signed_in_roles(session, now)


def stay_signed_in(session: MutableMapping[str, Any], now: datetime) -> None:
    """Note that a page was asked for. Call it only when somebody is signed in."""
    session["staff"] = {**session["staff"], "seen": int(now.timestamp())}


def _in_time(staff: Mapping[str, Any], now: float) -> bool:
    seen = staff.get("seen")
    if not isinstance(seen, int):
        return False
    began = staff.get("began", seen)
    return abs(now - seen) <= IDLE_SECONDS and now - began <= LONGEST_SECONDS
