"""Only what the publisher signed is read, and only the newest of a wave."""

import pytest

from analysis.releases import Refused, Release, newest_release, newest_releases
from analysis.signing import public_key
from tests.analysis.results_site import PRIVATE, sign_into
from tests.analysis.sample_summary import sample_summary


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "publisher.pub").write_text(public_key(PRIVATE).hex() + "\n", "ascii")
    return tmp_path


def test_the_newest_release_of_each_wave_is_read(folder):
    for wave, release in ((1, 1), (1, 2), (1, 10), (2, 1)):
        sign_into(folder, sample_summary(wave=wave, release=release))
    found = newest_releases(folder)
    assert [(r.summary.wave, r.summary.release) for r in found] == [(2, 1), (1, 10)]


def test_a_verified_release_carries_the_bytes_and_their_fingerprint(folder):
    path = sign_into(folder, sample_summary())
    found = newest_release(folder, "care4me", 1)
    assert found.document == path.read_bytes()
    assert found.summary == sample_summary()
    assert len(bytes.fromhex(found.fingerprint)) == 32


def spoil_byte(path):
    path.write_bytes(path.read_bytes().replace(b'"release":1', b'"release":1 ', 1))


def change_number(path):
    path.write_bytes(path.read_bytes().replace(b'"count":140', b'"count":145', 1))


def drop_signature(path):
    path.with_suffix(".sig").unlink()


def cut_signature(path):
    path.with_suffix(".sig").write_bytes(path.with_suffix(".sig").read_bytes()[:-1])


def sign_by_another(path):
    sign_into(path.parent, sample_summary(), private=bytes(32))


def drop_publisher(path):
    (path.parent / "publisher.pub").unlink()


def spoil_publisher(path):
    (path.parent / "publisher.pub").write_text("not hexadecimal", "ascii")


@pytest.mark.parametrize(
    "damage",
    [
        spoil_byte,
        change_number,
        drop_signature,
        cut_signature,
        sign_by_another,
        drop_publisher,
        spoil_publisher,
    ],
)
def test_whatever_is_not_as_it_was_signed_is_refused(folder, damage):
    path = sign_into(folder, sample_summary())
    assert isinstance(newest_release(folder, "care4me", 1), Release)
    damage(path)
    assert newest_release(folder, "care4me", 1) == Refused("care4me", 1, 1)


def test_a_signed_release_under_another_name_is_refused(folder):
    path = sign_into(folder, sample_summary())
    for ending in (".json", ".sig"):
        path.with_suffix(ending).rename(folder / f"care4me-1-2{ending}")
    assert newest_release(folder, "care4me", 1) == Refused("care4me", 1, 2)


def test_an_older_release_does_not_stand_in_for_a_refused_one(folder):
    sign_into(folder, sample_summary(release=1))
    sign_into(folder, sample_summary(release=2), private=bytes(32))
    assert newest_releases(folder) == (Refused("care4me", 1, 2),)


def test_what_is_not_named_like_a_release_is_left_alone(folder):
    for name in ("notes.json", "care4me-1.json", "care4me-0-1.json", "../x-1-1.json"[3:] + ".bak"):
        (folder / name).write_text("{}")
    assert newest_releases(folder) == ()
    assert newest_release(folder, "care4me", 1) is None


def test_an_unpublished_site_has_no_releases(tmp_path):
    assert newest_releases(tmp_path / "nothing") == ()
