"""``export`` and ``import`` as an author uses them: files written, faults printed, nothing lost."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner
from openpyxl import load_workbook

from questionnaires.commands import questionnaires
from questionnaires.loading import load_survey
from questionnaires.reading_rules import ROOM
from questionnaires.wording import msgids

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
NAME = "versions_share_a_concept"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments):
        return CliRunner().invoke(questionnaires, [str(argument) for argument in arguments])

    return run_command


@pytest.fixture
def catalogues(tmp_path):
    """Welsh has every text; Arabic lacks one; in Polish one is uncertain."""
    survey = load_survey(EXAMPLES / NAME)
    texts = msgids(survey)
    for language, missing, fuzzy in (
        ("cy", None, None),
        ("ar", texts[-1], None),
        ("pl", None, texts[0]),
    ):
        catalogue = Catalog(locale=language)
        for text in texts:
            if text != missing:
                catalogue.add(text, f"{language}: {text}", flags=["fuzzy"] if text == fuzzy else [])
        folder = tmp_path / "translations" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalogue)
    return tmp_path / "translations"


def test_export_writes_a_workbook_for_each_version(run, catalogues):
    result = run(
        "export", NAME, "--root", EXAMPLES, "--output", "out", "--translations", catalogues
    )
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in Path("out").iterdir()) == [
        "versions-share-a-concept-older.xlsx", "versions-share-a-concept-younger.xlsx",
    ]  # fmt: skip
    assert "out/versions-share-a-concept-older.xlsx" in result.output


def test_export_can_choose_a_version(run, catalogues):
    arguments = ("--root", EXAMPLES, "--translations", catalogues, "--version", "older")
    assert run("export", NAME, *arguments).exit_code == 0
    assert [file.name for file in Path("exchange").iterdir()] == [
        "versions-share-a-concept-older.xlsx"
    ]
    result = run("export", NAME, "--root", EXAMPLES, "--version", "oldest")
    assert result.exit_code == 2
    assert "There is no version oldest; there are younger, older." in result.output


def test_export_takes_complete_languages_only(run, catalogues):
    arguments = ("--root", EXAMPLES, "--translations", catalogues, "--version", "older")
    result = run("export", NAME, *arguments)
    (file,) = Path("exchange").iterdir()
    headings = [cell.value for cell in load_workbook(file)["survey"][1]]
    labels = [heading for heading in headings if heading.startswith("label")]
    survey = load_survey(EXAMPLES / NAME)
    older = msgids(survey.model_copy(update={"questionnaires": (survey.version("older"),)}))
    wanted = {"English (en)", "Cymraeg (cy)"}
    if msgids(survey)[-1] not in older:
        wanted.add("العربية (ar)")
    if msgids(survey)[0] not in older:
        wanted.add("polski (pl)")
    assert {label.removeprefix("label::") for label in labels} == wanted
    assert "cy" in result.output


def test_nothing_is_written_over(run, catalogues):
    arguments = ("export", NAME, "--root", EXAMPLES, "--translations", catalogues)
    assert run(*arguments).exit_code == 0
    result = run(*arguments)
    assert result.exit_code == 1
    assert "is there already. Name another folder with --output." in result.output


def test_import_writes_yaml_that_loads_and_catalogues(run, catalogues):
    arguments = ("--root", EXAMPLES, "--translations", catalogues, "--version", "younger")
    run("export", NAME, *arguments, "--output", "out")
    (file,) = Path("out").iterdir()
    result = run("import", file, "--output", "back")
    assert result.exit_code == 0, result.output
    survey = load_survey(Path("back") / NAME)
    assert survey.questionnaires == (load_survey(EXAMPLES / NAME).version("younger"),)
    with Path("back/cy.po").open("rb") as opened:
        said = {message.id: message.string for message in read_po(opened) if message.id}
    assert said == {text: f"cy: {text}" for text in msgids(survey)}
    assert "check --root back" in result.output


def test_import_checks_out_with_the_authors_own_check(run):
    run("export", "care4me", "--version", "8-10", "--output", "out")
    (file,) = Path("out").iterdir()
    assert run("import", file, "--output", "back").exit_code == 0
    result = run("check", "--root", "back")
    assert result.exit_code == 0, result.output
    assert load_survey(Path("back/care4me")).questionnaires == (
        load_survey(ROOM / "care4me").version("8-10"),
    )


def test_import_prints_every_fault_and_writes_nothing(run, make):
    survey = (("type", "name", "label"), ("integer", "a", "A?"), ("text", "b", "${a}"))
    Path("form.xlsx").write_bytes(make(survey))
    result = run("import", "form.xlsx")
    assert result.exit_code == 1
    assert "survey, row 2: a: “integer” cannot be asked here." in result.output
    assert "survey, row 3: b: The text names “${a}”." in result.output
    assert not Path("exchange").exists()


def test_import_prints_what_was_assumed(run, make):
    Path("form.xlsx").write_bytes(make((("type", "name", "label"), ("text", "b", "Why?"))))
    result = run("import", "form.xlsx", "--output", "back")
    assert result.exit_code == 0
    assert (
        "settings, row 2: warning: Not said here, so assumed: heard_audience: adult"
        in result.output
    )
    assert "survey, row 2: warning: b: No limit is written" in result.output


def test_import_reads_no_more_of_a_file_than_a_workbook_may_have(run):
    with Path("huge.xlsx").open("wb") as file:
        file.truncate(10**12)  # a hole, of no size on the disk
    result = run("import", "huge.xlsx")
    assert result.exit_code == 1
    assert "too large" in result.output
