"""A passkey's question and answer, from one page to the next request.

In: what the passkey is asked for. Out: the question as JSON for the page; later, whose passkey
answered. The challenge waits in the sealed cookie for five minutes and counts once.
"""

from __future__ import annotations

import base64
import secrets

from flask import request, session

from surveys.site import current_site
from surveys.staff.accounts import Account
from surveys.staff.desk import answered_of
from surveys.staff.passkeys import (
    Passkey,
    PasskeyRefused,
    add_passkey,
    creation_options,
    request_options,
    use_passkey,
)
from surveys.staff.relying_party import RelyingParty, relying_party

_CHALLENGE_BYTES = 32
_GOOD_FOR = 5 * 60
_KEPT = "passkey_challenge"


def ask_for_passkey(known: tuple[Passkey, ...] = ()) -> str:
    """The question to one of these passkeys, or to any; "" where this site has none."""
    party = _party()
    return request_options(party, known, _new_challenge()) if party else ""


def ask_for_new_passkey(account: Account, known: tuple[Passkey, ...]) -> str:
    """The question that makes a passkey; "" where this site has none."""
    party = _party()
    return creation_options(party, account, known, _new_challenge()) if party else ""


def answered_by() -> bytes:
    """The id of the account whose passkey answers in this request. Raises PasskeyRefused."""
    party, challenge = _asked()
    account_id = use_passkey(current_site().engine, party, _answer(), challenge)
    _only_once(challenge)  # noted for right answers alone: what anybody may send fills no file
    return account_id


def keep_new_passkey(account_id: bytes, name: str) -> int:
    """Keep the passkey made in this request; gives the number of the next sessions.

    Raises PasskeyRefused.
    """
    party, challenge = _asked()
    _only_once(challenge)
    return add_passkey(
        current_site().engine, party, account_id,
        name=name, answer=_answer(), challenge=challenge,
    )  # fmt: skip


def _party() -> RelyingParty | None:
    return relying_party(current_site(), request.host)


def _answer() -> str:
    return request.form.get("credential", "")


def _new_challenge() -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    asked_at = int(current_site().now().timestamp())
    session[_KEPT] = [base64.b64encode(challenge).decode("ascii"), asked_at]
    return challenge


def _asked() -> tuple[RelyingParty, bytes]:
    """Who asked, and the challenge, which the cookie then forgets. Raises PasskeyRefused."""
    party, kept = _party(), session.pop(_KEPT, None)
    now = current_site().now().timestamp()
    if party is None or kept is None or now - kept[1] > _GOOD_FOR:
        raise PasskeyRefused("nothing was asked just now")
    return party, base64.b64decode(kept[0])


def _only_once(challenge: bytes) -> None:
    """Raise PasskeyRefused at the second time: a cookie cannot tell that it was brought back."""
    site = current_site()
    if not answered_of(site).first_time(challenge, site.now().timestamp()):
        raise PasskeyRefused("this was answered before")
