"""Escrow: every pair of three custodians makes a lost key again, nobody alone, nothing changed."""

import json
from base64 import b64encode
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_wave import MIX

from surveys.keys.escrow import (
    EscrowDamaged,
    escrow_file_content,
    put_in_escrow,
    read_escrow_file,
    recover,
    recover_from,
)
from surveys.keys.escrow_custodians import (
    EscrowCustodian,
    EscrowCustodiansUnfit,
    add_escrow_custodian,
    file_name_of,
    three_escrow_custodians,
)
from surveys.vault.envelope import CannotOpen, Purpose
from surveys.vault.key_sighting import private_keys_below
from surveys.vault.opening import new_private_key
from surveys.whole_files import write_new

WAVE_ID, OTHER_WAVE = bytes(range(16)), bytes(16)
PEOPLE = [new_private_key(Purpose.ESCROW) for _ in range(3)]
CUSTODIANS = tuple(
    EscrowCustodian(name, key.public) for name, key in zip("ABC", PEOPLE, strict=True)
)
SECRET = new_private_key(Purpose.RESPONSE)
ESCROW = put_in_escrow(SECRET, WAVE_ID, CUSTODIANS)


@pytest.mark.parametrize(("one", "other"), [*permutations(range(3), 2)])
def test_every_pair_recovers_in_either_order(one, other):
    assert recover(ESCROW, PEOPLE[one], PEOPLE[other]) == SECRET


@pytest.mark.parametrize("alone", range(3))
def test_nobody_recovers_alone_or_with_a_stranger(alone):
    stranger = new_private_key(Purpose.ESCROW)
    with pytest.raises(CannotOpen):
        recover(ESCROW, PEOPLE[alone], PEOPLE[alone])
    with pytest.raises(CannotOpen):
        recover(ESCROW, PEOPLE[alone], stranger)
    with pytest.raises(CannotOpen):
        recover_from(ESCROW, [PEOPLE[alone]])


def test_one_custodian_finds_no_seed_in_what_they_can_open():
    """The outer holder sees the inner envelope, the inner holder nothing: never the seed itself."""
    from surveys.vault.opening import open_envelope

    for (outer, inner), onion in ESCROW.onions.items():
        holders = {key.public.key_id: key for key in PEOPLE}
        header = ESCROW.header((outer, inner), b"outer")
        middle = open_envelope(onion, holders[outer], header).content
        assert SECRET.seed not in middle and SECRET.seed not in onion
        with pytest.raises(CannotOpen):
            open_envelope(onion, holders[inner], header)


def test_three_onions_of_the_length_designed():
    assert len(ESCROW.onions) == 3
    assert set(ESCROW.onions) == set(combinations(sorted(c.key.key_id for c in CUSTODIANS), 2))
    assert {len(onion) for onion in ESCROW.onions.values()} == {2_688}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2), st.data())
def test_changed_onion_is_refused(which, data):
    pair, onion = sorted(ESCROW.onions.items())[which]
    place = data.draw(st.integers(0, len(onion) - 1))
    changed = bytearray(onion)
    changed[place] ^= data.draw(st.integers(1, 255))
    spoilt = put_in_escrow(SECRET, WAVE_ID, CUSTODIANS)
    spoilt.onions.clear()
    spoilt.onions[pair] = bytes(changed)
    holders = {key.public.key_id: key for key in PEOPLE}
    with pytest.raises(CannotOpen):
        recover(spoilt, *(holders[key_id] for key_id in pair))


def document_of(path):
    return json.loads(path.read_text())


@pytest.fixture
def path(tmp_path):
    write_new(tmp_path / "a.escrow", escrow_file_content(ESCROW))
    return tmp_path / "a.escrow"


def test_file_gives_the_escrow_back_and_is_private(path):
    assert read_escrow_file(path, WAVE_ID) == ESCROW
    assert path.stat().st_mode & 0o777 == 0o600
    assert SECRET.seed.hex() not in path.read_text()
    assert b64encode(SECRET.seed).decode() not in path.read_text()


def test_site_refuses_to_start_beside_an_escrow_file(path):
    assert private_keys_below(path.parent) == [path]


def test_file_of_another_wave_is_refused_and_a_forged_wave_opens_nothing(path):
    with pytest.raises(EscrowDamaged, match="another wave"):
        read_escrow_file(path, OTHER_WAVE)
    path.write_text(path.read_text().replace(WAVE_ID.hex(), OTHER_WAVE.hex()))
    with pytest.raises(CannotOpen):
        recover(read_escrow_file(path, OTHER_WAVE), *PEOPLE[:2])


@pytest.mark.parametrize("change", [{"purpose": 2}, {"key_id": "00" * 8}, {"suite": 1}])
def test_what_the_file_says_of_the_key_is_bound_to_the_onions(path, change):
    path.write_text(json.dumps(document_of(path) | change))
    with pytest.raises(CannotOpen):
        recover(read_escrow_file(path, WAVE_ID), *PEOPLE[:2])


def test_onions_of_another_pair_or_layer_do_not_fit(path):
    document = document_of(path)
    onions = [entry["onion"] for entry in document["onions"]]
    for entry, onion in zip(document["onions"], onions[1:] + onions[:1], strict=True):
        entry["onion"] = onion
    path.write_text(json.dumps(document))
    with pytest.raises(CannotOpen):
        recover_from(read_escrow_file(path, WAVE_ID), PEOPLE)
    mix = put_in_escrow(MIX[0], WAVE_ID, CUSTODIANS)
    pair = next(iter(mix.onions))
    mix.onions[pair] = ESCROW.onions[pair]
    holders = {key.public.key_id: key for key in PEOPLE}
    with pytest.raises(CannotOpen):
        recover(mix, *(holders[key_id] for key_id in pair))


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"format": "heard private key 1"}'])
def test_other_files_are_no_escrow(tmp_path, content):
    (tmp_path / "other").write_text(content)
    with pytest.raises(EscrowDamaged):
        read_escrow_file(tmp_path / "other", WAVE_ID)


def test_damaged_base64_is_said_to_be_damage(path):
    document = document_of(path)
    document["onions"][0]["onion"] = "not base64!"
    path.write_text(json.dumps(document))
    with pytest.raises(EscrowDamaged, match="damaged"):
        read_escrow_file(path, WAVE_ID)


def test_escrow_is_with_exactly_three_different_people(tmp_path):
    with pytest.raises(ValueError, match="three"):
        put_in_escrow(SECRET, WAVE_ID, (*CUSTODIANS[:2], CUSTODIANS[1]))
    for custodian in CUSTODIANS[:2]:
        add_escrow_custodian(tmp_path, custodian)
    with pytest.raises(EscrowCustodiansUnfit, match=r"There are: A, B"):
        three_escrow_custodians(tmp_path)
    add_escrow_custodian(tmp_path, CUSTODIANS[2])
    assert three_escrow_custodians(tmp_path) == CUSTODIANS
    with pytest.raises(FileExistsError):
        add_escrow_custodian(tmp_path, CUSTODIANS[2])
    add_escrow_custodian(tmp_path, EscrowCustodian("Dee", new_private_key(Purpose.ESCROW).public))
    with pytest.raises(EscrowCustodiansUnfit):
        three_escrow_custodians(tmp_path)
    assert three_escrow_custodians(tmp_path, ("a", "B", "C")) == CUSTODIANS


def test_same_key_under_two_names_is_one_custodian(tmp_path):
    for name in ("A", "B", "C"):
        add_escrow_custodian(tmp_path, EscrowCustodian(name, PEOPLE[0].public))
    with pytest.raises(EscrowCustodiansUnfit, match="own"):
        three_escrow_custodians(tmp_path)


def test_damaged_public_half_is_refused(tmp_path):
    path = add_escrow_custodian(tmp_path, CUSTODIANS[0])
    path.write_text(path.read_text().replace(CUSTODIANS[0].key.key_id.hex(), "00" * 8))
    with pytest.raises(EscrowCustodiansUnfit, match="does not match"):
        three_escrow_custodians(tmp_path)


def test_name_becomes_a_file_name():
    assert file_name_of("  Zoë O'Neill-Smith ") == "zo-o-neill-smith"
    with pytest.raises(EscrowCustodiansUnfit):
        file_name_of("../..")
