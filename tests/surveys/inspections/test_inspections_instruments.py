"""Questionnaires under the hands of those who answer: kept, compared, corrected, or refused."""

import json
import secrets
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import ROOT, workshop
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_surveys, load_with_places
from questionnaires.responses import Chosen
from surveys.commands import command_in
from surveys.database import metadata, open_engine
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.instruments import (
    CannotCorrect,
    ChangedWhileOpen,
    corrections_of,
    folder_of,
    keep_copy,
    kept_copy,
    record_corrections,
    record_of,
    refuse_changes_while_open,
    standing_of,
)
from surveys.inspections.preparing import prepare_survey
from surveys.inspections.record import open_inspection
from surveys.preview.commands import correct
from surveys.site import Site
from surveys.vault.waves import WaveStatus, set_status

NAME = "moving"
FRAMEWORKS = load_frameworks(ROOT / "config" / "frameworks")
VERSION = """\
questionnaire: moving-adult
audience: adult
audience_label: Everybody
title: Moving
look: desk
reading: adult
minutes: 1
welcome: [These are a few questions.]
sections:
  - id: only
    title: Questions
    pages:
      - question: moved
        type: choice
        text: Have you moved recnetly, or do you plan to?
        short: Moved
        options:
          - {code: "yes", label: "Yes"}
          - {code: "no", label: "No"}
      - question: settled
        type: text
        text: What would help you to setle there?
        short: Help to settle
        max_length: 100
"""
SURVEY = f"survey: {NAME}\ntitle: Moving\nrespondents: people\nversions: [adult]\n"


class Moving:
    """A survey on the disk, and a site in which a wave of it is open."""

    def __init__(self, root: Path, engine, home: Path) -> None:
        self.root, self.file = root, root / NAME / "adult.yaml"
        self.file.parent.mkdir(parents=True)
        (self.file.parent / "survey.yaml").write_text(SURVEY)
        self.write(VERSION)
        key = secrets.token_bytes(32)
        self._site = Site(
            authority="A", engine=engine, surveys={}, frameworks=FRAMEWORKS, support_lines=(),
            storage_key=key, pepper=key, site_id=key, public_keys=home / "public_keys",
            summaries=home / "summaries", now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
        )  # fmt: skip
        inspection = open_inspection(
            self.site.engine, authority="A", framework="2009", day_1=date(2026, 11, 16), title="T"
        )
        self.wave = prepare_survey(self.site, inspection, NAME)
        set_status(self.site.engine, self.wave.id, WaveStatus.OPEN)

    @property
    def site(self):
        """As a process that starts now would have it."""
        self._site = replace(self._site, surveys=load_surveys(self.root))
        return self._site

    @property
    def loaded(self):
        return load_with_places(self.root / NAME)

    def write(self, text):
        self.file.write_text(text, encoding="utf-8")

    def change(self, old, new):
        text = self.file.read_text()
        assert old in text
        self.write(text.replace(old, new))

    def start(self):
        refuse_changes_while_open(self.site, self.root)

    def record(self):
        return record_corrections(self.site, self.loaded, "Sam", date(2026, 11, 20))


@pytest.fixture
def moving(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/site.sqlite3")
    metadata.create_all(engine)
    yield Moving(tmp_path / "questionnaires", engine, tmp_path / "home")
    engine.dispose()


def test_preparing_keeps_a_copy_that_proves_itself(moving):
    (file,) = folder_of(moving.site).iterdir()
    assert file.name == f"{moving.wave.instrument_hash.hex()}.json"
    copy = kept_copy(folder_of(moving.site), moving.wave.instrument_hash)
    assert instrument_hash(copy) == moving.wave.instrument_hash
    keep_copy(folder_of(moving.site), copy)
    assert [file] == list(folder_of(moving.site).iterdir())


def test_a_damaged_copy_is_no_copy(moving):
    (file,) = folder_of(moving.site).iterdir()
    file.write_text(file.read_text().replace("Moving", "Staying", 1))
    assert kept_copy(folder_of(moving.site), moving.wave.instrument_hash) is None


def test_questionnaires_as_they_were_start(moving):
    moving.start()
    moving.change("short: Moved", "short: Moved  # a comment")
    moving.start()


def test_a_copy_is_kept_at_the_start_for_waves_of_an_earlier_release(moving):
    shutil.rmtree(folder_of(moving.site))
    moving.start()
    assert kept_copy(folder_of(moving.site), moving.wave.instrument_hash)


def test_an_unrecorded_slip_stops_the_start_and_says_how_to_record_it(moving):
    moving.change("recnetly", "recently")
    with pytest.raises(ChangedWhileOpen) as stopped:
        moving.start()
    said = str(stopped.value)
    assert said.startswith(f"{moving.file}:15: question moved: text: ")
    assert "questionnaires correct moving --by NAME" in said


def test_a_recorded_slip_starts_and_stands_in_the_record(moving):
    before = moving.wave.instrument_hash.hex()
    moving.change("recnetly", "recently")
    (made,) = moving.record()
    moving.start()
    after = instrument_hash(moving.site.surveys[NAME]).hex()
    line = json.loads(record_of(moving.site).read_text())
    assert line == {
        "wave": moving.wave.id.hex(), "survey": NAME, "version": 1, "on": "2026-11-20",
        "by": "Sam", "audience": "adult", "question": "moved", "field": "text",
        "before": "Have you moved recnetly, or do you plan to?",
        "after": "Have you moved recently, or do you plan to?",
        "hash_before": before, "hash_after": after,
    }  # fmt: skip
    assert corrections_of(moving.site, moving.wave) == (made,)
    assert kept_copy(folder_of(moving.site), bytes.fromhex(after)) == moving.site.surveys[NAME]
    standing = standing_of(moving.site.summaries.parent, moving.wave, moving.site.surveys[NAME])
    assert standing.is_fine and standing.recorded


def test_a_second_correction_records_only_what_is_new(moving):
    moving.change("recnetly", "recently")
    (first,) = moving.record()
    moving.change("setle", "settle")
    with pytest.raises(ChangedWhileOpen):
        moving.start()
    (second,) = moving.record()
    moving.start()
    assert (second.version, second.question) == (2, "settled")
    assert second.hash_before == first.hash_after


def test_the_old_words_may_come_back(moving):
    moving.change("recnetly", "recently")
    moving.record()
    moving.write(VERSION)
    moving.start()


def test_small_steps_do_not_add_up_to_another_meaning(moving):
    moving.change("recnetly", "recnetlyx")
    moving.record()
    moving.change("recnetlyx", "recnetlyxyz")
    moving.record()
    moving.change("recnetlyxyz", "recnetlyxyzuv")
    with pytest.raises(CannotCorrect, match="letters differ"):
        moving.record()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Have you moved", "Had you moved"),
        ('{code: "no", label: "No"}', '{code: "nope", label: "No"}'),
        ("max_length: 100", "max_length: 200"),
    ],
)
def test_a_change_of_meaning_is_refused_and_nothing_is_recorded(moving, old, new):
    moving.change(old, new)
    with pytest.raises(CannotCorrect, match="prepare a new"):
        moving.record()
    with pytest.raises(ChangedWhileOpen, match="prepare a new"):
        moving.start()
    assert not record_of(moving.site).exists()


def test_a_record_for_one_state_does_not_cover_another(moving):
    moving.change("recnetly", "recently")
    moving.record()
    moving.change("Have you moved", "Had you moved")
    with pytest.raises(ChangedWhileOpen):
        moving.start()


def test_a_forged_line_does_not_cover_a_change_of_meaning(moving):
    moving.change("recnetly", "recently")
    moving.record()
    moving.change("Have you moved", "Had you moved")
    text = record_of(moving.site).read_text()
    known = json.loads(text)["hash_after"]
    now = instrument_hash(moving.site.surveys[NAME]).hex()
    record_of(moving.site).write_text(text.replace(known, now))
    with pytest.raises(ChangedWhileOpen):
        moving.start()


def test_nothing_to_record_is_said(moving):
    with pytest.raises(CannotCorrect, match="nothing to record"):
        moving.record()


@pytest.mark.parametrize("status", [WaveStatus.CLOSED])
def test_a_wave_that_is_not_open_minds_nothing(moving, status):
    set_status(moving.site.engine, moving.wave.id, status)
    moving.change("Have you moved", "Had you moved")
    moving.start()


def test_without_a_copy_nobody_can_tell_what_changed(moving):
    shutil.rmtree(folder_of(moving.site))
    moving.change("recnetly", "recently")
    with pytest.raises(ChangedWhileOpen, match="no copy of those was kept"):
        moving.start()
    with pytest.raises(CannotCorrect, match="no copy"):
        moving.record()


def test_a_survey_that_is_gone_is_named(moving):
    shutil.rmtree(moving.root / NAME)
    (moving.root / "other").mkdir()
    (moving.root / "other" / "survey.yaml").write_text(SURVEY.replace(NAME, "other"))
    (moving.root / "other" / "adult.yaml").write_text(VERSION.replace(NAME, "other"))
    with pytest.raises(ChangedWhileOpen, match="it is not here"):
        moving.start()


def run_correct(moving, tmp_path, *arguments, **more):
    translations = tmp_path / "translations"
    translations.mkdir(exist_ok=True)
    used = replace(
        workshop(),
        questionnaires=moving.root,
        translations=translations,
        open_site=lambda: moving.site,
    )
    return CliRunner().invoke(correct, [NAME, "--by", "Sam", *arguments], obj=used, **more)


def test_the_command_shows_asks_and_records(moving, tmp_path):
    moving.change("recnetly", "recently")
    done = run_correct(moving, tmp_path, input="y\n")
    assert done.exit_code == 0, done.output
    assert "adult moved text\n  - Have you moved recnetly" in done.output
    assert "Does all of it mean exactly what it meant before?" in done.output
    assert "1 corrections recorded, version 1." in done.output
    moving.start()
    audit = (moving.site.summaries.parent / "audit.jsonl").read_text()
    assert '"what":"corrected"' in audit


def test_the_command_records_nothing_when_the_answer_is_no(moving, tmp_path):
    moving.change("recnetly", "recently")
    assert run_correct(moving, tmp_path, input="n\n").exit_code == 1
    assert not record_of(moving.site).exists()


def test_the_command_refuses_a_change_of_meaning_without_asking(moving, tmp_path):
    moving.change("Have you moved", "Had you moved")
    done = run_correct(moving, tmp_path)
    assert done.exit_code == 1
    assert "prepare a new" in done.output
    assert "mean exactly" not in done.output


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(("said", "code"), [("", 1), ("Symud?", 0)])
def test_the_command_does_not_let_a_language_vanish(moving, tmp_path, said, code):
    from questionnaires.wording import msgids

    moving.change("recnetly", "recently")
    file = tmp_path / "translations" / "cy" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    corrected = "Have you moved recently, or do you plan to?"
    pairs = {text: "x" for text in msgids(moving.site.surveys[NAME])} | {corrected: said}
    lines = [f'msgid "{text}"\nmsgstr "{other}"\n\n' for text, other in pairs.items()]
    file.write_text(HEADER + "".join(lines), encoding="utf-8")
    done = run_correct(moving, tmp_path, "--yes")
    assert done.exit_code == code
    assert ("cy has no translation of the new words" in done.output) == (code == 1)


def test_the_real_site_does_not_start_but_its_commands_run(
    app, site_home, tmp_path, monkeypatch, capsys
):
    import app as wiring

    site = app.extensions["heard"]
    moving = Moving(tmp_path / "questionnaires", site.engine, site_home)
    moving.change("Have you moved", "Had you moved")
    monkeypatch.setattr(wiring, "QUESTIONNAIRES", moving.root)
    monkeypatch.setenv("HEARD_HOME", str(site_home))
    monkeypatch.setattr("sys.argv", ["gunicorn", "app:create_app()"])
    with pytest.raises(SystemExit) as stopped:
        wiring.create_app()
    assert stopped.value.code == wiring.GUNICORN_STOPS
    assert "adult.yaml:15" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["/x/bin/flask", "--app", "app", "waves", "close", "1"])
    made = wiring.create_app()
    made.extensions["heard"].engine.dispose()


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/x/bin/flask --app app waves list", "waves"),
        ("/x/bin/flask -A app -e .env preview care4me", "preview"),
        ("flask --debug questionnaires check", "questionnaires"),
        ("/x/site-packages/flask/__main__.py --app app run", "run"),
        ("/x/bin/gunicorn --config config/server.py app:create_app()", ""),
        ("/x/gunicorn/__main__.py app:create_app()", ""),
        ("-c", ""),
        ("flask", ""),
    ],
)
def test_the_command_of_a_command_line(line, command):
    assert command_in(line.split()) == command


@pytest.fixture
def answering(tmp_path):
    sys.path.insert(0, str(ROOT / "tests" / "surveys" / "answering"))
    from answering_respondent import Respondent
    from answering_site import AnsweringSite

    site = AnsweringSite(tmp_path / "site")
    person = Respondent(site)
    person.enter()
    person.agree()
    person.press()
    person.pick("yes")
    yield site, person
    site.site.engine.dispose()


def changed(site, old, new):
    """From now on the site has read another file; the wave is as it was prepared."""
    text = site.survey.model_dump_json(by_alias=True)
    assert old in text
    survey = site.survey.model_validate_json(text.replace(old, new))
    site.app.extensions["heard"] = replace(site.site, surveys={survey.id: survey})
    assert instrument_hash(survey) != site.wave.instrument_hash


def test_drafts_outlive_a_change_of_the_file_and_are_sent_whole(answering):
    site, person = answering
    changed(site, "Did you move?", "Did you moove?")
    person.get("/answer/3")
    assert "Did you moove?" in person.text
    while person.address != "/answer/check":
        person.press("skip")
    person.post("/answer/send")
    (response,) = site.responses()
    assert response.answers["safe"] == Chosen(("yes",))


def test_an_answer_whose_option_has_gone_is_not_shown_and_is_sent(answering):
    site, person = answering
    changed(site, '"code":"yes"', '"code":"yep"')
    person.get("/answer/2")
    assert person.checked == []
    person.get("/answer/3")
    while person.address != "/answer/check":
        person.press("skip")
    person.post("/answer/send")
    (response,) = site.responses()
    assert response.answers["safe"] == Chosen(("yes",))


def test_copies_and_record_are_not_taken_for_keys(moving):
    from surveys.vault.key_sighting import refuse_private_keys

    moving.change("recnetly", "recently")
    moving.record()
    refuse_private_keys(moving.site.summaries.parent)
