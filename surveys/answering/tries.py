"""Wrong tries at the door: after a few in one session, a wait that grows; for guessers, a pace.

In: what was typed, the session, where the request came from. Out: a Run, or how long until the next
try. Nobody is shut out by others: a browser that was told to wait is let in when it comes back, and
a link, which nobody can guess, waits for nobody. See decision 0017.
"""

from __future__ import annotations

from dataclasses import astuple
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import current_app, request, session
from flask.blueprints import BlueprintSetupState

from surveys.answering.blueprint import blueprint
from surveys.answering.run import Run
from surveys.answering.sitting import NothingOpen, begin
from surveys.answering.turns import Ticket, Turns
from surveys.invitations.codes import TooManyAtOnce, parse_words, secret_from_link
from surveys.site import current_site

_FREE = 5
_FIRST_WAIT, _LONGEST_WAIT = 30, 15 * 60  # seconds
_TURNS = "heard.turns"


class NotYourTurn(TooManyAtOnce):
    """So much was tried in vain that this browser is asked to come back in a few seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@blueprint.record
def keep_turns(state: BlueprintSetupState) -> None:
    """Every app counts at its own door, its share of what the site's workers let through."""
    state.app.extensions[_TURNS] = Turns(state.app.config.get("WORKERS", 1))


def begin_in_turn(typed: str) -> Run:
    """Open what words or a link lead to, at the pace of the door.

    Raises NotYourTurn, having looked nothing up, and what ``begin`` raises.
    """
    if not parse_words(typed) and secret_from_link(typed):
        return begin(typed)
    turns, caller = _turns(), hidden_caller()
    turn = turns.take(caller, _ticket(), _now())
    if later := turn.later:
        session["turn"] = astuple(later)
        turns.count_for_alarm(_now())
        raise NotYourTurn(later.at - _now())
    try:
        run = begin(typed)
    except NothingOpen:
        session.pop("turn", None)
        turns.failed(caller, _now())
        raise
    except TooManyAtOnce:
        turns.not_tried(turn)
        raise
    turns.opened()
    return run


def note_wrong_try() -> None:
    """Count a try that opened nothing, whatever the reason. A sitting that begins forgets all."""
    tries, until = int(session.get("tries", 0)) + 1, 0
    if tries >= _FREE:
        until = _now() + min(_FIRST_WAIT * 2 ** (tries - _FREE), _LONGEST_WAIT)
    session["tries"], session["next_try"] = tries, until
    _turns().count_for_alarm(_now())


def minutes_to_wait() -> int:
    """How many minutes, begun ones included, until words may be tried again; 0 for at once."""
    seconds = int(session.get("next_try", 0)) - _now()
    return -(-seconds // 60) if seconds > 0 else 0


def _turns() -> Turns:
    return current_app.extensions[_TURNS]


def _ticket() -> Ticket | None:
    return Ticket(*session["turn"]) if "turn" in session else None


def hidden_caller() -> bytes | None:
    """Where the request came from, hidden; None when only our own proxy is known.

    A proxy on this machine tells the address last in X-Forwarded-For. An IPv6 household has a /64.
    """
    found = _parsed(request.remote_addr or "")
    if found is None or found.is_loopback:
        found = _parsed(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    if found is None:
        return None
    prefix = 64 if found.version == 6 else 32
    address = str(ip_network((found, prefix), strict=False))
    return _turns().hidden(address, current_site().now().date())


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _now() -> int:
    return int(current_site().now().timestamp())
