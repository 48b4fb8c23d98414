"""Beginning a survey: what is made passes the checks as it stands, and nothing is overwritten."""

import pytest
from click.testing import CliRunner

from questionnaires.checks import check_survey
from questionnaires.commands import questionnaires
from questionnaires.duration import duration_faults, duration_of
from questionnaires.faults import Severity
from questionnaires.loading import load_with_places
from questionnaires.model import QuestionType
from questionnaires.reading_rules import ROOM, load_wording_rules
from questionnaires.skeleton import LOOKS, Beginning, CannotBegin, begin_survey


@pytest.fixture
def shipped_scales(tmp_path):
    (tmp_path / "scales.yaml").write_bytes((ROOM / "scales.yaml").read_bytes())
    return tmp_path


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_made_asks_every_kind_of_question_and_has_no_fault(shipped_scales, look):
    loaded = load_with_places(begin_survey(shipped_scales, Beginning("young_carers", look)))
    (made,) = loaded.survey.questionnaires
    assert {question.type for question in made.questions} == set(QuestionType)
    assert any(page.question is None for page in made.pages)
    assert any(page.battery for page in made.pages)
    assert any(page.when for page in made.pages)
    assert any(question.variants for question in made.questions)
    assert any(question.piped for question in made.questions)
    faults = [*check_survey(loaded, load_wording_rules()), *duration_faults(loaded)]
    assert [fault.message for fault in faults] == [
        "The option codes of this survey have not been recorded."
    ]
    assert faults[0].severity is Severity.WARNING


def test_the_minutes_stated_are_those_measured(shipped_scales):
    folder = begin_survey(shipped_scales, Beginning("young_carers", "child"))
    (made,) = load_with_places(folder).survey.questionnaires
    assert made.minutes == duration_of(made).fitting


@pytest.mark.parametrize(
    ("audience", "file", "name", "reading"),
    [
        ("11-15", "11-15.yaml", "young-carers-11-15", "11-15"),
        ("16+", "16+.yaml", "young-carers-16plus", "16+"),
        ("foster", "foster.yaml", "young-carers-foster", "8-10"),
    ],
)
def test_another_audience(shipped_scales, audience, file, name, reading):
    folder = begin_survey(shipped_scales, Beginning("young_carers", "child", audience))
    (made,) = load_with_places(folder).survey.questionnaires
    assert (folder / file).exists()
    assert (made.id, made.audience, made.reading) == (name, audience, reading)


def test_without_shared_scales_there_is_no_battery(tmp_path):
    (made,) = load_with_places(
        begin_survey(tmp_path, Beginning("young_carers"))
    ).survey.questionnaires
    assert not any(page.battery for page in made.pages)


def test_a_scale_that_there_is_is_used(root):
    folder = begin_survey(root, Beginning("young_carers"))
    (made,) = load_with_places(folder).survey.questionnaires
    assert {q.scale for q in made.questions if q.scale} == {"yes_no"}


def test_nothing_is_overwritten(shipped_scales):
    folder = begin_survey(shipped_scales, Beginning("young_carers"))
    (folder / "8-10.yaml").write_text("mine")
    with pytest.raises(CannotBegin, match="is there already"):
        begin_survey(shipped_scales, Beginning("young_carers", "desk"))
    assert (folder / "8-10.yaml").read_text() == "mine"
    assert not (folder / "adult.yaml").exists()


@pytest.mark.parametrize("name", ["Young", "2young", "young-carers", "../young", "a__b", "a_", ""])
def test_names_that_cannot_be_are_refused(shipped_scales, name):
    with pytest.raises(CannotBegin, match="cannot be called"):
        begin_survey(shipped_scales, Beginning(name))
    assert [path.name for path in shipped_scales.iterdir()] == ["scales.yaml"]


@pytest.mark.parametrize("audience", ["../8", "8 10", "Adult", "-8"])
def test_audiences_that_cannot_be_a_file_are_refused(shipped_scales, audience):
    with pytest.raises(CannotBegin, match="audience"):
        begin_survey(shipped_scales, Beginning("young", "child", audience))
    assert not (shipped_scales / "young").exists()


def test_scales_with_a_fault_leave_nothing_behind(tmp_path):
    (tmp_path / "scales.yaml").write_text("a3: {options: []}\n")
    with pytest.raises(CannotBegin, match=r"scales\.yaml"):
        begin_survey(tmp_path, Beginning("young_carers"))
    assert not (tmp_path / "young_carers").exists()


def test_the_command_says_what_to_do_next(shipped_scales):
    asked = ["new", "young_carers", "--look", "young", "--root", str(shipped_scales)]
    done = CliRunner().invoke(questionnaires, asked)
    assert done.exit_code == 0
    assert "1. change the words" in done.output
    assert "flask --app app preview young_carers" in done.output
    again = CliRunner().invoke(questionnaires, asked)
    assert again.exit_code == 1
    assert "is there already" in again.output
