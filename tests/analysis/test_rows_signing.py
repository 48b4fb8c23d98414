"""Signatures hold for what was signed and for nothing else; releases are numbered and whole."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from analysis import release_files
from analysis.release_files import (
    ReleaseExists,
    next_number,
    release_path,
    signature_path,
    write_release,
)
from analysis.signing import (
    DOMAIN,
    SignatureDoesNotHold,
    public_key,
    sign_summary,
    signing_key,
    verify_summary,
)
from analysis.targets import release_key

PRIVATE = signing_key(b"s" * 32)
PUBLIC = public_key(PRIVATE)


def test_what_was_signed_verifies():
    assert verify_summary(b"{}", sign_summary(b"{}", PRIVATE), PUBLIC) == b"{}"


@pytest.mark.parametrize(
    ("data", "signature", "public"),
    [
        (b"{ }", sign_summary(b"{}", PRIVATE), PUBLIC),
        (b"{}", sign_summary(b"{}", PRIVATE)[:-1] + b"\0", PUBLIC),
        (b"{}", b"", PUBLIC),
        (b"{}", sign_summary(b"{}", PRIVATE), public_key(signing_key(b"t" * 32))),
        (b"{}", sign_summary(b"{}", PRIVATE), b"short"),
        (b"{}", Ed25519PrivateKey.from_private_bytes(PRIVATE).sign(b"{}"), PUBLIC),
    ],
    ids=["changed", "other signature", "none", "other publisher", "no key", "not for summaries"],
)
def test_anything_else_does_not(data, signature, public):
    with pytest.raises(SignatureDoesNotHold):
        verify_summary(data, signature, public)


def test_signature_says_what_it_is_for():
    signature = sign_summary(b"{}", PRIVATE)
    Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().verify(signature, DOMAIN + b"{}")


def test_secret_makes_unrelated_keys_for_signing_and_for_each_wave():
    keys = {PRIVATE, release_key(b"s" * 32, b"1" * 16), release_key(b"s" * 32, b"2" * 16)}
    assert len(keys) == 3


def test_release_is_two_files(tmp_path):
    path = release_path(tmp_path, "care4me", 1, 1)
    write_release(path, b"{}", b"signature")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "care4me-1-1.json",
        "care4me-1-1.sig",
    ]
    assert (path.read_bytes(), signature_path(path).read_bytes()) == (b"{}", b"signature")


def test_numbers_increase_and_mind_other_waves(tmp_path):
    assert next_number(tmp_path, "care4me", 1) == 1
    for name in (
        "care4me-1-9.json",
        "care4me-1-10.sig",
        "care4me-11-40.json",
        "aftercare-1-80.json",
    ):
        (tmp_path / name).touch()
    assert next_number(tmp_path, "care4me", 1) == 11


@pytest.mark.parametrize("there", ["care4me-1-1.json", "care4me-1-1.sig"])
def test_release_is_never_replaced(tmp_path, there):
    (tmp_path / there).write_bytes(b"old")
    with pytest.raises(ReleaseExists):
        write_release(release_path(tmp_path, "care4me", 1, 1), b"{}", b"signature")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(there, b"old")]


def test_nothing_is_left_of_a_release_that_could_not_be_written(tmp_path, monkeypatch):
    put = release_files._put

    def put_or_fail(copy, path):
        if path.suffix == ".json":
            raise OSError("disk full")
        put(copy, path)

    monkeypatch.setattr(release_files, "_put", put_or_fail)
    with pytest.raises(OSError, match="disk full"):
        write_release(release_path(tmp_path, "care4me", 1, 1), b"{}", b"signature")
    assert list(tmp_path.iterdir()) == []
