"""``python -m analysis``: what the analyst types, and what is answered."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from invented_responses import invented_responses
from released_wave import released_wave, sealed_to
from sqlalchemy import delete, select

import analysis.__main__ as command
from analysis.publisher import PUBLIC_FILE, make_publisher
from questionnaires.correction_record import Correction, add_corrections
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_surveys
from surveys.audit.log import entries, record
from surveys.database import writing
from surveys.inspections.instruments import keep_copy
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching, write_key_file
from surveys.vault.opening import new_private_key
from surveys.vault.store import add_responses, manifest_table, response_table
from surveys.vault.waves import WaveStatus, find_wave

CHEAP = Stretching(memory=8 * 1024, iterations=1, lanes=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def survey():
    return load_surveys(ROOT / "questionnaires")["safeguarding_partners"]


class Desk:
    """An analyst's desk: a released wave, its key, and the publisher."""

    def __init__(self, folder, survey, status=WaveStatus.RELEASED):
        responses = invented_responses(survey, {"adult": 1}, 40)
        self.released = released_wave(folder, survey, responses, {"adult": 70}, status)
        self.folder, self.summaries = folder, folder / "summaries"
        self.key, self.passphrase = folder / "analyst.key", folder / "analyst.passphrase"
        wave = self.released.wave
        write_key_file(self.key, self.released.analyst, wave.id, "six words", CHEAP)
        self.passphrase.write_text("six words\n")
        words = make_publisher(folder / command.KEY_NAME, self.summaries, CHEAP)
        (folder / command.PASSPHRASE_NAME).write_text(words)

    def publish(self, wave=None, **options):
        given = {
            "key-file": self.key,
            "passphrase-file": self.passphrase,
            "publisher-folder": self.folder,
            "database": self.released.url,
            "summaries": self.summaries,
        } | {name.replace("_", "-"): value for name, value in options.items()}
        words = [
            f"--{name}" if value is True else f"--{name}={value}"
            for name, value in given.items()
            if value is not None
        ]
        return run("publish", wave or self.released.wave.id.hex(), *words)


def run(*words):
    return CliRunner().invoke(command.main, [str(word) for word in words])


@pytest.fixture
def desk(tmp_path, survey):
    made = Desk(tmp_path, survey)
    yield made
    made.released.engine.dispose()


def test_publish_writes_a_release_and_moves_the_wave_on(desk):
    done = desk.publish()
    assert done.exit_code == 0, done.output
    assert "safeguarding_partners-1-1.json" in done.output
    assert find_wave(desk.released.engine, desk.released.wave.id).status is WaveStatus.PUBLISHED
    assert "There is no audit log here" in done.output
    again = desk.publish("safeguarding_partners/1")
    assert "safeguarding_partners-1-2.json" in again.output


def test_publishing_stands_in_the_audit_log_that_lies_beside_the_summaries(desk):
    log = desk.summaries.parent / "audit.jsonl"
    record(log, date(2026, 11, 20), "Sam", "sign_in")
    done = desk.publish()
    assert done.exit_code == 0 and "no audit log" not in done.output
    [_, line] = entries(log)
    assert (line.who, line.what) == ("analysis", "published")
    assert line.about == {"file": "safeguarding_partners-1-1.json"}


def test_a_wave_in_which_slips_of_the_pen_were_recorded_is_published(desk, survey, monkeypatch):
    wave, text = desk.released.wave, survey.questionnaires[0].questions[0].text
    said = survey.model_dump_json(by_alias=True).replace(text, text.replace(" ", "  ", 1))
    corrected = survey.model_validate_json(said)
    monkeypatch.setattr(command, "load_surveys", lambda _: {survey.id: corrected})
    keep_copy(desk.folder / "instruments", survey)
    assert "not those that were answered" in desk.publish().output
    recorded = Correction(
        wave=wave.id.hex(), survey=survey.id, version=1, on=date(2026, 11, 20), by="Sam",
        audience="adult", question="q", field="text", before=text, after=text,
        hash_before=wave.instrument_hash.hex(), hash_after=instrument_hash(corrected).hex(),
    )  # fmt: skip
    add_corrections(desk.folder / "corrections.jsonl", [recorded])
    done = desk.publish()
    assert done.exit_code == 0, done.output


def test_publisher_can_be_given_file_by_file(desk):
    done = desk.publish(
        publisher_folder=None,
        publisher_key=desk.folder / command.KEY_NAME,
        publisher_passphrase_file=desk.folder / command.PASSPHRASE_NAME,
    )
    assert done.exit_code == 0, done.output


def test_passphrases_are_asked_for_where_no_file_has_them(desk):
    given = (
        "publish", desk.released.wave.id.hex(), "--key-file", desk.key, "--summaries", desk.summaries,
        "--database", desk.released.url, "--publisher-key", desk.folder / command.KEY_NAME,
    )  # fmt: skip
    words = (desk.folder / command.PASSPHRASE_NAME).read_text()
    said = {}
    for name, typed in (("right", f"{words}\nsix words\n"), ("wrong", f"{words}\nseven words\n")):
        done = CliRunner().invoke(command.main, [str(word) for word in given], input=typed)
        said[name] = (done.exit_code, done.output)
    assert said["right"][0] == 0, said["right"][1]
    assert "Passphrase of publisher.key" in said["right"][1]
    assert "Passphrase of analyst.key" in said["right"][1] and words not in said["right"][1]
    assert said["wrong"][0] == 1 and "does not open" in said["wrong"][1]


def other_manifest(desk):
    desk.released.sign(new_private_key(Purpose.MIX))


def no_manifest(desk):
    with writing(desk.released.engine).begin() as connection:
        connection.execute(delete(manifest_table))


def row_added(desk):
    with writing(desk.released.engine).begin() as connection:
        row = {bytes(16): sealed_to(desk.released.analyst, desk.released.wave, b"{}")}
        add_responses(connection, desk.released.wave.id, row)


def row_lost(desk):
    with writing(desk.released.engine).begin() as connection:
        one = select(response_table.c.id).limit(1).scalar_subquery()
        connection.execute(delete(response_table).where(response_table.c.id == one))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (other_manifest, "not signed with a custodian's key"),
        (no_manifest, "no manifest"),
        (row_added, "did not release"),
        (row_lost, "missing that the custodian released: 1"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_rows_that_are_not_what_was_released_are_never_published(desk, what, said):
    what(desk)
    for options in ({}, {"leave_out_unfit": True}):
        done = desk.publish(**options)
        assert done.exit_code == 1 and said in done.output and "Traceback" not in done.output
    assert [file.name for file in desk.summaries.iterdir()] == [PUBLIC_FILE]


def test_the_fingerprint_to_compare_is_printed(desk):
    assert f"Manifest {desk.released.sign().fingerprint.hex()}" in desk.publish().output


def test_analyst_may_bring_the_public_keys_along(desk):
    own = desk.folder / "own"
    (desk.folder / "public_keys").rename(own)
    assert "keys of the wave are missing" in desk.publish().output
    assert desk.publish(public_keys=own).exit_code == 0


def test_published_release_verifies_until_it_is_changed(desk):
    desk.publish()
    path = desk.summaries / "safeguarding_partners-1-1.json"
    assert "signature holds" in run("verify", path).output
    path.write_bytes(path.read_bytes().replace(b'"count":40', b'"count":45'))
    assert run("verify", path).exit_code == 1


@pytest.mark.parametrize("missing", [PUBLIC_FILE, "safeguarding_partners-1-1.sig"])
def test_release_without_its_companions_does_not_verify(desk, missing):
    desk.publish()
    (desk.summaries / missing).unlink()
    done = run("verify", desk.summaries / "safeguarding_partners-1-1.json")
    assert done.exit_code == 1 and "missing" in done.output


def test_refusals_are_one_line_and_leave_no_file(desk):
    wrong = desk.folder / "wrong"
    wrong.write_text("other words")
    for done in (
        desk.publish(passphrase_file=wrong),
        desk.publish("care4me/1"),
        desk.publish(policy="none-such"),
        desk.publish(publisher_folder=None, publisher_key=desk.key, publisher_passphrase_file=desk.passphrase),
        desk.publish(key_file=desk.folder / command.KEY_NAME, passphrase_file=desk.folder / command.PASSPHRASE_NAME),
    ):  # fmt: skip
        assert done.exit_code == 1
        assert "Error: " in done.output and "Traceback" not in done.output
    assert [file.name for file in desk.summaries.iterdir()] == [PUBLIC_FILE]


def test_one_unfit_response_can_be_left_out_and_only_its_number_is_told(desk):
    wave = desk.released.wave
    junk = sealed_to(desk.released.analyst, wave, b'{"q":"made up"}')
    with writing(desk.released.engine).begin() as connection:
        add_responses(connection, wave.id, {bytes(16): junk})
    desk.released.sign()
    refused = desk.publish()
    assert refused.exit_code == 1 and "made up" not in refused.output
    assert "--leave-out-unfit" in refused.output and "offline tablet" in refused.output
    assert [file.name for file in desk.summaries.iterdir()] == [PUBLIC_FILE]
    done = desk.publish(leave_out_unfit=True)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "1 responses left out as unfit."


def test_wave_must_be_released(tmp_path, survey):
    desk = Desk(tmp_path, survey, WaveStatus.CLOSED)
    assert "must be released first" in desk.publish().output
    desk.released.engine.dispose()


def test_questionnaires_must_be_those_that_were_answered(tmp_path, survey):
    desk = Desk(tmp_path, survey.model_copy(update={"title": "Another title"}))
    assert "not those that were answered" in desk.publish().output
    desk.released.engine.dispose()


def test_publisher_is_made_once(desk):
    done = run(
        "make-publisher", "--key-file", desk.folder / "second.key", "--summaries", desk.summaries
    )
    assert done.exit_code == 1 and "one publisher" in done.output


def test_publisher_is_made_at_its_first_use_in_a_folder(desk, monkeypatch):
    monkeypatch.setattr(command, "make_publisher", lambda key, to: make_publisher(key, to, CHEAP))
    new, summaries = desk.folder / "new", desk.folder / "other-summaries"
    new.mkdir()
    done = desk.publish(publisher_folder=new, summaries=summaries)
    assert done.exit_code == 0, done.output
    assert (new / command.PASSPHRASE_NAME).stat().st_mode & 0o77 == 0
    assert {file.suffix for file in summaries.iterdir()} == {".json", ".sig", ".pub"}


def test_plan_lists_every_table():
    done = run("plan", "safeguarding_partners", "--framework", "2009")
    assert done.exit_code == 0, done.output
    assert "referral_feedback" in done.output and "everyone, role" in done.output
    assert "Plan " in done.output.splitlines()[-1]


@pytest.mark.parametrize("words", [["nothing"], ["care4me", "--framework", "1999"]])
def test_plan_of_nothing_known_is_refused(words):
    assert run("plan", *words).exit_code == 1
