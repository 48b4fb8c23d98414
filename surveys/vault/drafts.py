"""Drafts: answers so far, locked with a key that only the access code gives.

In: a Draft and an Access. Out: bytes of constant length that the server, holding everything but
the code, cannot read; and the Draft back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from questionnaires.responses import Answer, answer_from_json, answer_to_json
from surveys.vault.cobblestone import lock, unlock
from surveys.vault.envelope import CannotOpen, pad, unpad

_VERSION = 2
_WITHOUT_SITTING = 1  # drafts of this version are read, never written
_SITTING_LENGTH = 8
_CONTEXT = b"heard draft"


@dataclass(frozen=True, slots=True)
class Access:
    """Where an access code leads: a slot, and the key to the draft in it."""

    slot_id: bytes
    part_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished response: for which audience, and every answer so far, on the path or off.

    ``sitting`` names the one sitting that may go on with it; empty until a code opens the draft.
    """

    audience: str
    answers: Mapping[str, Answer] = field(repr=False)
    sitting: bytes = field(default=b"", repr=False)


def seated_anew(draft: Draft) -> Draft:
    """The draft for a sitting that is not any before it."""
    return replace(draft, sitting=secrets.token_bytes(_SITTING_LENGTH))


def seal_draft(draft: Draft, access: Access, instrument_hash: bytes, bound: int) -> bytes:
    """The draft at a length that depends on ``bound`` alone. Raises TooLong above the bound."""
    return lock(access.part_key, _context(access, instrument_hash), pad(_to_bytes(draft), bound))


def open_draft(data: bytes, access: Access, instrument_hash: bytes) -> Draft:
    """What seal_draft made. Raises CannotOpen with another code, or for another instrument."""
    content = unpad(unlock(access.part_key, _context(access, instrument_hash), data))
    try:
        document = json.loads(content)
        if document["v"] not in (_VERSION, _WITHOUT_SITTING):
            raise CannotOpen("a draft of another version")
        answers = {key: answer_from_json(value) for key, value in document["a"].items()}
        sitting = "" if document["v"] == _WITHOUT_SITTING else document["s"]
        return Draft(document["u"], answers, bytes.fromhex(sitting))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotOpen("not a draft") from error


def _context(access: Access, instrument_hash: bytes) -> bytes:
    return _CONTEXT + access.slot_id + instrument_hash


def _to_bytes(draft: Draft) -> bytes:
    answers = {key: answer_to_json(answer) for key, answer in draft.answers.items()}
    document = {"a": answers, "s": draft.sitting.hex(), "u": draft.audience, "v": _VERSION}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
