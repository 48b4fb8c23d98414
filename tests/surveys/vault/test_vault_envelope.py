"""An envelope binds everything it carries, has one length, and fails in one way."""

import contextlib
import dataclasses
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_wave import ANALYST, BOUND, HEADER, KEYS, MIX

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Number, Response, Written, response_to_bytes
from surveys.vault.envelope import (
    HEADER_LENGTH,
    MOST_RECIPIENTS,
    CannotOpen,
    HeaderFields,
    MalformedEnvelope,
    Purpose,
    SuiteId,
    TooLong,
    assemble,
    pad,
    survey_id,
    take_apart,
    unpad,
)
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.public_keys import WaveKeys
from surveys.vault.sealing import longest_envelope, seal, seal_response

SEALED = seal(b"the answers", KEYS.analyst, HEADER, BOUND)
OTHER_KEYS = [new_private_key(Purpose.RESPONSE) for _ in range(3)]


def open_with_first(data, expected=HEADER):
    return open_envelope(data, ANALYST[0], expected)


def test_both_layers_open_in_turn_for_every_recipient():
    sealed = seal_response(b"the answers", KEYS, HEADER, BOUND)
    for mix in MIX:
        inner = open_envelope(sealed, mix, HEADER).content
        for analyst in ANALYST:
            assert open_envelope(inner, analyst, HEADER).content == b"the answers"


def test_header_has_the_published_layout():
    parts = take_apart(SEALED)
    expected = struct.pack(
        ">4sBBB16s32sH16s",
        *(b"CVS1", 1, 2, 1, HEADER.survey_id, HEADER.instrument_hash, 7),
        parts.header.response_id,
    )
    assert SEALED[:HEADER_LENGTH] == expected and HEADER_LENGTH == 73
    assert SEALED[73] == 2
    assert [wrap.key_id for wrap in parts.wraps] == [key.key_id for key in KEYS.analyst]


def test_slot_and_row_carry_unrelated_ids():
    sealed = seal_response(b"the answers", KEYS, HEADER, BOUND)
    inner = open_envelope(sealed, MIX[0], HEADER)
    opened = open_envelope(inner.content, ANALYST[0], HEADER)
    assert opened.response_id != inner.response_id
    assert opened.response_id not in sealed


def test_every_sealing_differs_in_id_key_and_body():
    first, second = (take_apart(seal(b"same", KEYS.analyst, HEADER, BOUND)) for _ in range(2))
    assert first.header.response_id != second.header.response_id
    assert first.wraps[0].sealed_key != second.wraps[0].sealed_key
    assert first.body[:24] != second.body[:24]


def other_recipients_part():
    """The bytes that only concern the second recipient: its key id and its wrap, not the length."""
    start = HEADER_LENGTH + 1 + 10 + 1168
    return {*range(start, start + 8), *range(start + 10, start + 10 + 1168)}


def test_every_flipped_byte_is_noticed_unless_it_concerns_another_recipient_only():
    opened = []
    for position in range(len(SEALED)):
        changed = bytearray(SEALED)
        changed[position] ^= 0xFF
        try:
            result = open_with_first(bytes(changed))
        except CannotOpen:
            continue
        assert result.content == b"the answers"
        opened.append(position)
    assert set(opened) == other_recipients_part()


def test_every_truncation_and_any_addition_is_noticed():
    for length in range(len(SEALED)):
        with pytest.raises(CannotOpen):
            open_with_first(SEALED[:length])
    with pytest.raises(CannotOpen):
        open_with_first(SEALED + b"\0")


@pytest.mark.parametrize(
    "expected",
    [
        dataclasses.replace(HEADER, survey_id=bytes(16)),
        dataclasses.replace(HEADER, instrument_hash=bytes(32)),
        dataclasses.replace(HEADER, wave=8),
    ],
)
def test_envelope_of_another_survey_instrument_or_wave_does_not_open(expected):
    with pytest.raises(CannotOpen):
        open_with_first(SEALED, expected)
    # nor when the header is rewritten to say what is expected
    forged = SEALED[:7] + expected.survey_id + expected.instrument_hash
    forged += struct.pack(">H", expected.wave) + SEALED[57:]
    with pytest.raises(CannotOpen):
        open_with_first(forged, expected)


def test_parts_of_two_envelopes_do_not_mix():
    one, two = (
        take_apart(seal(text, KEYS.analyst, HEADER, BOUND)) for text in (b"one", b"another")
    )
    for header, wraps, body in (
        (one.header_bytes, one.wraps, two.body),
        (one.header_bytes, two.wraps, one.body),
        (two.header_bytes, one.wraps, one.body),
        (one.header_bytes, two.wraps, two.body),
        (one.header_bytes, one.wraps[::-1], two.body),
    ):
        with pytest.raises(CannotOpen):
            open_with_first(assemble(header, wraps, body))


def test_key_of_another_purpose_suite_or_person_does_not_open():
    as_mix = dataclasses.replace(ANALYST[0], purpose=Purpose.MIX)
    as_fallback = dataclasses.replace(ANALYST[0], suite=SuiteId.X25519)
    for key in (as_mix, as_fallback, OTHER_KEYS[0], MIX[0]):
        with pytest.raises(CannotOpen):
            open_envelope(SEALED, key, HEADER)


def test_fallback_suite_works_the_same():
    key = new_private_key(Purpose.RESPONSE, SuiteId.X25519)
    sealed = seal(b"the answers", [key.public], HEADER, BOUND)
    assert sealed[5] == 1
    assert open_envelope(sealed, key, HEADER).content == b"the answers"


@given(st.binary(max_size=4000))
def test_garbage_is_refused_in_the_same_way(data):
    with pytest.raises(CannotOpen) as caught:
        open_with_first(data)
    assert type(caught.value) is CannotOpen
    assert caught.value.__suppress_context__


@given(st.integers(0, len(SEALED) - 1), st.binary(min_size=1, max_size=300))
def test_garbage_in_the_place_of_a_part_is_refused_or_harmless(start, data):
    changed = SEALED[:start] + data + SEALED[start + len(data) :]
    with contextlib.suppress(CannotOpen):
        assert open_with_first(changed).content == b"the answers"


ANSWERS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    st.one_of(
        st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), max_size=4).map(
            lambda codes: Chosen(tuple(codes))
        ),
        st.integers(0, 10).map(Number),
        st.text(st.characters(codec="utf-8"), max_size=60).map(Written),
        st.sampled_from(NonAnswer),
    ),
    max_size=12,
)


@given(ANSWERS)
@settings(max_examples=60, deadline=None)
def test_all_responses_up_to_the_bound_have_one_length_sealed(answers):
    data = response_to_bytes(Response("care4me-8-10", answers))
    if len(data) > BOUND:
        with pytest.raises(TooLong):
            seal_response(data, KEYS, HEADER, BOUND)
    else:
        sealed = seal_response(data, KEYS, HEADER, BOUND)
        assert len(sealed) == len(seal_response(b"", KEYS, HEADER, BOUND))
        inner = open_envelope(sealed, MIX[1], HEADER).content
        assert open_envelope(inner, ANALYST[1], HEADER).content == data


def test_response_at_the_bound_fits_and_one_byte_more_is_refused():
    seal_response(bytes(BOUND), KEYS, HEADER, BOUND)
    with pytest.raises(TooLong):
        seal_response(bytes(BOUND + 1), KEYS, HEADER, BOUND)


@pytest.mark.parametrize("bound", [0, 1000, 16384, 70000])
def test_longest_envelope_is_the_one_with_most_recipients(bound):
    recipients = [key.public for key in OTHER_KEYS]
    assert len(recipients) == MOST_RECIPIENTS
    assert len(seal(b"", recipients, HEADER, bound)) == longest_envelope(bound)
    with pytest.raises(ValueError, match="recipients"):
        seal(b"", [*recipients, KEYS.analyst[0]], HEADER, bound)


@given(st.binary(max_size=50), st.integers(0, 30))
def test_padding_comes_off_again(content, room):
    padded = pad(content, len(content) + room)
    assert len(padded) == 4 + len(content) + room and unpad(padded) == content


@pytest.mark.parametrize("padded", [b"", b"\0\0\0", b"\0\0\0\2a", b"\0\0\0\1a\0b", b"\xff" * 9])
def test_padding_of_another_form_is_refused(padded):
    with pytest.raises(MalformedEnvelope):
        unpad(padded)


@pytest.mark.parametrize(
    ("survey", "instrument", "wave"),
    [(bytes(15), bytes(32), 1), (bytes(16), bytes(31), 1), (bytes(16), bytes(32), 65536)],
)
def test_header_fields_that_do_not_fit_are_refused(survey, instrument, wave):
    with pytest.raises(ValueError, match="bytes"):
        HeaderFields(survey, instrument, wave)


def test_survey_id_differs_by_inspection_and_survey():
    ids = {
        survey_id(bytes([n]) * 16, survey) for n in (1, 2) for survey in ("care4me", "aftercare")
    }
    assert len(ids) == 4 and all(len(one) == 16 for one in ids)


def test_layers_refuse_keys_that_are_not_theirs():
    analyst, mix = KEYS.analyst, KEYS.mix
    fallback = new_private_key(Purpose.RESPONSE, SuiteId.X25519).public
    same_key = dataclasses.replace(analyst[0], purpose=Purpose.MIX)
    for first, second in (
        (mix, analyst),
        ((), mix),
        (analyst, ()),
        ((analyst[0], analyst[0]), mix),
        ((analyst[0], fallback), mix),
        (analyst, (same_key,)),
    ):
        with pytest.raises(ValueError, match="key"):
            WaveKeys(tuple(first), tuple(second))
