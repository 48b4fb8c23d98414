"""The name of a clip is a pure function of the text, and a recording goes before a stand-in."""

import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sound.clips import as_spoken, clip_name, clips_in, own_name, tidy


# Printed by: printf '%s' TEXT | sha256sum
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Do you feel safe?", "f8742ab67e0d"),
        ("  Do you\n feel\u00a0 safe? ", "f8742ab67e0d"),
        ("café", "850f7dc43910"),
        ("cafe\u0301", "850f7dc43910"),
        ("0", "5feceb66ffc8"),
        ("هل تشعر بالأمان؟", "d5fd187473a5"),
    ],
)
def test_known_names(text, name):
    assert clip_name(text) == name


@given(st.text())
def test_a_name_is_the_beginning_of_the_hash_of_the_tidied_text(text):
    name = clip_name(text)
    assert name == sha256(tidy(text).encode("utf-8")).hexdigest()[:12]
    assert clip_name(f" {unicodedata.normalize('NFD', text)} \n") == name
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("999", "9 9 9"),
        ("116 123", "1 1 6 1 2 3"),
        ("0800 1111", "0 8 0 0 1 1 1 1"),
        ("Text SHOUT to 85258", "Text SHOUT to 8 5 2 5 8"),
        ("They take about 10 minutes.", "They take about 10 minutes."),
        ("In 2026", "In 2026"),
        ("10", "10"),
        ("Monday to Friday, 9 to 5", "Monday to Friday, 9 to 5"),
    ],
)
def test_telephone_numbers_are_said_digit_by_digit(text, spoken):
    assert as_spoken(text) == spoken


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_a_recording_goes_before_the_stand_in_of_its_name(tmp_path):
    touch(tmp_path, "en/aaa.mp3", "en/bbb.mp3", "en/recorded/bbb.mp3", "cy/recorded/ccc.mp3")
    touch(tmp_path, "en/stand-ins.json", "en/half.half", "readme.txt")
    assert clips_in(tmp_path) == {
        "cy": {"ccc": "cy/recorded/ccc.mp3"},
        "en": {"aaa": "en/aaa.mp3", "bbb": "en/recorded/bbb.mp3"},
    }


def test_a_folder_that_is_not_there_has_no_clips(tmp_path):
    assert clips_in(tmp_path / "audio") == {}


def test_the_name_of_a_recording_that_a_questionnaire_brings():
    assert own_name("our-song.mp3") == own_name("our-song") == "our-song"
