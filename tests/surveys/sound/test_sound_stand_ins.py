"""Stand-ins: the real engine speaks, what it says can be played, and a recording is left alone."""

import json

import pytest

from surveys.sound import encoding, report, stand_ins
from surveys.sound.encoding import SoundToolMissing, decoded
from surveys.sound.spoken import Reading, Spoken

SAFE, YES = Spoken("Do you feel safe where you live?", "question"), Spoken("Yes", "answer")
OLD = Spoken("A text of last year", "question")


def nothing():
    """No bar to move."""


def build(folder, *texts, language="en"):
    return stand_ins.build(folder, language, texts, nothing)


def names(folder, language="en"):
    return sorted(file.name for file in (folder / language).iterdir())


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Yes"), ("en", "999"), ("cy", "Ydw"), ("ar", "نعم"), ("uk", "Так"), ("am", "አዎ")],
)
def test_the_engine_speaks_and_what_it_says_can_be_played(espeak, tone, language, text):
    sound, seconds = stand_ins.say(text, stand_ins.VOICES[language])
    audio = decoded(sound)
    assert 0.3 < audio.seconds < 5
    assert audio.seconds == pytest.approx(seconds, abs=0.2)
    assert audio.loudest > 0.05
    assert audio.rate == 22050
    assert len(sound) < 8000 * seconds + 2000, "a clip is small"


def test_telephone_numbers_take_longer_digit_by_digit(espeak, tone):
    number, _ = stand_ins.say("0800 1111", "en-gb")
    digits, _ = stand_ins.say("0 8 0 0 1 1 1 1", "en-gb")
    assert decoded(number).seconds == decoded(digits).seconds


def test_every_voice_is_one_that_the_engine_has(espeak, tone):
    for language, voice in stand_ins.VOICES.items():
        assert stand_ins.say("1", voice)[1] > 0.1, language
    assert not set(stand_ins.VOICES) & {"ti", "ps", "fa_AF", "ckb", "so"}


def test_stand_ins_are_made_once_and_labelled(espeak, tone, tmp_path):
    built = build(tmp_path, SAFE, YES)
    assert (built.made, built.kept, built.recorded) == (2, 0, 0)
    assert built.octets == sum(file.stat().st_size for file in (tmp_path / "en").glob("*.mp3"))
    assert names(tmp_path) == sorted([f"{SAFE.name}.mp3", f"{YES.name}.mp3", "stand-ins.json"])
    label = json.loads((tmp_path / "en" / "stand-ins.json").read_text("utf-8"))
    assert label["what"].startswith("Stand-ins made by a machine")
    assert label["engine"] == "espeak-ng"
    assert label["voice"] == "en-gb"
    assert label["version"][0].isdigit()
    again = build(tmp_path, SAFE, YES)
    assert (again.made, again.kept) == (0, 2)


def test_stand_ins_of_another_engine_are_made_anew_and_the_rest_goes(espeak, tone, tmp_path):
    build(tmp_path, SAFE, OLD)
    path = tmp_path / "en" / "stand-ins.json"
    label = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(label | {"version": "0.1"}), "utf-8")
    built = build(tmp_path, SAFE, YES)
    assert (built.made, built.kept) == (2, 0)
    assert f"{OLD.name}.mp3" not in names(tmp_path)
    assert json.loads(path.read_text("utf-8")) == label


def test_a_recording_is_neither_made_again_nor_touched(espeak, tone, tmp_path):
    recorded = tmp_path / "en" / "recorded" / f"{YES.name}.mp3"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(b"a voice")
    built = build(tmp_path, SAFE, YES)
    assert (built.made, built.recorded) == (1, 1)
    assert recorded.read_bytes() == b"a voice"
    assert stand_ins.prune(tmp_path, "en", set()) == 1
    assert recorded.read_bytes() == b"a voice"


def test_a_language_without_a_voice_is_never_faked(espeak, tmp_path):
    with pytest.raises(KeyError):
        build(tmp_path, SAFE, language="fa_AF")
    assert list(tmp_path.iterdir()) == []


def test_without_the_engine_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SoundToolMissing, match=r"^espeak-ng is missing\. Run: sudo apt-get"):
        build(tmp_path, SAFE)


def test_without_the_package_one_line_says_what_to_install(espeak, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(SoundToolMissing, match=r"^soundfile is missing\. Run: pip install"):
        build(tmp_path, SAFE)


def test_an_engine_that_fails_says_so(espeak):
    with pytest.raises(stand_ins.EngineFailed, match="voice does not exist"):
        stand_ins.say("Yes", "zz")


@pytest.mark.parametrize(
    "data", [b"", b"not audio", b"RIFF\x00\x00\x00\x00WAVE", b"ID3" + bytes(99)]
)
def test_what_is_no_audio_is_refused(tone, data):
    with pytest.raises(encoding.NotAudio):
        decoded(data)


def test_a_rate_that_mp3_does_not_have_is_refused(tone):
    with pytest.raises(encoding.NotAudio, match="11000 samples"):
        encoding.encoded(decoded(tone(kind="WAV", rate=11000)))


def touch(folder, *addresses):
    for address in addresses:
        (folder / address).parent.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(b"x")


def test_missing_and_stale_clips_are_found(tmp_path):
    own = Spoken("Which song?", "question", own="our-song.mp3")
    touch(tmp_path, f"en/{SAFE.name}.mp3", f"en/{OLD.name}.mp3", "en/recorded/our-song.mp3",
          f"en/recorded/{OLD.name}.mp3", "en/stand-ins.json")  # fmt: skip
    reading = Reading("care4me", "8-10", "en", (SAFE, YES, own), untranslated=2)
    (row,) = report.rows([reading], tmp_path)
    assert (row.texts, row.recorded, row.stand_ins, row.missing) == (3, 1, 1, (YES,))
    assert (row.survey, row.audience, row.language, row.untranslated) == (
        "care4me",
        "8-10",
        "en",
        2,
    )
    known = {SAFE.name, YES.name, own.name, "our-song"}
    assert report.stale(tmp_path, "en", known) == [
        f"en/{OLD.name}.mp3", f"en/recorded/{OLD.name}.mp3",
    ]  # fmt: skip
    assert report.stale(tmp_path, "cy", known) == []


def test_a_changed_text_makes_its_old_clip_stale_and_itself_missing(tmp_path):
    before, after = Spoken("Do you feel safe?", "q"), Spoken("Do you feel safe here?", "q")
    touch(tmp_path, f"en/{before.name}.mp3")
    (row,) = report.rows([Reading("s", "a", "en", (after,))], tmp_path)
    assert row.missing == (after,)
    assert report.stale(tmp_path, "en", {after.name}) == [f"en/{before.name}.mp3"]
