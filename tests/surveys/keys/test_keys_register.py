"""The register of keys: days and names, each file once, whole or refused; never a secret in it."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from key_holders import CUSTODIANS

from surveys.keys.key_register import (
    Ending,
    KeyKind,
    KeyNote,
    NeverTried,
    NotInRegister,
    RegisterDamaged,
    RoleTaken,
    add_notes,
    all_destroyed,
    note_destroyed,
    note_of_file,
    note_tried,
    notes_of,
    refuse_untried,
    register_path,
    untried,
)

WAVE_ID = bytes(range(16))
DAY = date(2026, 11, 21)
KEY_ID = bytes(8)
ANALYST = KeyNote("analyst", "analyst", "Zoë O’Neill", KEY_ID.hex(), "2026-11-21")
MIX = KeyNote("mix", "mix", CUSTODIANS[0], "11" * 8, "2026-11-21")
COPIES = [
    KeyNote(f"mix-escrow-{n}", "mix", "any two", "22" * 8, "2026-11-21", KeyKind.ESCROW)
    for n in (1, 2)
]


@pytest.fixture
def folder(tmp_path):
    add_notes(tmp_path, WAVE_ID, [ANALYST, MIX, *COPIES])
    return tmp_path


def test_entries_come_back_in_the_order_made(folder):
    assert notes_of(folder, WAVE_ID) == (ANALYST, MIX, *COPIES)
    assert [path.name for path in register_path(folder, WAVE_ID).parent.iterdir()] == [
        f"{WAVE_ID.hex()}.json"
    ]


def test_wave_without_a_register_has_no_entries_and_nothing_is_destroyed(tmp_path):
    assert notes_of(tmp_path, WAVE_ID) == ()
    assert not all_destroyed(tmp_path, WAVE_ID)
    with pytest.raises(NeverTried, match="none is in the register"):
        refuse_untried(tmp_path, WAVE_ID)


def test_role_occurs_once(folder):
    with pytest.raises(RoleTaken, match="has mix of this wave already"):
        add_notes(folder, WAVE_ID, [MIX])
    assert len(notes_of(folder, WAVE_ID)) == 4


def test_from_made_to_tried_to_destroyed(folder):
    assert untried(folder, WAVE_ID) == ("analyst", "mix", "mix-escrow-1", "mix-escrow-2")
    note_tried(folder, WAVE_ID, ["analyst", "mix"], DAY)
    assert untried(folder, WAVE_ID) == ("mix-escrow-1", "mix-escrow-2")
    with pytest.raises(NeverTried, match="mix-escrow-1, mix-escrow-2"):
        refuse_untried(folder, WAVE_ID)
    for role in ("mix-escrow-1", "mix-escrow-2"):
        note_destroyed(folder, WAVE_ID, role, day=DAY, by="Dan", ending=Ending.TOLD)
    refuse_untried(folder, WAVE_ID)  # what is gone need not be tried
    with pytest.raises(NotInRegister, match="Still noted as there: analyst, mix"):
        note_destroyed(folder, WAVE_ID, "mix-escrow-1", day=DAY, by="Dan", ending=Ending.SEEN)
    for role in ("analyst", "mix"):
        assert not all_destroyed(folder, WAVE_ID)
        note_destroyed(folder, WAVE_ID, role, day=DAY, by="Dan", ending=Ending.SEEN)
    assert all_destroyed(folder, WAVE_ID)
    last = notes_of(folder, WAVE_ID)[1]
    assert (last.tried_on, last.destroyed_on, last.destroyed_by, last.ending) == (
        "2026-11-21", "2026-11-21", "Dan", "seen",
    )  # fmt: skip


def test_days_never_have_a_time(folder):
    note_tried(folder, WAVE_ID, ["mix"], datetime(2026, 11, 21, 9, 30).date())  # noqa: DTZ001
    assert "09:30" not in register_path(folder, WAVE_ID).read_text()
    assert notes_of(folder, WAVE_ID)[1].tried_on == "2026-11-21"


def test_file_is_told_by_key_then_by_name(folder):
    def found(name, key_id, kind):
        note = note_of_file(folder, WAVE_ID, Path(f"/media/{name}"), key_id, kind)
        return note.role if note else None

    begin, escrow = WAVE_ID.hex()[:8], bytes.fromhex("22" * 8)
    assert found("renamed.key", KEY_ID, KeyKind.KEY) == "analyst"
    assert found(f"{begin}-mix-escrow-2.escrow", escrow, KeyKind.ESCROW) == "mix-escrow-2"
    assert found("renamed.escrow", escrow, KeyKind.ESCROW) == "mix-escrow-1"
    assert found("renamed.key", escrow, KeyKind.KEY) is None
    assert found(f"{begin}-analyst.key", b"strange!", KeyKind.KEY) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(wave="00" * 16),
        lambda document: document.update(format="heard private key 1"),
        lambda document: document.pop("keys"),
        lambda document: document.update(keys=[{"role": "mix"}]),
        lambda document: document["keys"][0].update(seed="00" * 32),
    ],
)
def test_damaged_register_is_refused_and_named(folder, change):
    path = register_path(folder, WAVE_ID)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    with pytest.raises(RegisterDamaged, match=WAVE_ID.hex()):
        notes_of(folder, WAVE_ID)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '"text"'])
def test_other_files_are_no_register(folder, content):
    register_path(folder, WAVE_ID).write_text(content)
    with pytest.raises(RegisterDamaged):
        notes_of(folder, WAVE_ID)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_comes_back(tmp_path_factory, holder, by):
    folder = tmp_path_factory.mktemp("register")
    add_notes(folder, WAVE_ID, [KeyNote("mix", "mix", holder, "11" * 8, "2026-11-21")])
    note_destroyed(folder, WAVE_ID, "mix", day=DAY, by=by, ending=Ending.TOLD)
    (note,) = notes_of(folder, WAVE_ID)
    assert (note.holder, note.destroyed_by) == (holder, by)
