"""A reading script for those who record, and what becomes of each file that they hand in."""

import csv
import io

import pytest

from surveys.sound import recordings
from surveys.sound.encoding import decoded
from surveys.sound.recordings import take, write_script
from surveys.sound.spoken import Spoken

SAFE, YES, SUM = (
    Spoken("Do you feel safe?", "care4me 8-10: question safe"),
    Spoken("Yes", "a"),
    Spoken("=1", "b"),
)
TEXTS = {one.name: one.text for one in (SAFE, YES)}


def test_the_script_says_how_to_name_each_file():
    out = io.StringIO()
    write_script([SAFE, YES, SUM], {YES.name}, out)
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["file name", "text", "where", "recorded"],
        [f"{SAFE.name}.wav", "Do you feel safe?", "care4me 8-10: question safe", "no"],
        [f"{YES.name}.wav", "Yes", "a", "yes"],
        [f"{SUM.name}.wav", "'=1", "b", "no"],
    ]


@pytest.fixture
def hand_in(tmp_path):
    """Hand in one file; give what became of it, and the recordings afterwards."""

    def with_file(name, data, *, replace=False):
        source = tmp_path / "in"
        source.mkdir(exist_ok=True)
        for old in source.iterdir():
            old.unlink()
        (source / name).write_bytes(data)
        (taken,) = take(source, tmp_path / "audio", "en", TEXTS, replace=replace)
        kept = sorted((tmp_path / "audio").glob("**/*.mp3"))
        return taken, kept

    return with_file


@pytest.mark.parametrize(
    ("kind", "ending", "rate", "channels"),
    [("WAV", "wav", 44100, 2), ("WAV", "WAV", 48000, 1), ("MP3", "mp3", 24000, 1),
     ("FLAC", "flac", 44100, 1), ("OGG", "ogg", 48000, 2)],
)  # fmt: skip
def test_a_recording_becomes_a_small_mp3_of_one_channel(
    hand_in, tone, kind, ending, rate, channels
):
    sound = tone(1.0, kind, rate=rate, channels=channels)
    taken, (kept,) = hand_in(f"{SAFE.name}.{ending}", sound)
    assert (taken.fault, taken.text) == ("", "Do you feel safe?")
    assert taken.seconds == pytest.approx(1.0, abs=0.1)
    assert kept.parts[-3:] == ("en", "recorded", f"{SAFE.name}.mp3")
    audio = decoded(kept.read_bytes())
    assert audio.seconds == pytest.approx(1.0, abs=0.1)
    assert audio.samples.ndim == 1 and audio.loudest > 0.2


def test_nothing_but_the_voice_is_kept(hand_in, tone):
    """A telephone writes into a file who recorded it, when and where."""
    tag = b"ID3\x03\x00\x00\x00\x00\x00\x1fTPE1\x00\x00\x00\x15\x00\x00\x00Amy of Exampleshire"
    sound = tag + b"\x00" * (10 + 31 - len(tag)) + tone(1.0)
    taken, (kept,) = hand_in(f"{YES.name}.mp3", sound)
    assert taken.fault == ""
    assert b"Amy" in sound and b"Amy" not in kept.read_bytes()


@pytest.mark.parametrize(
    ("name", "seconds", "loud", "fault"),
    [
        (f"{YES.name}.wav", 0.1, 0.3, "lasts 0.1 seconds"),
        (f"{YES.name}.wav", 61, 0.3, "lasts 61.0 seconds"),
        (f"{YES.name}.wav", 1, 0.001, "nothing can be heard in it"),
        ("000000000000.wav", 1, 0.3, "its name belongs to no text of this language"),
        ("Yes.wav", 1, 0.3, "its name belongs to no text of this language"),
        (f"{YES.name}.m4a", 1, 0.3, "not a kind of audio we read: .aif, .aiff, .flac"),
    ],
)
def test_what_cannot_be_taken_says_why(hand_in, tone, name, seconds, loud, fault):
    taken, kept = hand_in(name, tone(seconds, "WAV", loud))
    assert taken.file == name
    assert taken.fault.startswith(fault)
    assert kept == []


@pytest.mark.parametrize(
    ("kind", "seconds", "more", "fault"),
    [
        ("FLAC", 1800, {}, "lasts 1800.0 seconds"),
        ("WAV", 0.1, {}, "lasts 0.1 seconds"),
        ("FLAC", 1, {"channels": 8}, "8 channels"),
        ("WAV", 1, {"rate": 11025}, "11025 samples a second"),
    ],
)
def test_what_a_file_says_of_itself_is_looked_at_before_it_is_decoded(
    hand_in, tone, monkeypatch, kind, seconds, more, fault
):
    sound = tone(seconds, kind, 0 if seconds > 60 else 0.3, **more)
    monkeypatch.setattr(recordings, "decoded", lambda _: pytest.fail("it was decoded"))
    taken, kept = hand_in(f"{YES.name}.{kind.lower()}", sound)
    assert taken.fault.startswith(fault)
    assert kept == []


def test_a_file_that_is_too_large_is_not_even_read(hand_in, tone, monkeypatch):
    monkeypatch.setattr(recordings, "_LARGEST", 1000)
    monkeypatch.setattr(recordings, "seconds_in", lambda _: pytest.fail("it was read"))
    taken, kept = hand_in(f"{YES.name}.wav", tone(1.0, "WAV"))
    assert (taken.fault, kept) == ("larger than 30 MB", [])


def test_a_broken_file_says_so(hand_in, tone):
    taken, kept = hand_in(f"{YES.name}.wav", b"RIFF, they said")
    assert taken.fault.startswith("it cannot be decoded")
    assert kept == []


def test_a_recording_is_replaced_only_on_request(hand_in, tone):
    hand_in(f"{YES.name}.wav", tone(1.0, "WAV"))
    taken, (kept,) = hand_in(f"{YES.name}.wav", tone(2.0, "WAV"))
    assert taken.fault.startswith("recorded already")
    assert decoded(kept.read_bytes()).seconds < 1.5
    taken, (kept,) = hand_in(f"{YES.name}.wav", tone(2.0, "WAV"), replace=True)
    assert taken.fault == ""
    assert decoded(kept.read_bytes()).seconds > 1.5
