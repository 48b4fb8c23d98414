"""What the tablet seals opens with the server's code: both suites, every length, and no other key."""

import secrets
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tablet_script import ScriptError

from surveys.database import metadata, open_engine
from surveys.keys.key_making import public_halves
from surveys.vault.drafts import Access, Draft
from surveys.vault.envelope import CannotOpen, HeaderFields, Purpose, SuiteId, take_apart
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slots import NewSlot, create_slots, finish
from surveys.vault.store import envelopes_of
from surveys.vault.waves import Wave, WaveStatus, add_wave, find_wave, set_status

BOUND = 1024
HEADER = HeaderFields(secrets.token_bytes(16), secrets.token_bytes(32), 515)
SUITES = [SuiteId.X25519, SuiteId.XWING]
PRIVATE = {
    suite: {
        purpose: [new_private_key(purpose, suite) for _ in range(3)]
        for purpose in (Purpose.RESPONSE, Purpose.MIX)
    }
    for suite in SUITES
}

each_suite = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)


def keys_of(suite, recipients=2):
    found = PRIVATE[suite]
    return public_halves(
        *(found[purpose][:recipients] for purpose in (Purpose.RESPONSE, Purpose.MIX))
    )


def as_pack(keys, header=HEADER, bound=BOUND):
    from surveys.kiosk.packing import keys_for_tablet

    return keys_for_tablet(keys, header, bound)


def seal(script, content, suite, recipients=2, bound=BOUND):
    wave = as_pack(keys_of(suite, recipients), bound=bound)
    return bytes.fromhex(script.ask("seal", content=content.hex(), wave=wave))


def open_both(envelope, suite, which=0, header=HEADER):
    outer = open_envelope(envelope, PRIVATE[suite][Purpose.MIX][which], header)
    inner = open_envelope(outer.content, PRIVATE[suite][Purpose.RESPONSE][which], header)
    return outer, inner


@each_suite
@pytest.mark.parametrize("length", [0, 1, 17, BOUND - 1, BOUND])
def test_every_length_opens_and_none_shows(script, suite, length):
    content = secrets.token_bytes(length)
    envelope = seal(script, content, suite)
    assert open_both(envelope, suite)[1].content == content
    assert len(envelope) == len(seal_response(b"", keys_of(suite), HEADER, BOUND))


@each_suite
@pytest.mark.parametrize("recipients", [1, 2, 3])
def test_every_recipient_opens_it(script, suite, recipients):
    envelope = seal(script, b"said", suite, recipients)
    for which in range(recipients):
        assert open_both(envelope, suite, which)[1].content == b"said"


@each_suite
def test_longer_than_the_bound_is_refused(script, suite):
    with pytest.raises(ScriptError, match="TooLong"):
        seal(script, bytes(BOUND + 1), suite)


@each_suite
def test_bodies_longer_than_one_chunk_open(script, suite):
    content = secrets.token_bytes(40_000)
    assert open_both(seal(script, content, suite, bound=40_960), suite)[1].content == content


@each_suite
def test_it_is_taken_apart_like_one_of_the_servers(script, suite):
    keys = keys_of(suite)
    theirs = take_apart(seal(script, b"said", suite))
    ours = take_apart(seal_response(b"said", keys, HEADER, BOUND))
    assert (theirs.header.suite, theirs.header.purpose, theirs.header.fields) == (
        suite, Purpose.MIX, HEADER,
    )  # fmt: skip
    assert theirs.key_ids == ours.key_ids == {key.key_id for key in keys.mix}
    assert [len(wrap.sealed_key) for wrap in theirs.wraps] == [
        len(wrap.sealed_key) for wrap in ours.wraps
    ]
    assert len(theirs.body) == len(ours.body)


@each_suite
def test_the_two_layers_and_two_seals_share_no_id(script, suite):
    ids = set()
    for _ in range(3):
        outer, inner = open_both(seal(script, b"same", suite), suite)
        ids |= {outer.response_id, inner.response_id}
    assert len(ids) == 6 and bytes(16) not in ids


@each_suite
def test_another_wave_or_key_does_not_open_it(script, suite):
    envelope = seal(script, b"said", suite)
    for header in (
        HeaderFields(bytes(16), HEADER.instrument_hash, HEADER.wave),
        HeaderFields(HEADER.survey_id, bytes(32), HEADER.wave),
        HeaderFields(HEADER.survey_id, HEADER.instrument_hash, 1),
    ):
        with pytest.raises(CannotOpen):
            open_both(envelope, suite, header=header)
    with pytest.raises(CannotOpen):
        open_envelope(envelope, new_private_key(Purpose.MIX, suite), HEADER)
    with pytest.raises(CannotOpen):  # the analyst alone gets nowhere
        open_envelope(envelope, PRIVATE[suite][Purpose.RESPONSE][0], HEADER)


@each_suite
@settings(max_examples=60, deadline=None)
@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_tampering_is_refused(script, suite, place, bit):
    if suite not in _SEALED:
        _SEALED[suite] = seal(script, b"said", suite, recipients=1)
    altered = bytearray(_SEALED[suite])
    altered[place % len(altered)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        open_both(bytes(altered), suite)


_SEALED = {}


@each_suite
def test_a_slot_with_it_is_released_like_any_other(script, suite, tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/vault.sqlite3")
    metadata.create_all(engine)
    storage_key, keys = secrets.token_bytes(32), keys_of(suite)
    wave = Wave(
        secrets.token_bytes(16), secrets.token_bytes(16), "care4me", 3, WaveStatus.OPEN,
        date(2026, 11, 2), date(2026, 11, 20), BOUND, secrets.token_bytes(32), False,
    )  # fmt: skip
    add_wave(engine, wave)
    accesses = [Access(secrets.token_bytes(16), secrets.token_bytes(32)) for _ in range(3)]
    slots = [NewSlot(access.slot_id, access.part_key, Draft("8-10", {})) for access in accesses]
    create_slots(engine, storage_key, wave, slots)
    pack = as_pack(keys, wave.header)
    for number, access in enumerate(accesses[:2]):
        sealed = script.ask("seal", content=f"answer {number}".encode().hex(), wave=pack)
        assert finish(engine, storage_key, access, lambda _, made=sealed: bytes.fromhex(made))
    set_status(engine, wave.id, WaveStatus.CLOSED)
    report = release_wave(
        engine, storage_key, find_wave(engine, wave.id), PRIVATE[suite][Purpose.MIX][0],
        keys=keys,
    )  # fmt: skip
    assert (report.slots, report.released, report.unfit, report.empty) == (3, 2, 0, 1)
    analyst = PRIVATE[suite][Purpose.RESPONSE][1]
    opened = {
        open_envelope(one, analyst, wave.header).content for one in envelopes_of(engine, wave.id)
    }
    assert opened == {b"answer 0", b"answer 1"}
    engine.dispose()
