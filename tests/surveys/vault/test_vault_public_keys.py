"""Public keys are read whole and right, or the site is told that it cannot collect."""

import json
import os
from dataclasses import replace

import pytest
from vault_wave import KEYS

from surveys.vault.public_keys import KeysUnfit, keys_path, load_wave_keys, write_wave_keys

WAVE_ID = bytes(range(16))


@pytest.fixture
def folder(tmp_path):
    write_wave_keys(tmp_path, WAVE_ID, KEYS)
    return tmp_path


def rewrite(folder, change):
    path = keys_path(folder, WAVE_ID)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_keys_come_back_as_written_and_are_read_once(folder):
    found = load_wave_keys(folder, WAVE_ID)
    assert found == KEYS
    assert load_wave_keys(folder, WAVE_ID) is found
    assert found.analyst_ids == {key.key_id for key in KEYS.analyst}


def test_changed_file_is_read_again(folder):
    load_wave_keys(folder, WAVE_ID)
    rewrite(folder, lambda document: document["mix"].pop())
    assert load_wave_keys(folder, WAVE_ID).mix == KEYS.mix[:1]


def test_keys_are_never_replaced(folder):
    with pytest.raises(FileExistsError):
        write_wave_keys(folder, WAVE_ID, KEYS)
    assert os.listdir(folder) == [f"{WAVE_ID.hex()}.json"]


def break_key(document):
    document["analyst"][0]["key"] = document["analyst"][0]["key"][:-2]


def break_key_id(document):
    document["analyst"][0]["key_id"] = "00" * 8


def swap_layers(document):
    document["analyst"], document["mix"] = document["mix"], document["analyst"]


@pytest.mark.parametrize(
    "change",
    [
        break_key,
        break_key_id,
        swap_layers,
        lambda document: document.update(wave="00" * 16),
        lambda document: document.update(format="something else"),
        lambda document: document.update(analyst=[]),
        lambda document: document.update(analyst=None),
        lambda document: document.update(mix=document["mix"] * 2),
        lambda document: document["mix"][0].update(suite=9),
        lambda document: document.pop("mix"),
        lambda document: document.pop("signers"),
        lambda document: document.update(signers=[]),
        lambda document: document.update(signers=["00" * 31]),
        lambda document: document.update(signers="none"),
    ],
)
def test_unfit_keys_say_what_to_do(folder, change):
    rewrite(folder, change)
    with pytest.raises(KeysUnfit, match=r"cannot be used .* Nothing may be collected .* restore"):
        load_wave_keys(folder, WAVE_ID)


def test_keys_of_an_earlier_version_say_what_they_lack(folder):
    rewrite(folder, lambda document: document.update(format="heard public keys 1"))
    with pytest.raises(KeysUnfit, match="earlier version, which could not sign a release"):
        load_wave_keys(folder, WAVE_ID)


def test_keys_that_could_not_sign_a_release_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="verify the release"):
        write_wave_keys(tmp_path, WAVE_ID, replace(KEYS, signers=()))
    assert os.listdir(tmp_path) == []


def test_missing_keys_say_what_to_do(tmp_path):
    with pytest.raises(KeysUnfit, match=f"missing.*flask keys create {WAVE_ID.hex()}"):
        load_wave_keys(tmp_path, WAVE_ID)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{", b"null", b'"text"'])
def test_file_of_another_kind_is_unfit(folder, content):
    keys_path(folder, WAVE_ID).write_bytes(content)
    with pytest.raises(KeysUnfit):
        load_wave_keys(folder, WAVE_ID)
