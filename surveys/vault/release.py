"""The release: slots become rows. Row side: never loaded in the web process.

In: a closed wave and the custodian's private key. Out: responses under their own random ids, still
sealed to the analyst, and no slots. One transaction: either all of it has happened or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from surveys.database import writing
from surveys.vault.compacting import NotCompacted, compact
from surveys.vault.envelope import CannotOpen, Purpose, take_apart
from surveys.vault.manifest import Manifest, SignedManifest, hashes_of
from surveys.vault.manifest_signing import sign_manifest, signer_of
from surveys.vault.opening import PrivateKey, open_with_any
from surveys.vault.public_keys import WaveKeys
from surveys.vault.slot_content import SlotContent, SlotState
from surveys.vault.slots import contents_of, delete_slots
from surveys.vault.store import add_manifest, add_responses
from surveys.vault.waves import Wave, WaveStatus, move_wave


class ReleaseRefused(Exception):
    """The wave was not released and nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What a release found and did. ``unfit`` finals were left out, because that was asked for.

    Slots that do not open are among them: nobody can know whether they held a final.

    ``fingerprint`` is that of the signed manifest.
    """

    slots: int
    empty: int
    partial: int
    released: int
    unfit: int
    fingerprint: bytes


class ReleasedNotCompacted(NotCompacted):
    """The wave is released, as ``report`` says; the compacting must be repeated."""

    def __init__(self, words: str, report: ReleaseReport) -> None:
        super().__init__(words)
        self.report = report


def release_wave(
    engine: Engine,
    storage_key: bytes,
    wave: Wave,
    mix_private_key: PrivateKey,
    *,
    keys: WaveKeys,
    earlier_mix_keys: Sequence[PrivateKey] = (),
    leave_out_unfit: bool = False,
) -> ReleaseReport:
    """Turn the finals of a closed wave into responses, drop the rest, and compact the database.

    Each response must be sealed to the analyst's keys of the wave, exactly. In the same
    transaction a manifest of the release is signed and stored. Raises WrongStatus unless the wave
    is closed, ReleaseRefused for a key that is not a custodian's of this wave, CannotOpen for a
    damaged slot, ReleaseRefused when a final does not open (unless these are to be left out; never
    when no slot opens at all); then nothing has changed. Raises ReleasedNotCompacted, with
    the report, when only the compacting must be repeated. Where the keys were changed meanwhile,
    ``earlier_mix_keys`` open what was sent before that.
    """
    mix_keys = (mix_private_key, *earlier_mix_keys)
    for mix_key in mix_keys:
        _refuse_other_keys(mix_key, keys)
    with writing(engine).begin() as connection:
        move_wave(connection, wave.id, (WaveStatus.CLOSED,), WaveStatus.RELEASED)
        contents, damaged = _contents(connection, storage_key, wave, leave_out_unfit)
        states = Counter(content.state for content in contents)
        accepted = keys.earlier_analyst_ids | {keys.analyst_ids}
        envelopes = _open_outer_layers(contents, wave, mix_keys, accepted)
        unfit = states[SlotState.FINAL] - len(envelopes) + damaged
        if unfit and not leave_out_unfit:
            raise ReleaseRefused(_refusal(unfit, states[SlotState.FINAL]))
        manifest = Manifest(
            wave.id,
            wave.instrument_hash,
            len(contents) + damaged,
            unfit,
            keys.analyst_ids,
            hashes_of(envelopes.values()),
            keys.earlier_analyst_ids,
        )
        signed = sign_manifest(manifest, mix_private_key)
        _move(connection, wave, envelopes, signed)
    report = ReleaseReport(
        slots=len(contents) + damaged,
        empty=states[SlotState.EMPTY],
        partial=states[SlotState.PARTIAL],
        released=len(envelopes),
        unfit=unfit,
        fingerprint=signed.fingerprint,
    )
    try:
        compact(engine)
    except NotCompacted as error:
        raise ReleasedNotCompacted(str(error), report) from error
    return report


def _contents(
    connection: Connection, storage_key: bytes, wave: Wave, leave_out_damaged: bool
) -> tuple[list[SlotContent], int]:
    """Every slot that opens, and how many do not. Raises CannotOpen unless these may be left out.

    Never when none opens: then it is the storage key that is wrong, and all would be lost.
    """
    damaged: list[bytes] = []
    found = contents_of(connection, storage_key, wave.id, for_update=True, damaged=damaged)
    contents = list(found)
    if damaged and not contents:
        raise CannotOpen(
            "No slot of this wave opens under the storage key: secrets/storage_key is not the one "
            "of this database. Nothing has been changed."
        )
    if damaged and not leave_out_damaged:
        raise CannotOpen(
            f"{len(damaged)} of {len(contents) + len(damaged)} slots do not open under the storage "
            "key. With --leave-out-unfit the others are released, and what lies in these is gone; "
            "before that, look whether a backup has them whole. Nothing has been changed."
        )
    return contents, len(damaged)


def _open_outer_layers(
    contents: Iterable[SlotContent],
    wave: Wave,
    mix_keys: Sequence[PrivateKey],
    accepted: frozenset[frozenset[bytes]],
) -> dict[bytes, bytes]:
    """The inner envelopes by response id. A copy of another is left out, like one unfit."""
    envelopes = {}
    for content in contents:
        if content.state is SlotState.FINAL:
            try:
                envelope = open_with_any(content.payload, mix_keys, wave.header).content
                envelopes[_response_id(envelope, wave, accepted)] = envelope
            except CannotOpen:
                continue  # counted by what is missing
    return envelopes


def _response_id(envelope: bytes, wave: Wave, accepted: frozenset[frozenset[bytes]]) -> bytes:
    parts = take_apart(envelope)
    if (parts.header.purpose, parts.header.fields) != (Purpose.RESPONSE, wave.header):
        raise CannotOpen("not a response of this wave")
    if parts.key_ids not in accepted:
        raise CannotOpen("sealed to others than those of this wave")
    return parts.header.response_id


def _refuse_other_keys(mix_private_key: PrivateKey, keys: WaveKeys) -> None:
    """Before anything is read: the analysis would refuse what another key had signed."""
    of_the_wave = mix_private_key.purpose is Purpose.MIX and mix_private_key.public in keys.ever
    if not of_the_wave or signer_of(mix_private_key) not in keys.signers:
        raise ReleaseRefused(
            "This is not a release custodian's key of this wave. Nothing has been changed."
        )


def _move(
    connection: Connection, wave: Wave, envelopes: dict[bytes, bytes], signed: SignedManifest
) -> None:
    add_responses(connection, wave.id, envelopes)
    add_manifest(connection, wave.id, signed)
    delete_slots(connection, wave.id)


def _refusal(unfit: int, finals: int) -> str:
    return (
        f"{unfit} of {finals} final responses cannot be opened. If it is all of them, this is "
        "probably not the wave's key. If the wave's keys were changed while it was open, give the "
        "earlier custodian's key too. A few may come from an offline tablet: with "
        "--leave-out-unfit the others are released without them. Nothing has been changed."
    )
