"""Slots: nothing of an answer shows in them, nothing acknowledged is lost, nothing is final twice."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from vault_wave import BOUND, KEYS, MIX, STORAGE_KEY, new_access, new_wave

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Number, Written
from surveys.vault import slots
from surveys.vault.cobblestone import lock, locked_length, unlock
from surveys.vault.drafts import Access, Draft, open_draft, seal_draft, seated_anew
from surveys.vault.envelope import CannotOpen, TooLong, pad
from surveys.vault.hpke import WRAP_LENGTH
from surveys.vault.opening import open_envelope
from surveys.vault.rewriting import rewrite_slots
from surveys.vault.slot_content import SlotContent, SlotState, capacity, draft_bound, shut, unshut
from surveys.vault.slots import (
    NewSlot,
    change_draft,
    count_finals,
    count_states,
    create_slots,
    finish,
    read_draft,
    slot_table,
)
from surveys.vault.waves import WaveStatus, add_wave, set_status

HASH = bytes(32)


def stored(vault):
    with vault.engine.connect() as connection:
        return {row.id: row.content for row in connection.execute(select(slot_table))}


def test_answers_given_are_there_on_return(vault):
    access = vault.accesses[0]
    assert read_draft(vault.engine, STORAGE_KEY, access) == (vault.wave, Draft("8-10", {}))
    vault.answer(access, feels_safe="yes")
    vault.answer(access, has_friends="no", feels_safe="sometimes")
    wave, draft = read_draft(vault.engine, STORAGE_KEY, access)
    assert wave == vault.wave
    assert draft.answers == {"feels_safe": Chosen(("sometimes",)), "has_friends": Chosen(("no",))}


def test_empty_partial_and_final_slots_have_one_length(vault):
    empty, partial, final, *_ = vault.accesses
    vault.answer(partial, feels_safe="yes")
    vault.finish(final)
    assert {len(content) for content in stored(vault).values()} == {
        len(stored(vault)[empty.slot_id])
    }
    assert count_states(vault.engine, STORAGE_KEY, vault.wave.id) == {
        SlotState.EMPTY: 4,
        SlotState.PARTIAL: 1,
        SlotState.FINAL: 1,
    }
    assert count_finals(vault.engine, STORAGE_KEY, vault.wave.id) == 1


def test_final_is_not_readable_with_the_code_but_with_the_keys(vault):
    access = vault.accesses[0]
    vault.answer(access, feels_safe="yes")
    assert vault.finish(access) is True
    assert read_draft(vault.engine, STORAGE_KEY, access) is None
    assert vault.answer(access, feels_safe="no") is None
    content = unshut(stored(vault)[access.slot_id], STORAGE_KEY, access.slot_id, vault.wave.id)
    with pytest.raises(CannotOpen):
        open_draft(content.payload, access, vault.wave.instrument_hash)
    assert open_envelope(content.payload, MIX[0], vault.wave.header)


def test_finishing_twice_changes_nothing(vault):
    access = vault.accesses[0]
    assert vault.finish(access) is True
    before = stored(vault)
    assert vault.finish(access) is False
    assert stored(vault) == before


@pytest.mark.parametrize("status", [WaveStatus.PREPARED, WaveStatus.CLOSED, WaveStatus.RELEASED])
def test_unknown_code_and_wave_not_open_look_alike(vault, status):
    wave = new_wave(status)
    add_wave(vault.engine, wave)
    access = new_access()
    slot = NewSlot(access.slot_id, access.part_key, Draft("8-10", {}))
    create_slots(vault.engine, STORAGE_KEY, wave, [slot])
    before = stored(vault)
    for code in (access, new_access()):
        assert read_draft(vault.engine, STORAGE_KEY, code) is None
        assert vault.answer(code, feels_safe="yes") is None
        assert vault.finish(code) is None
    assert stored(vault) == before


def test_failing_change_or_seal_changes_nothing(vault):
    access = vault.accesses[0]
    vault.answer(access, feels_safe="yes")
    before = stored(vault)

    def fail(_draft):
        raise LookupError

    with pytest.raises(LookupError):
        change_draft(vault.engine, STORAGE_KEY, access, fail)
    with pytest.raises(LookupError):
        finish(vault.engine, STORAGE_KEY, access, fail)
    huge = Draft("8-10", {"text": Written("x" * draft_bound(BOUND))})
    with pytest.raises(TooLong):
        change_draft(vault.engine, STORAGE_KEY, access, lambda _: huge)
    assert stored(vault) == before


def test_opening_without_an_answer_leaves_a_slot_empty(vault):
    access = vault.accesses[0]
    change_draft(vault.engine, STORAGE_KEY, access, seated_anew)
    assert count_states(vault.engine, STORAGE_KEY, vault.wave.id)[SlotState.EMPTY] == 6


def test_finding_nothing_costs_the_unlocking_of_finding_something(vault, monkeypatch):
    used, fresh, *_ = vault.accesses
    vault.finish(used)
    unlocked = []

    def count(stored, *arguments):
        unlocked.append(len(stored))
        return unshut(stored, *arguments)

    monkeypatch.setattr(slots, "unshut", count)
    for access in (used, new_access(), fresh):
        read_draft(vault.engine, STORAGE_KEY, access)
    assert len(unlocked) == 3 and min(unlocked) > BOUND


def test_two_tabs_at_once_lose_no_answer(vault):
    access = vault.accesses[0]

    def tab(name):
        for number in range(15):
            vault.answer(access, **{f"{name}_{number}": "yes"})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tab, ("left", "right")))
    _, draft = read_draft(vault.engine, STORAGE_KEY, access)
    expected = {f"{name}_{number}" for name in ("left", "right") for number in range(15)}
    assert set(draft.answers) == expected


def test_sending_from_two_tabs_at_once_seals_once(vault):
    access = vault.accesses[0]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(vault.finish, [access] * 8))
    assert sorted(outcomes) == [False] * 7 + [True]


def test_slots_are_made_in_the_order_of_random_ids_all_or_none(vault):
    accesses = [new_access() for _ in range(5)]
    slots = [NewSlot(access.slot_id, access.part_key, Draft("8-10", {})) for access in accesses]
    before = stored(vault)
    known = vault.accesses[0]
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        create_slots(
            vault.engine,
            STORAGE_KEY,
            vault.wave,
            [*slots, NewSlot(known.slot_id, known.part_key, Draft("8-10", {}))],
        )
    assert stored(vault) == before
    create_slots(vault.engine, STORAGE_KEY, vault.wave, slots)
    create_slots(vault.engine, STORAGE_KEY, vault.wave, [])
    assert len(stored(vault)) == 11


def test_rewrite_changes_every_slot_and_loses_none(vault):
    done, begun, *_ = vault.accesses
    vault.answer(begun, feels_safe="yes")
    vault.finish(done)
    before = stored(vault)
    assert rewrite_slots(vault.engine, STORAGE_KEY) == 6
    after = stored(vault)
    assert before.keys() == after.keys()
    assert all(before[slot] != after[slot] for slot in before)
    assert {len(content) for content in after.values()} == {len(next(iter(before.values())))}
    assert read_draft(vault.engine, STORAGE_KEY, begun)[1].answers == {
        "feels_safe": Chosen(("yes",))
    }
    assert count_finals(vault.engine, STORAGE_KEY, vault.wave.id) == 1


def test_rewrite_can_change_the_storage_key(vault):
    new_key = secrets.token_bytes(32)
    rewrite_slots(vault.engine, STORAGE_KEY, new_key)
    assert read_draft(vault.engine, new_key, vault.accesses[0])
    with pytest.raises(CannotOpen):
        read_draft(vault.engine, STORAGE_KEY, vault.accesses[0])


def test_slot_moved_to_another_place_does_not_open(vault):
    first, second, *_ = vault.accesses
    with vault.engine.begin() as connection:
        moved = update(slot_table).where(slot_table.c.id == second.slot_id)
        connection.execute(moved.values(content=stored(vault)[first.slot_id]))
    with pytest.raises(CannotOpen):
        read_draft(vault.engine, STORAGE_KEY, second)


def test_answers_and_codes_never_lie_in_the_raw_files(vault):
    access = vault.accesses[0]
    marker = "zinnia-marker-of-an-answer"
    change_draft(
        vault.engine, STORAGE_KEY, access, lambda _: Draft("8-10", {"wish": Written(marker)})
    )
    while_partial = vault.raw_files()
    vault.finish(access)
    rewrite_slots(vault.engine, STORAGE_KEY)
    for raw in (while_partial, vault.raw_files()):
        assert len(raw) > 6 * BOUND
        for secret in (marker.encode(), b"wish", b"8-10", access.part_key, STORAGE_KEY):
            assert secret not in raw
        assert access.slot_id in raw  # the search finds what is there


def test_closing_a_wave_between_reading_and_writing_keeps_the_answer_out(vault):
    access = vault.accesses[0]
    assert read_draft(vault.engine, STORAGE_KEY, access)
    set_status(vault.engine, vault.wave.id, WaveStatus.CLOSED)
    assert vault.answer(access, feels_safe="yes") is None


def test_slot_of_a_wave_that_is_gone_opens_nothing(vault):
    access = new_access()
    with vault.engine.begin() as connection:
        row = {"id": access.slot_id, "wave_id": bytes(16), "content": b"x"}
        connection.execute(insert(slot_table).values(row))
    assert read_draft(vault.engine, STORAGE_KEY, access) is None


ANSWER = st.one_of(
    st.sampled_from(NonAnswer),
    st.integers(0, 10).map(Number),
    st.text(max_size=30).filter(lambda text: text.isprintable()).map(Written),
    st.lists(st.sampled_from(["yes", "no", "maybe"]), max_size=3).map(lambda c: Chosen(tuple(c))),
)


@given(st.dictionaries(st.sampled_from("abcdef"), ANSWER))
@settings(deadline=None)
def test_every_draft_comes_back_from_one_length(answers):
    access, draft = Access(b"s" * 16, b"k" * 32), seated_anew(Draft("11-15", answers))
    sealed = seal_draft(draft, access, HASH, 1000)
    assert len(sealed) == locked_length(4 + 1000)
    assert open_draft(sealed, access, HASH) == draft


@pytest.mark.parametrize(
    ("content", "sitting"),
    [
        (b'{"a":{},"u":"8-10","v":1}', b""),
        (b'{"a":{},"s":"","u":"8-10","v":2}', b""),
        (b'{"a":{},"s":"0102030405060708","u":"8-10","v":2}', bytes(range(1, 9))),
    ],
)
def test_drafts_of_both_versions_open(content, sitting):
    access = Access(b"s" * 16, b"k" * 32)
    sealed = lock(access.part_key, b"heard draft" + access.slot_id + HASH, pad(content, 100))
    assert open_draft(sealed, access, HASH) == Draft("8-10", {}, sitting)


@pytest.mark.parametrize(
    "content",
    [b'{"a":{},"s":"","u":"8-10","v":3}', b'{"a":{},"u":"8-10","v":2}',
     b'{"a":{},"s":"xyz","u":"8-10","v":2}', b'{"a":{},"s":7,"u":"8-10","v":2}'],
)  # fmt: skip
def test_what_is_no_draft_is_refused(content):
    access = Access(b"s" * 16, b"k" * 32)
    sealed = lock(access.part_key, b"heard draft" + access.slot_id + HASH, pad(content, 100))
    with pytest.raises(CannotOpen):
        open_draft(sealed, access, HASH)


@pytest.mark.parametrize(
    ("access", "instrument"),
    [
        (Access(b"t" * 16, b"k" * 32), HASH),
        (Access(b"s" * 16, b"l" * 32), HASH),
        (Access(b"s" * 16, b"k" * 32), b"h" * 32),
    ],
)
def test_draft_opens_only_with_its_code_slot_and_instrument(access, instrument):
    sealed = seal_draft(Draft("8-10", {}), Access(b"s" * 16, b"k" * 32), HASH, 100)
    with pytest.raises(CannotOpen):
        open_draft(sealed, access, instrument)


@pytest.mark.parametrize("padded_length", [1024, 4096, 13 * 1024, 16 * 1024, 60 * 1024])
def test_draft_at_its_bound_and_response_with_most_recipients_fit_a_slot(padded_length):
    room = capacity(padded_length)
    assert padded_length + 512 < draft_bound(padded_length)
    assert locked_length(4 + draft_bound(padded_length)) <= room
    for payload in (b"", bytes(room)):
        content = SlotContent(SlotState.FINAL, payload)
        assert (
            unshut(shut(content, STORAGE_KEY, b"s", b"w", room), STORAGE_KEY, b"s", b"w") == content
        )
    with pytest.raises(TooLong):
        shut(SlotContent(SlotState.FINAL, bytes(room + 1)), STORAGE_KEY, b"s", b"w", room)


@pytest.mark.parametrize("length", [0, 1, 16383, 16384, 16385, 50000])
def test_locked_length_is_the_length_of_what_is_locked(length):
    assert len(lock(bytes(32), b"", bytes(length))) == locked_length(length)


def test_every_changed_byte_of_locked_content_is_noticed():
    locked = lock(bytes(32), b"here", b"content")
    for position in range(len(locked)):
        changed = bytearray(locked)
        changed[position] ^= 1
        with pytest.raises(CannotOpen):
            unlock(bytes(32), b"here", bytes(changed))


def test_unknown_state_is_damage():
    inside = lock(STORAGE_KEY, b"heard slot" + b"s" + b"w", b"X\0\0\0\0")
    with pytest.raises(CannotOpen):
        unshut(inside, STORAGE_KEY, b"s", b"w")


def test_secrets_stay_out_of_representations():
    access = new_access()
    assert repr(access.part_key) not in repr(access)
    assert "yes" not in repr(Draft("8-10", {"q": Chosen(("yes",))}))
    assert repr(access.part_key) not in repr(
        NewSlot(access.slot_id, access.part_key, Draft("8-10", {}))
    )
    assert {len(key.raw) for key in KEYS.mix} == {1216} and len(WRAP_LENGTH) == 2
