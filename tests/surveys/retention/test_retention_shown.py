"""When answers go is set from the site's rule, shown on the board, and moved with a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from kept_site import CLOSES, KEPT_UNTIL, kept_site

from surveys.audit.log import audit_log_of, entries
from surveys.database import open_engine
from surveys.inspections.preparing import prepare_survey
from surveys.inspections.record import open_inspection
from surveys.invitations.codes import access_from_secret, link_text
from surveys.migrations.running import downgrade, upgrade
from surveys.rehearsal.stage import day_1_so_that_today_is
from surveys.retention.commands import retention
from surveys.retention.rules import RetentionRules, months_after, retention_from
from surveys.retention.running import run_retention
from surveys.vault.drafts import Draft
from surveys.vault.slot_content import SlotState
from surveys.vault.slots import NewSlot, count_states, create_slots, read_draft
from surveys.vault.waves import find_wave


def run(site, *words, **options):
    return CliRunner().invoke(retention, words, obj=site, **options)


@pytest.fixture
def prepared(app):
    site = app.extensions["heard"]
    site = app.extensions["heard"] = replace(site, retention=RetentionRules(answers_months=6))
    inspection = open_inspection(
        site.engine, authority=site.authority, framework="2009",
        day_1=day_1_so_that_today_is(5, site.now().date()), title="Inspection", invented=True,
    )  # fmt: skip
    return site, prepare_survey(site, inspection, "care4me")


def test_preparing_sets_the_day_from_the_rule_and_the_board_shows_it(prepared, signed_in):
    site, wave = prepared
    until = months_after(wave.closes_on, 6)
    assert find_wave(site.engine, wave.id).retention_until == until
    page = signed_in("coordinator").get("/coordinator/").get_data(as_text=True)
    assert f"Kept until {until:%A} {until.day} {until:%B %Y}" in page
    run_retention(site, until)
    page = signed_in("coordinator").get("/coordinator/").get_data(as_text=True)
    assert "Kept until" in page, "nothing was there to be erased, so nothing is said to be"


def test_board_says_when_answers_were_erased(app, signed_in, prepared):
    site, wave = prepared
    secret = bytes(range(16))
    access = access_from_secret(secret)
    create_slots(
        site.engine, site.storage_key, wave,
        [NewSlot(access.slot_id, access.part_key, Draft("8-10", {}))],
    )  # fmt: skip
    until = months_after(wave.closes_on, 6)
    run_retention(site, until)
    page = signed_in("coordinator").get("/coordinator/").get_data(as_text=True)
    assert f"Erased on {until:%A} {until.day} {until:%B %Y}" in page


@pytest.mark.parametrize("table", [{"answers_months": 0}, {"answers_months": "24"}, {"x": 1}])
def test_rule_that_nobody_can_mean_is_refused(table):
    with pytest.raises((TypeError, ValueError)):
        retention_from(table)


def test_day_is_moved_with_a_name_and_a_reason(on_file):
    name = on_file.wave.id.hex()[:8]
    assert run(on_file.site, "set", name, "--until", "2027-01-31").exit_code == 2, "needs a reason"
    words = ("--until", "2027-01-31", "--by", "Dana", "--reason", "the council decided")
    done = run(on_file.site, "set", name, *words)
    assert done.exit_code == 0, done.output
    assert str(find_wave(on_file.engine, on_file.wave.id).retention_until) == "2027-01-31"
    last = entries(audit_log_of(on_file.site))[-1]
    assert (last.who, last.what) == ("Dana", "retention_set")
    assert last.about["from"] == str(KEPT_UNTIL) and last.about["until"] == "2027-01-31"
    assert last.about["reason"] == "the council decided"


def test_day_cannot_be_moved_before_the_close_or_after_the_erasure(on_file):
    name = on_file.wave.id.hex()[:8]
    words = ("--by", "Dana", "--reason", "x")
    early = run(on_file.site, "set", name, "--until", str(CLOSES), *words)
    assert early.exit_code == 1 and "at least until" in early.output
    run_retention(on_file.site, KEPT_UNTIL)
    late = run(on_file.site, "set", name, "--until", "2030-01-01", *words)
    assert late.exit_code == 1 and "have been erased" in late.output


def test_day_that_respondents_were_told_is_never_put_off(on_file):
    name, later = on_file.wave.id.hex()[:8], "2030-01-01"
    words = ("--until", later, "--by", "Dana", "--reason", "x")
    refused = run(on_file.site, "set", name, *words)
    assert refused.exit_code == 1 and f"was told {KEPT_UNTIL}" in refused.output
    kept = find_wave(on_file.engine, on_file.wave.id).retention_until
    assert kept is None or kept == KEPT_UNTIL


def test_command_lists_runs_and_fails_while_keys_are_there(on_file):
    on_file.note_keys()
    site = on_file.now_is(KEPT_UNTIL)
    listed = run(site, "list").output
    assert f"{KEPT_UNTIL}  answers   care4me 1" in listed and "kept" in listed
    assert "would erase answers" in run(site, "run", "--dry-run").output
    done = run(site, "run")
    assert done.exit_code == 1 and "flask keys destroy" in done.output
    assert "erased on 2028-11-20, not complete" in run(site, "list").output
    on_file.destroy_keys()
    assert run(site, "run").exit_code == 0
    assert run(site, "run").output == "Nothing is due.\n"


def test_code_is_typed_unseen_and_erases_what_it_opens(on_file):
    secret = bytes(range(16))
    access = access_from_secret(secret)
    create_slots(
        on_file.engine, on_file.site.storage_key, on_file.wave,
        [NewSlot(access.slot_id, access.part_key, Draft("8-10", {}))],
    )  # fmt: skip
    done = run(
        on_file.site, "withdraw", "--by", "Dana", input=f"https://x.example/#{link_text(secret)}\n"
    )
    assert done.exit_code == 0, done.output
    assert link_text(secret) not in done.output
    assert read_draft(on_file.engine, on_file.site.storage_key, access) is None
    last = entries(audit_log_of(on_file.site))[-1]
    assert (last.who, last.what, dict(last.about)) == ("Dana", "withdrawn", {"of": "one code"})
    again = run(on_file.site, "withdraw", "--by", "Dana", input="no code at all\n")
    assert again.exit_code == 1 and "Nothing was erased" in again.output


def test_run_that_comes_a_year_late_erases_all_the_same(tmp_path):
    made = kept_site(tmp_path / "site", people=1, drafts=0, finals=0)
    run_retention(made.site, KEPT_UNTIL + timedelta(days=400))
    assert made.rows()["slot"] == made.rows()["invitation"] == []
    made.engine.dispose()


def test_closing_by_command_erases_drafts_and_is_in_the_log(on_file):
    from surveys.keys.wave_commands import waves

    site = on_file.now_is(CLOSES)
    done = CliRunner().invoke(waves, ["close", on_file.wave.id.hex()[:8]], obj=site)
    assert (done.exit_code, done.output) == (
        0, "care4me 1 is closed. Unfinished answers are erased.\n",
    )  # fmt: skip
    states = count_states(on_file.engine, site.storage_key, on_file.wave.id)
    assert states[SlotState.PARTIAL] == 0 and states[SlotState.ERASED] == 11
    assert entries(audit_log_of(site))[-1].what == "closed"
    again = CliRunner().invoke(waves, ["close", on_file.wave.id.hex()[:8]], obj=site)
    assert again.exit_code == 1 and "cannot become closed" in again.output


def test_wave_of_an_earlier_release_is_kept_by_the_migration_and_gets_its_day(tmp_path):
    made = kept_site(tmp_path / "site", people=1, drafts=0, finals=0)
    engine = open_engine(f"sqlite:///{tmp_path}/earlier.sqlite3")
    upgrade(engine, "0006")
    with made.engine.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT id, inspection_id, survey, number, status, opens_on, closes_on, padded_length,"
            " instrument_hash, single_custodian FROM wave"
        ).one()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO wave (id, inspection_id, survey, number, status, opens_on, closes_on,"
            " padded_length, instrument_hash, single_custodian) VALUES (?,?,?,?,?,?,?,?,?,?)",
            tuple(row),
        )
    upgrade(engine)
    found = find_wave(engine, made.wave.id)
    assert (found.retention_until, found.closed_on) == (None, None)
    run_retention(replace(made.site, engine=engine), CLOSES)
    assert find_wave(engine, made.wave.id).retention_until == KEPT_UNTIL
    downgrade(engine, "0006")
    upgrade(engine)
    assert find_wave(engine, made.wave.id).retention_until is None
    for one in (engine, made.engine):
        one.dispose()
