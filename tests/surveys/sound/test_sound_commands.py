"""``flask sound ...`` as a council types it."""

import csv

import pytest

from surveys.sound import stand_ins
from surveys.sound.clips import clip_name, clips_in


@pytest.fixture
def sound(app, tmp_path):
    """Run a command on clips of the test's own; give its exit code and what it said."""

    def run(*arguments):
        command = ["sound", *arguments]
        if arguments:
            command += ["--audio", str(tmp_path / "audio")]
        done = app.test_cli_runner().invoke(args=command)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


def row_of(output, survey, version):
    (found,) = (
        line.split() for line in output.splitlines() if line.split()[:2] == [survey, version]
    )
    return found


@pytest.fixture
def quick_engine(espeak, monkeypatch):
    """The engine says its version, and every text at once."""
    monkeypatch.setattr(stand_ins, "say", lambda text, voice: (b"sound", 1.0))


def test_report_build_report(sound, quick_engine, tmp_path):
    code, said = sound("report", "--language", "en", "--survey", "care4me")
    language, texts, recorded, made, missing, untranslated = row_of(said, "care4me", "8-10")[2:]
    assert (code, language, recorded, made, missing, untranslated) == (
        0,
        "en",
        "0",
        "0",
        texts,
        "0",
    )
    assert int(texts) > 150
    assert not [line for line in said.splitlines() if line.startswith("aftercare")]

    stale = tmp_path / "audio" / "en" / "000000000000.mp3"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"x")
    (stale.parent / "recorded").mkdir()
    first = stale.parent / "recorded" / f"{clip_name('Do you do fun things?')}.mp3"
    first.write_bytes(b"a voice")
    code, said = sound("build", "--survey", "care4me")
    assert code == 0, said
    assert "stand-ins made" in said and "1 recorded by people" in said
    assert first.read_bytes() == b"a voice"

    code, said = sound("report", "--language", "en")
    assert row_of(said, "care4me", "8-10")[3:7] == [texts, "1", str(int(texts) - 1), "0"]
    assert int(row_of(said, "aftercare", "16+")[6]) > 0
    found = clips_in(tmp_path / "audio")["en"]
    assert found[clip_name("Do you do fun things?")].startswith("en/recorded/")
    assert len(found) > 350


def test_report_names_what_is_missing_and_what_is_stale(sound, tmp_path):
    stale = tmp_path / "audio" / "en" / "recorded" / "000000000000.mp3"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"x")
    code, said = sound("report", "--language", "en", "--survey", "care4me", "--list")
    assert code == 0
    assert f"missing {clip_name('Do you do fun things?')}  Do you do fun things?" in said
    assert "stale en/recorded/000000000000.mp3" in said
    assert "1 stale clips" in said


def test_stale_stand_ins_are_removed_on_request_alone(sound, quick_engine, tmp_path):
    place = tmp_path / "audio" / "en"
    assert sound("build", "--survey", "care4me")[0] == 0
    for stale in (place / "000000000000.mp3", place / "recorded" / "000000000000.mp3"):
        stale.parent.mkdir(exist_ok=True)
        stale.write_bytes(b"x")
    sound("build", "--survey", "care4me")
    assert (place / "000000000000.mp3").exists()
    code, said = sound("build", "--survey", "care4me", "--prune")
    assert (code, "1 stale stand-ins removed" in said) == (0, True)
    assert not (place / "000000000000.mp3").exists()
    assert (place / "recorded" / "000000000000.mp3").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--language", "xx"), "There is no catalogue for the language xx."),
        (("build", "--survey", "nothing"), "There is no survey called nothing."),
        (("script", "--language", "xx"), "There is no catalogue for the language xx."),
    ],
)
def test_a_slip_of_the_pen_is_told_in_one_line(sound, arguments, words):
    code, said = sound(*arguments)
    assert (code, said.strip()) == (1, f"Error: {words}")


def test_a_missing_engine_is_told_in_one_line(sound, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, said = sound("build")
    assert code == 1
    assert said.strip().splitlines()[-1] == (
        "Error: espeak-ng is missing. Run: sudo apt-get install espeak-ng"
    )


def test_a_language_nobody_here_speaks_is_reported_not_faked(sound, monkeypatch, tmp_path):
    monkeypatch.delitem(stand_ins.VOICES, "cy")
    code, said = sound("build", "--language", "cy")
    assert (code, said.strip()) == (
        0,
        "cy: no engine here speaks it. It needs recordings by people.",
    )
    assert not (tmp_path / "audio").exists()
    assert "cy: no engine here speaks it" in sound("report", "--language", "cy")[1]


def test_from_the_script_to_the_page(sound, tone, tmp_path):
    script, folder = tmp_path / "script.csv", tmp_path / "recorded"
    code, said = sound("script", "--language", "en", "--survey", "care4me", "--output", str(script))
    assert (code, f"in {script}." in said) == (0, True)
    with script.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["text"] == "Do you do fun things?")
    assert row["recorded"] == "no" and "care4me 8-10: question fun_things" in row["where"]
    assert len({row["file name"] for row in rows}) == len(rows)
    folder.mkdir()
    (folder / row["file name"]).write_bytes(tone(1.0, "WAV"))
    (folder / "notes.txt").write_text("thank you")
    code, said = sound("import", str(folder), "--language", "en")
    assert code == 1, "a file was not taken"
    assert f"{row['file name']}: taken, 1.0 seconds: Do you do fun things?" in said
    assert "notes.txt: not a kind of audio we read" in said
    assert "1 taken, 1 not." in said
    (folder / "notes.txt").unlink()
    assert sound("import", str(folder), "--language", "en", "--replace")[0] == 0
    name = row["file name"].removesuffix(".wav")
    assert clips_in(tmp_path / "audio") == {"en": {name: f"en/recorded/{name}.mp3"}}
    code, said = sound("script", "--language", "en", "--survey", "care4me")
    assert [line for line in said.splitlines() if line.startswith(name) and line.endswith(",yes")]


def test_the_site_lists_its_clips_once_when_it_starts(app, monkeypatch):
    from pathlib import Path

    clips = app.extensions["heard"].clips
    assert isinstance(clips, dict)
    monkeypatch.setattr(Path, "glob", lambda *_: pytest.fail("a page looked into a folder"))
    monkeypatch.setattr(Path, "iterdir", lambda *_: pytest.fail("a page looked into a folder"))
    assert app.test_client().get("/help").status_code == 200
