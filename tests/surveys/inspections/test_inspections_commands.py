"""The commands as a person types them."""

import csv
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from surveys.audit.log import audit_log_of, entries
from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import counts_by_audience
from surveys.inspections.commands import inspections as group
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.record import inspections

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "ssda903"
CLEAN = (str(DATA / "header.csv"), str(DATA / "episodes.csv"))
DIRTY = (str(DATA / "dirty_2025_header.csv"), str(DATA / "dirty_2025_episodes.csv"))


@pytest.fixture
def site(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(engine)
    yield SimpleNamespace(
        engine=engine,
        frameworks=load_frameworks(ROOT / "config" / "frameworks"),
        authority="Exampleshire County Council",
        summaries=tmp_path / "summaries",
        demo=True,
        now=lambda: datetime(2026, 11, 27, 12, 0),  # noqa: DTZ001 - only the day is used
    )
    engine.dispose()


@pytest.fixture
def run(site):
    return lambda *words: CliRunner().invoke(group, list(words), obj=site)


@pytest.fixture
def opened(run, site):
    run("open", "--day-1", "2026-11-23", "--framework", "2009", "--title", "Inspection")
    return inspections(site.engine)[0]


def test_every_act_is_in_the_audit_log_and_no_child(run, site, opened):
    given = ("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    assert run(*given, "--dry-run").exit_code == 0
    run("calendar")
    assert run(*given).exit_code == 0
    found = entries(audit_log_of(site))
    assert [one.what for one in found] == ["inspection_opened", "cohort_imported"]
    assert {(one.day, one.who) for one in found} == {("2026-11-27", "command line")}
    assert found[0].about == {"inspection": opened.id.hex(), "framework": "2009"}
    assert found[1].about == {"inspection": opened.id.hex()}


def test_open_records_the_inspection_and_prints_its_days(run, site):
    done = run("open", "--day-1", "2009-11-23", "--title", "Inspection 2009")
    assert done.exit_code == 0
    (made,) = inspections(site.engine)
    assert (made.framework, made.authority, made.invented) == ("2009", site.authority, True)
    assert made.id.hex() in done.output
    assert "Day 40        Wed 2010-01-20  Publication" in done.output
    assert "Surveys open 2009-11-25 00:00, close 2009-12-04 23:59." in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--day-1", "2015-06-01"], "No inspection framework is in force on 1 June 2015"),
        (["--day-1", "2026-12-25"], "the next one is Tuesday 29 December 2026"),
        (["--day-1", "2026-11-23", "--framework", "x"], "There is no framework x: 2009, ilacs."),
        (["--day-1", "23/11/2026"], "does not match the format"),
    ],
)
def test_open_says_in_words_what_is_wrong(run, site, words, said):
    done = run("open", "--title", "Inspection", *words)
    assert done.exit_code != 0
    assert said in done.output
    assert inspections(site.engine) == []


def test_calendar_marks_today(run, opened):
    done = run("calendar")
    assert "> Day 5         Fri 2026-11-27  Inspectors' set-up meeting" in done.output
    assert "> Day 3 to 10   Wed 2026-11-25  Surveys of looked after children" in done.output
    assert "Today, 2026-11-27, is Day 5.\nNext in 3 days: Indicative timetable" in done.output


@pytest.mark.parametrize("words", [[], ["--inspection", "00" * 16], ["--inspection", "?"]])
def test_commands_say_when_there_is_no_such_inspection(run, words):
    done = run("calendar", *words)
    assert done.exit_code == 1
    assert "inspection" in done.output


def test_import_reports_and_adds_members(run, site, opened):
    done = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    assert done.exit_code == 0
    assert "The two agree." in done.output
    assert "Added 1,111, kept 0." in done.output
    counts = counts_by_audience(site.engine, opened.id)
    assert sum(counts["care4me"].values()) == 835
    assert sum(counts["aftercare"].values()) == 276


def test_import_again_changes_nothing_and_asks_nothing_twice(run, site, opened):
    first = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    assert "97 are to be asked about" in first.output
    again = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    assert "Added 0, kept 1,111.\naftercare" in again.output


def test_care_leaver_file_stops_members_and_their_stop_stands(run, site, opened):
    run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    oc3 = str(DATA / "oc3.csv")
    done = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31", "--oc3", oc3)
    assert "Added 0, kept 1,104." in done.output
    assert "Stopped 7: they died or must not be contacted." in done.output
    without = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    assert "Added 0, kept 1,104." in without.output
    assert "refuses contact, says the care leavers' file (REFU)" in without.output
    assert "The two agree." in without.output


def test_dry_run_imports_nothing(run, site, opened):
    done = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31", "--dry-run")
    assert done.exit_code == 0
    assert "nothing was written. An import now would have this effect:\nAdded 1,111" in done.output
    assert counts_by_audience(site.engine, opened.id) == {}


def test_refused_return_imports_nothing_and_lists_every_problem(run, site, opened, tmp_path):
    problems = tmp_path / "problems.csv"
    done = run(
        *("import-cohort", *DIRTY, "--reference-date", "2025-03-31"),
        *("--problems", str(problems)),
    )
    assert done.exit_code == 1
    assert "1,593 of 1,606 children" in done.output
    assert "nothing was imported" in done.output
    assert counts_by_audience(site.engine, opened.id) == {}
    with problems.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1593 + 288 + 3 + 3 + 2 + 2 + 2 + 1
