"""Codes: the same invitation gives the same code, and what people type is read kindly."""

import hashlib
import hmac
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations import codes
from surveys.invitations.codes import (
    CredentialSeed,
    TooManyAtOnce,
    access_from_secret,
    link_text,
    parse_words,
    place_access,
    secret_for_link,
    secret_from_link,
    secret_from_typed_words,
    secret_from_words,
    word_list,
    words_for,
)

SEED = CredentialSeed(bytes(range(32)))
INVITATION = bytes(range(16))
SITE_ID, PEPPER = b"site" * 8, b"pepp" * 8
WORDS = ("acorn", "comet", "daisy", "eagle", "fern")
SECRETS = st.binary(min_size=16, max_size=16)


def test_card_printed_again_is_identical_and_others_differ():
    words = words_for(SEED, INVITATION)
    assert len(words) == 5 and set(words) <= set(word_list())
    assert words_for(CredentialSeed(SEED.value), INVITATION) == words
    others = [
        words_for(SEED, bytes(16)),
        words_for(CredentialSeed.generate(), INVITATION),
    ]
    assert words not in others


def test_every_word_occurs_about_equally_often():
    seen = [word for n in range(2000) for word in words_for(SEED, n.to_bytes(16))]
    counts = [seen.count(word) for word in word_list()]
    expected = len(seen) / len(word_list())
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    assert 1295 - 5 * 51 < statistic < 1295 + 5 * 51  # chi-squared, five standard deviations
    first = {words_for(SEED, n.to_bytes(16)) for n in range(2000)}
    assert len(first) == 2000


def test_words_stretch_with_the_stated_cost_salt_and_pepper():
    salt = hashlib.sha256(b"heard access code" + SITE_ID).digest()[:16]
    expected = Argon2id(
        salt=salt, length=16, iterations=3, lanes=1, memory_cost=65536, secret=PEPPER
    ).derive(b"acorn comet daisy eagle fern")
    assert secret_from_words(WORDS, SITE_ID, PEPPER) == expected
    assert secret_from_words(WORDS, SITE_ID, bytes(32)) != expected
    assert secret_from_words(WORDS, bytes(32), PEPPER) != expected
    assert secret_from_words(WORDS[::-1], SITE_ID, PEPPER) != expected


def test_no_more_than_two_are_stretched_at_once(monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def __init__(self, **_parameters):
            pass

        def derive(self, _words):
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return bytes(16)

    monkeypatch.setattr(codes, "Argon2id", Slow)
    threads = [
        threading.Thread(target=secret_from_words, args=(WORDS, SITE_ID, PEPPER)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_at_the_door_five_are_stretched_or_wait_and_others_are_told(monkeypatch):
    go_on, inside = threading.Event(), threading.Semaphore(0)

    def stretch(*_):
        inside.release()
        go_on.wait(10)
        return bytes(16)

    monkeypatch.setattr(codes, "secret_from_words", stretch)

    def put_in():
        return secret_from_typed_words(WORDS, SITE_ID, PEPPER)

    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(put_in) for _ in range(5)]
        for _ in range(5):
            inside.acquire()
        with pytest.raises(TooManyAtOnce):
            put_in()
        go_on.set()
        assert {done.result() for done in waiting} == {bytes(16)}
    assert put_in() == bytes(16)


def test_a_stretch_that_fails_leaves_its_place_at_the_door():
    for _ in range(6):
        with pytest.raises(TypeError):
            secret_from_typed_words(WORDS, None, PEPPER)
    assert secret_from_typed_words(WORDS, SITE_ID, PEPPER)


def test_link_is_26_letters_and_digits_and_differs_from_the_words():
    secret = secret_for_link(SEED, INVITATION)
    assert len(secret) == 16 and secret == secret_for_link(SEED, INVITATION)
    assert secret != secret_for_link(SEED, bytes(16))
    text = link_text(secret)
    assert len(text) == 26 and text.isalnum() and text.isascii()


@given(SECRETS)
def test_link_leads_back_however_it_is_written(secret):
    text = link_text(secret)
    for written in (text, text.upper(), f" {text[:13]}-{text[13:]} \n"):
        assert secret_from_link(written) == secret


@given(SECRETS, st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_link_with_another_character_leads_elsewhere_or_nowhere(secret, place, character):
    text = link_text(secret)
    other = text[:place] + character + text[place + 1 :]
    assert (secret_from_link(other) == secret) == (other == text)


@pytest.mark.parametrize(
    "text", ["", "a" * 25, "a" * 27, "1" * 26, "ä" * 26, "a" * 25 + "b", "=" * 26]
)
def test_what_is_no_link_is_refused(text):
    assert secret_from_link(text) is None


@pytest.mark.parametrize(
    "typed",
    [
        "acorn comet daisy eagle fern",
        "  Acorn COMET  daisy\teagle\nfern ",
        "acorn-comet-daisy-eagle-fern",
        "acorn, comet, daisy, eagle, fern.",
        "1. acorn 2. comet 3. daisy 4. eagle 5. fern",
        "aco com dai eag fer",
        "acorns commet daisies eagel ferns",
    ],
)
def test_words_are_read_kindly(typed):
    assert parse_words(typed) == WORDS


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "acorn comet daisy eagle",
        "acorn comet daisy eagle fern acorn",
        "acorn comet daisy eagle xxx",
        "acorn comet daisy eagle fe",
        "acorncometdaisyeaglefern",
        "äöü ßßß 你好 acorn fern",
    ],
)
def test_what_is_not_five_words_is_refused(typed):
    assert parse_words(typed) is None


@given(st.lists(st.sampled_from(word_list()), min_size=5, max_size=5))
def test_any_five_words_are_read_in_full_or_by_three_letters(words):
    assert parse_words(" ".join(words)) == tuple(words)
    assert parse_words(", ".join(word[:3].upper() for word in words)) == tuple(words)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_without_error(typed):
    words = parse_words(typed)
    assert words is None or len(words) == 5
    secret = secret_from_link(typed)
    assert secret is None or len(secret) == 16


def test_slot_and_key_come_from_the_secret_by_hkdf_expand():
    access = access_from_secret(b"s" * 16)
    # HKDF-Expand (RFC 5869) for one block: HMAC(key, info || 0x01)
    assert access.slot_id == block(b"s" * 16, b"slot id\x01")[:16]
    assert access.part_key == block(b"s" * 16, b"partial key\x01")


def block(key, message):
    return hmac.digest(key, message, "sha256")


def test_seed_is_32_bytes_and_never_shown():
    assert CredentialSeed.generate() != CredentialSeed.generate()
    assert repr(SEED) == "CredentialSeed()"
    with pytest.raises(ValueError, match="32 bytes"):
        CredentialSeed(bytes(31))


@given(SECRETS, SECRETS)
def test_a_place_and_a_code_never_lead_to_the_same_slot(one, other):
    place, code = place_access(one), access_from_secret(other)
    assert place.slot_id != code.slot_id and place.part_key != code.part_key


def test_place_access_is_expanded_under_its_own_labels():
    def expanded(label, length):
        return hmac.digest(b"s" * 16, label + b"\x01", "sha256")[:length]

    place = place_access(b"s" * 16)
    assert place.slot_id == expanded(b"heard place slot id", 16)
    assert place.part_key == expanded(b"heard place partial key", 32)
