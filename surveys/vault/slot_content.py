"""What lies in a slot: a state and a payload, at one length, locked with the site's storage key.

In: state and payload. Out: bytes that look the same for an empty, a partial and a final slot, and
differ at every writing; and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from surveys.vault.cobblestone import lock, locked_length, unlock
from surveys.vault.envelope import LENGTH_LENGTH, CannotOpen, pad, unpad
from surveys.vault.sealing import longest_envelope

_CONTEXT = b"heard slot"


class SlotState(Enum):
    """How far the holder of a slot has come."""

    EMPTY = b"E"
    PARTIAL = b"P"
    FINAL = b"F"
    ERASED = b"G"  # gone: its code opens nothing, as after sending


@dataclass(frozen=True, slots=True)
class SlotContent:
    """A slot unlocked: still sealed, to the code or to the release custodian."""

    state: SlotState
    payload: bytes = field(repr=False)


def capacity(padded_length: int) -> int:
    """The most that a slot must hold: a response in both layers with the most recipients."""
    return longest_envelope(longest_envelope(padded_length))


def draft_bound(padded_length: int) -> int:
    """The longest draft that fits a slot; more than a response, for answers off the path."""
    room = capacity(padded_length)
    return 2 * room - locked_length(room) - LENGTH_LENGTH


def shut(
    content: SlotContent, storage_key: bytes, slot_id: bytes, wave_id: bytes, room: int
) -> bytes:
    """The bytes to store, bound to slot and wave. Raises TooLong when the payload exceeds room."""
    inside = content.state.value + pad(content.payload, room)
    return lock(storage_key, _CONTEXT + slot_id + wave_id, inside)


def unshut(stored: bytes, storage_key: bytes, slot_id: bytes, wave_id: bytes) -> SlotContent:
    """What ``shut`` stored. Raises CannotOpen when damaged, moved, or under another key."""
    inside = unlock(storage_key, _CONTEXT + slot_id + wave_id, stored)
    try:
        return SlotContent(SlotState(inside[:1]), unpad(inside[1:]))
    except ValueError:
        raise CannotOpen("a slot in an unknown state") from None
