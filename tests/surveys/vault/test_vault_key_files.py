"""Private key files: Argon2id, generated passphrases, owner only, damage told from a wrong phrase."""

import json
import stat

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from vault_wave import ANALYST, MIX, new_wave

from surveys.invitations.codes import word_list
from surveys.keys.ceremony_drill import opens
from surveys.keys.key_making import create_wave_keys
from surveys.vault import key_files
from surveys.vault.key_files import (
    FULL_COST,
    KeyFileDamaged,
    Stretching,
    WrongPassphrase,
    new_passphrase,
    read_key_file,
    write_key_file,
)
from surveys.vault.key_sighting import private_keys_below
from surveys.vault.public_keys import load_wave_keys

QUICK = Stretching(8 * 1024, 1, 1)
WAVE_ID = bytes(range(16))
PHRASE = "acorn badger comet daisy eagle fern"


@pytest.fixture
def path(tmp_path):
    write_key_file(tmp_path / "mix.key", MIX[0], WAVE_ID, PHRASE, QUICK)
    return tmp_path / "mix.key"


def test_argon2id_gives_the_known_answer_of_rfc_9106():
    made = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        secret=b"\x03" * 8,
        ad=b"\x04" * 12,
    ).derive(b"\x01" * 32)
    assert made.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_key_comes_back_and_the_file_is_small_and_private(path):
    assert read_key_file(path, PHRASE) == MIX[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size < 700
    assert MIX[0].seed.hex() not in path.read_text()
    assert [one.name for one in path.parent.iterdir()] == ["mix.key"]


def test_passphrase_may_be_typed_with_other_case_and_spaces(path):
    assert read_key_file(path, f"  {PHRASE.upper().replace(' ', '   ')} \n") == MIX[0]


def test_full_cost_is_256_mib_three_times_in_four_lanes():
    assert Stretching(262144, 3, 4) == FULL_COST
    assert write_key_file.__defaults__ == (FULL_COST,)


def test_wrong_passphrase_is_told_from_damage(path):
    with pytest.raises(WrongPassphrase):
        read_key_file(path, PHRASE + " otter")
    text = path.read_text()
    path.write_text(text.replace('"iterations": 1', '"iterations": 2'))
    with pytest.raises(KeyFileDamaged):
        read_key_file(path, PHRASE)


def test_parameters_are_bound_to_the_seed_even_when_the_check_is_made_anew(path):
    for change in ({"purpose": 1}, {"wave": "00" * 16}, {"suite": 1}, {"key_id": "00" * 8}):
        document = json.loads(path.read_text()) | change
        document.pop("check")
        document["check"] = key_files._check(document)
        changed = path.with_name("changed")
        changed.write_text(json.dumps(document))
        with pytest.raises(WrongPassphrase):
            read_key_file(changed, PHRASE)


def test_every_damaged_character_is_noticed(path):
    text = path.read_text()
    original = json.loads(text)
    for position in range(0, len(text), 7):
        changed = text[:position] + chr(ord(text[position]) ^ 1) + text[position + 1 :]
        path.write_text(changed)
        try:
            same = json.loads(changed) == original
        except ValueError:
            same = False
        if not same:
            with pytest.raises(KeyFileDamaged):
                read_key_file(path, PHRASE)


@pytest.mark.parametrize(
    ("memory", "iterations", "lanes"),
    [(8191, 1, 1), (2**21 + 1, 1, 1), (8192, 0, 1), (8192, 21, 1), (8192, 1, 0), (8192, 1, 17)],
)
def test_parameters_out_of_range_are_refused_before_any_work(
    path, monkeypatch, memory, iterations, lanes
):
    with pytest.raises(ValueError, match="range"):
        Stretching(memory, iterations, lanes)
    document = json.loads(path.read_text())
    document |= {"memory": memory, "iterations": iterations, "lanes": lanes}
    document.pop("check")
    document["check"] = key_files._check(document)
    path.write_text(json.dumps(document))
    monkeypatch.setattr(key_files, "Argon2id", None)
    with pytest.raises(KeyFileDamaged, match="impossible"):
        read_key_file(path, PHRASE)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"format": "heard private key 1"}'])
def test_other_files_are_not_taken_for_keys(tmp_path, content):
    (tmp_path / "other").write_text(content)
    with pytest.raises(KeyFileDamaged):
        read_key_file(tmp_path / "other", PHRASE)


def test_key_file_is_never_overwritten_and_nothing_is_left_over(path):
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_key_file(path, ANALYST[0], WAVE_ID, PHRASE, QUICK)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["mix.key"]


def test_passphrase_is_six_words_of_the_list():
    words = new_passphrase().split()
    assert len(words) == 6 and set(words) <= set(word_list())
    assert new_passphrase() != new_passphrase()


def test_site_sees_private_keys_by_their_content_whatever_their_name(path):
    hidden = path.parent / "deep" / "holiday.jpg"
    hidden.parent.mkdir()
    path.rename(hidden)
    assert private_keys_below(path.parent) == [hidden]


def test_wave_keys_are_made_in_pairs_with_a_passphrase_each(tmp_path):
    files = create_wave_keys(WAVE_ID, tmp_path / "usb", tmp_path / "public", stretching=QUICK)
    assert [file.holder for file in files] == ["analyst", "analyst-spare", "mix", "mix-spare"]
    assert len({file.passphrase for file in files}) == 4
    assert not any(file.passphrase in repr(file) for file in files)
    keys = load_wave_keys(tmp_path / "public", WAVE_ID)
    privates = [read_key_file(file.path, file.passphrase) for file in files]
    assert [key.public for key in privates] == [*keys.analyst, *keys.mix]
    wave = new_wave(id=WAVE_ID)
    assert all(opens(key, keys, wave) for key in privates)
    assert not opens(ANALYST[0], keys, wave)
    assert private_keys_below(tmp_path / "public") == []


def test_wave_keys_are_never_made_twice(tmp_path):
    create_wave_keys(WAVE_ID, tmp_path / "usb", tmp_path / "public", spares=False, stretching=QUICK)
    with pytest.raises(FileExistsError, match="never replaced"):
        create_wave_keys(WAVE_ID, tmp_path / "other", tmp_path / "public", stretching=QUICK)
    assert not (tmp_path / "other").exists()
