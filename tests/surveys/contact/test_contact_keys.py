"""Making and replacing the two keys: wherever it is interrupted, every message can still be opened."""

import os
from datetime import date

import pytest
from contact_keys import KEYS

from surveys import whole_files
from surveys.contact import key_making, keys
from surveys.contact.commands import contact
from surveys.contact.key_making import make_keys
from surveys.contact.keys import keys_path, load_keys, write_keys
from surveys.vault.key_files import Stretching, read_key_file

QUICK = Stretching(8 * 1024, 1, 1)
TODAY = date(2026, 11, 20)


class Killed(BaseException):
    """As a power cut: nothing of ours catches it."""


class Place:
    """A site's public keys and what two people have in hand: files, and words that they saw."""

    def __init__(self, folder):
        self.public = folder / "public"
        self.folders = folder / "lead", folder / "deputy"
        self.seen = []

    def make(self, **options):
        return make_keys(
            self.folders, self.public, stretching=QUICK, hand_over=self.seen.extend, **options
        )

    def both_can_open(self):
        """Whether those to whom messages are sealed now have the file, and have seen its words."""
        sealed_to = load_keys(self.public)
        in_hand = {file.key_id: read_key_file(file.path, file.passphrase) for file in self.seen}
        return sealed_to.ids <= in_hand.keys()

    def former(self):
        return sorted(path.name for path in self.public.glob("safeguarding-until-*.json"))


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    made.make()
    assert made.both_can_open()
    return made


def die(*_given, **_options):
    raise Killed


STEPS = [
    (key_making, "write_key_file"),
    (key_making, "settle"),
    (key_making, "_publish"),
    (key_making, "_put_aside"),
    (key_making, "write_keys"),
    (keys, "write_anew"),
    (whole_files, "settle"),
    (os, "replace"),
]


@pytest.mark.parametrize(("room", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("late", [False, True], ids=["before it", "after it"])
def test_a_crash_at_any_step_leaves_keys_that_both_can_open_and_the_next_run_mends(
    place, monkeypatch, room, step, late
):
    before, real = load_keys(place.public), getattr(room, step)

    def dies_after(*given, **options):
        real(*given, **options)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(room, step, dies_after if late else die)
        with pytest.raises(Killed):
            place.make(replaced_on=TODAY)
    assert load_keys(place.public) is not None, "there are keys at every moment"
    assert place.both_can_open()
    place.make(replaced_on=TODAY)
    assert place.both_can_open() and load_keys(place.public).ids.isdisjoint(before.ids)
    kept = [keys._read(place.public / name, 0, 0).ids for name in place.former()]
    assert before.ids in kept, "which keys were sealed to before is still known"
    assert len(kept) == len(set(kept)), "each of them once"


def test_interrupted_while_words_are_shown_nothing_has_changed(place):
    before = keys_path(place.public).read_bytes()
    with pytest.raises(Killed):
        make_keys(place.folders, place.public, replaced_on=TODAY, stretching=QUICK, hand_over=die)
    assert keys_path(place.public).read_bytes() == before and place.former() == []


def test_first_keys_appear_when_both_have_their_words(tmp_path):
    place = Place(tmp_path)
    with pytest.raises(Killed):
        make_keys(place.folders, place.public, stretching=QUICK, hand_over=die)
    assert load_keys(place.public) is None, "nobody can send what nobody could read"
    place.make()
    assert place.both_can_open()


def test_several_changes_in_a_day_keep_every_former_key(place):
    ids = []
    for _ in range(6):
        ids.append(load_keys(place.public).ids)
        place.make(replaced_on=TODAY)
    names = place.former()
    assert names[0] == "safeguarding-until-2026-11-20-2.json" and len(names) == 6
    assert {keys._read(place.public / name, 0, 0).ids for name in names} == set(ids)


def test_what_is_there_is_replaced_only_when_asked(tmp_path):
    write_keys(tmp_path, KEYS)
    other = Place(tmp_path / "other")
    other.make()
    fresh = load_keys(other.public)
    with pytest.raises(FileExistsError):
        write_keys(tmp_path, fresh)
    assert load_keys(tmp_path) == KEYS
    write_keys(tmp_path, fresh, replace=True)
    assert load_keys(tmp_path) == fresh
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_command_that_is_broken_off_at_the_words_keeps_the_old_keys(app, tmp_path, monkeypatch):
    from surveys.contact import commands

    site, command = app.extensions["heard"], app.test_cli_runner()
    write_keys(site.public_keys, KEYS)
    words = ["keys", "--lead-folder", str(tmp_path / "a"), "--deputy-folder", str(tmp_path / "b")]
    with monkeypatch.context() as patched:
        patched.setattr(
            commands.click, "pause", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        broken = command.invoke(contact, [*words, "--replace"], obj=site)
    assert broken.exit_code != 0 and "passphrase" in broken.output
    assert load_keys(site.public_keys) == KEYS
