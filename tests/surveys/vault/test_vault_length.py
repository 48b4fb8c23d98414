"""One length: whatever is answered, unanswered or sent, what is stored of a wave has the same length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires
from vault_wave import ANALYST, KEYS, MIX, STORAGE_KEY, new_access, new_wave

from questionnaires.model import Survey
from questionnaires.responses import Mode, Response, response_from_bytes, response_to_bytes
from surveys.vault.drafts import Draft, seal_draft, seated_anew
from surveys.vault.envelope import CannotOpen
from surveys.vault.opening import open_envelope
from surveys.vault.sealing import seal_response
from surveys.vault.slot_content import SlotContent, SlotState, capacity, draft_bound, shut, unshut
from surveys.vault.waves import padded_length


def stored(wave, access, state, payload):
    """The bytes of a slot's row."""
    room = capacity(wave.padded_length)
    return shut(SlotContent(state, payload), STORAGE_KEY, access.slot_id, wave.id, room)


@given(answered_questionnaires(), st.sampled_from(Mode))
@settings(max_examples=80, deadline=None)
def test_empty_begun_and_sent_slots_and_all_envelopes_have_one_length(answered, mode):
    questionnaire, answers = answered
    survey = Survey(
        id="any", title="Any", respondents="staff", questionnaires=(questionnaire,)
    )  # fmt: skip
    wave, access = new_wave(padded_length=padded_length(survey)), new_access()
    bound = draft_bound(wave.padded_length)
    drafts = [Draft("adult", {}), Draft("adult", answers), seated_anew(Draft("adult", answers))]
    slots = [
        stored(
            wave, access, SlotState.PARTIAL, seal_draft(one, access, wave.instrument_hash, bound)
        )
        for one in drafts
    ]
    whole = response_to_bytes(Response(questionnaire.id, answers, mode))
    finals = [
        seal_response(content, KEYS, wave.header, wave.padded_length) for content in (whole, b"")
    ]
    slots += [stored(wave, access, SlotState.FINAL, final) for final in finals]
    slots.append(stored(wave, access, SlotState.EMPTY, b""))
    assert len({len(slot) for slot in slots}) == 1
    assert len({len(final) for final in finals}) == 1
    rows = [open_envelope(final, MIX[0], wave.header).content for final in finals]
    assert len({len(row) for row in rows}) == 1, "and so have the rows after the release"
    content = open_envelope(rows[0], ANALYST[0], wave.header).content
    assert response_from_bytes(content).answers == answers


def test_every_flipped_byte_of_a_stored_slot_is_noticed():
    wave, access = new_wave(padded_length=64), new_access()
    whole = stored(wave, access, SlotState.PARTIAL, b"begun")
    for position in range(len(whole)):
        changed = bytearray(whole)
        changed[position] ^= 1 << position % 8
        with pytest.raises(CannotOpen):
            unshut(bytes(changed), STORAGE_KEY, access.slot_id, wave.id)
