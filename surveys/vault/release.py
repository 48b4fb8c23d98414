"""The release: slots become rows. Row side: never loaded in the web process.

In: a closed wave and the custodian's private key. Out: responses under their own random ids, still
sealed to the analyst, and no slots. One transaction: either all of it has happened or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from surveys.database import writing
from surveys.vault.compacting import compact
from surveys.vault.envelope import CannotOpen, Purpose, take_apart
from surveys.vault.opening import PrivateKey, open_envelope
from surveys.vault.slot_content import SlotContent, SlotState
from surveys.vault.slots import contents_of, delete_slots
from surveys.vault.store import add_responses, fingerprint_of
from surveys.vault.waves import Wave, WaveStatus, move_wave


class ReleaseRefused(Exception):
    """The wave was not released and nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What a release found and did. ``unfit`` finals were left out, because that was asked for."""

    slots: int
    empty: int
    partial: int
    released: int
    unfit: int
    fingerprint: bytes


def release_wave(
    engine: Engine,
    storage_key: bytes,
    wave: Wave,
    mix_private_key: PrivateKey,
    *,
    recipients: frozenset[bytes] | None = None,
    leave_out_unfit: bool = False,
) -> ReleaseReport:
    """Turn the finals of a closed wave into responses, drop the rest, and compact the database.

    ``recipients`` are the key ids that each response must be sealed to, exactly. Raises
    WrongStatus unless the wave is closed, CannotOpen for a damaged slot, ReleaseRefused when a
    final does not open (unless they are to be left out); then nothing has changed. Raises
    NotCompacted after the release, when only the compacting must be repeated.
    """
    with writing(engine).begin() as connection:
        move_wave(connection, wave.id, (WaveStatus.CLOSED,), WaveStatus.RELEASED)
        contents = list(contents_of(connection, storage_key, wave.id, for_update=True))
        states = Counter(content.state for content in contents)
        envelopes = _open_outer_layers(contents, wave, mix_private_key, recipients)
        unfit = states[SlotState.FINAL] - len(envelopes)
        if unfit and not leave_out_unfit:
            raise ReleaseRefused(_refusal(unfit, states[SlotState.FINAL]))
        _move(connection, wave, envelopes)
    compact(engine)
    return ReleaseReport(
        slots=len(contents),
        empty=states[SlotState.EMPTY],
        partial=states[SlotState.PARTIAL],
        released=len(envelopes),
        unfit=unfit,
        fingerprint=fingerprint_of(envelopes.values()),
    )


def _open_outer_layers(
    contents: Iterable[SlotContent],
    wave: Wave,
    mix_private_key: PrivateKey,
    recipients: frozenset[bytes] | None,
) -> dict[bytes, bytes]:
    """The inner envelopes by response id. A copy of another is left out, like one unfit."""
    envelopes = {}
    for content in contents:
        if content.state is SlotState.FINAL:
            try:
                envelope = open_envelope(content.payload, mix_private_key, wave.header).content
                envelopes[_response_id(envelope, wave, recipients)] = envelope
            except CannotOpen:
                continue  # counted by what is missing
    return envelopes


def _response_id(envelope: bytes, wave: Wave, recipients: frozenset[bytes] | None) -> bytes:
    parts = take_apart(envelope)
    if (parts.header.purpose, parts.header.fields) != (Purpose.RESPONSE, wave.header):
        raise CannotOpen("not a response of this wave")
    if recipients is not None and parts.key_ids != recipients:
        raise CannotOpen("sealed to others than those of this wave")
    return parts.header.response_id


def _move(connection: Connection, wave: Wave, envelopes: dict[bytes, bytes]) -> None:
    add_responses(connection, wave.id, envelopes)
    delete_slots(connection, wave.id)


def _refusal(unfit: int, finals: int) -> str:
    return (
        f"{unfit} of {finals} final responses cannot be opened. If it is all of them, this is "
        "probably not the wave's key. A few may come from an offline tablet: with "
        "--leave-out-unfit the others are released without them. Nothing has been changed."
    )
