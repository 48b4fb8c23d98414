"""The author's commands: what they print and when they fail."""

import csv
import io

import pytest
from click.testing import CliRunner

from questionnaires.commands import questionnaires

GOOD = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  short: Moved
"""


@pytest.fixture
def run(root):
    def run_command(*arguments):
        return CliRunner().invoke(questionnaires, [*arguments, "--root", str(root)])

    return run_command


def test_check_prints_faults_with_place_and_fails(folder, run):
    file = folder.version(GOOD.replace("Have you", "Have you not"))
    result = run("check")
    assert result.exit_code == 1
    assert f"{file}:16: question moved: “not” makes people answer" in result.output
    assert result.output.endswith("1 faults, 1 warnings.\n")


def test_check_prints_loading_faults_and_fails(folder, run):
    folder.version(GOOD.replace("yes_no", "yesno"))
    result = run("check")
    assert result.exit_code == 1
    assert "There is no scale called “yesno”. Did you mean “yes_no”?" in result.output


def test_check_passes_with_warnings_only(folder, run):
    folder.version(GOOD)
    result = run("check")
    assert result.exit_code == 0
    assert "survey.yaml:1: warning: survey moving: " in result.output


def test_check_reports_a_damaged_lock_file(folder, run):
    folder.version(GOOD)
    folder.file("codes.lock.yaml", "recorded: no")
    result = run("check")
    assert result.exit_code == 1
    assert "codes.lock.yaml:1: " in result.output


def test_freeze_then_check_is_clean(folder, run):
    folder.version(GOOD)
    assert run("freeze").output == "moving: codes recorded.\n"
    assert run("check").output == "0 faults, 0 warnings.\n"


def test_freeze_refuses_a_changed_code(folder, run, root):
    folder.version(GOOD)
    run("freeze", "moving")
    scales = root / "scales.yaml"
    scales.write_text(scales.read_text().replace("code: no", "code: never"), encoding="utf-8")
    result = run("freeze", "moving")
    assert result.exit_code == 1
    assert "“No” was recorded as “no” and is now “never”." in result.output


def test_codebook_is_csv(folder, run):
    folder.version(GOOD)
    rows = list(csv.DictReader(io.StringIO(run("codebook", "moving").output)))
    assert [(row["concept"], row["codes"]) for row in rows] == [("moved", "yes | no")]


def test_unknown_survey_is_refused_by_name(folder, run):
    folder.version(GOOD)
    result = run("codebook", "staying")
    assert result.exit_code == 2
    assert "There is no survey staying; there are moving." in result.output
