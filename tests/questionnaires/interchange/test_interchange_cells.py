"""Cells and files: what begins like a formula stays text; what is no honest workbook is refused."""

import io
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest
from hand_made import saved, sheets
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from questionnaires.interchange import opening
from questionnaires.interchange.reading import read_version
from questionnaires.interchange.writing import unchecked_workbook, write_version
from questionnaires.loading import load_survey

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
HEAD = ("type", "name", "label")
ASKED = ("select_one yn", "eats", "Do you eat?")
COMMANDS = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "=", '=HYPERLINK("x")']


def with_text(text):
    survey = load_survey(EXAMPLES / "silence_opens_no_page")
    (questionnaire,) = survey.questionnaires
    section = questionnaire.sections[0]
    page = section.pages[0]
    option = page.question.options[0].model_copy(update={"label": text})
    options = (option, *page.question.options[1:])
    question = page.question.model_copy(
        update={"text": text, "hint": text, "scale": None, "options": options}
    )
    pages = (page.model_copy(update={"question": question}), *section.pages[1:])
    sections = (section.model_copy(update={"title": text, "pages": pages}),)
    return survey, questionnaire.model_copy(update={"title": text, "sections": sections})


@pytest.mark.parametrize("text", COMMANDS)
def test_what_begins_like_a_formula_is_written_as_text_and_read_unchanged(text):
    survey, questionnaire = with_text(text)
    data = write_version(survey, questionnaire)
    workbook = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in workbook for row in sheet for cell in row if cell.value == text]
    assert len(cells) == 5  # title, section, question, hint, option
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    assert read_version(data).survey.questionnaires == (questionnaire,)


def test_no_part_of_a_written_workbook_holds_a_formula():
    survey, questionnaire = with_text("=1+1")
    with zipfile.ZipFile(io.BytesIO(write_version(survey, questionnaire))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name), name


def test_an_ordinary_cell_is_not_quoted():
    survey, questionnaire = with_text("Hello")
    workbook = load_workbook(io.BytesIO(unchecked_workbook(survey, questionnaire)))
    assert not any(cell.quotePrefix for sheet in workbook for row in sheet for cell in row)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("=1+1", "The cell under “label” is a formula."),
        (ArrayFormula("C2", "=A1:A2"), "The cell under “label” is a formula."),
        (date(2026, 1, 1), "The cell under “label” is a date or a time."),
        ("#REF!", "The cell under “label” is an error."),
    ],
)
def test_a_cell_that_is_not_text_is_refused(make, refused, value, said):
    workbook = sheets((HEAD, ASKED))
    workbook["survey"]["C2"] = value
    assert refused(saved(workbook)) == [("survey", 2, said)]


def test_text_that_looks_like_a_formula_is_text(make):
    workbook = sheets((HEAD, ASKED))
    workbook["survey"]["C2"] = "=1+1"
    workbook["survey"]["C2"].data_type = "s"
    imported = read_version(saved(workbook))
    assert imported.survey.questionnaires[0].questions[0].text == "=1+1"


def test_merged_cells_are_refused(refused):
    workbook = sheets((HEAD, ASKED, ("text", "d", "Why?")))
    workbook["survey"].merge_cells("C2:C3")
    assert ("survey", 2, "The cells C2:C3 are merged.") in refused(saved(workbook))


def test_a_cell_without_heading_and_a_heading_twice_are_refused(make, refused):
    assert refused(make((HEAD, (*ASKED, "stray")))) == [
        ("survey", 2, "A cell stands under no heading.")
    ]
    told = refused(make(((*HEAD, "label"), (*ASKED, "again"))))
    assert ("survey", 1, "Two columns are called “label”.") in told


@pytest.mark.parametrize("survey", [[], [HEAD]])
def test_an_empty_sheet_is_refused(make, refused, survey):
    assert ("survey", 0, "The sheet is empty.") in refused(make(survey))


def test_a_workbook_without_survey_is_refused(refused):
    told = refused(saved(Workbook()))
    assert ("survey", 0, "There is no sheet called “survey”.") in told


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(data, name, change):
    """The workbook with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return file.getvalue()


NOT_A_WORKBOOK = "This is not an .xlsx workbook, or it is damaged."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"type,name,label\n",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # the older .xls
        b"PK\x03\x04" + b"\0" * 60,
        zipped(**{"a.txt": "hello"}),
        zipped(**{"[Content_Types].xml": "<Types/>"}),
        zipped(**{"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "not xml"}),
    ],
    ids=range(8),
)
def test_a_file_that_is_no_workbook_is_refused(refused, data):
    assert refused(data) == [("the file", 0, NOT_A_WORKBOOK)]


def test_a_truncated_workbook_is_refused(make, refused):
    data = make((HEAD, ASKED))
    for size in range(0, len(data), len(data) // 7):
        assert refused(data[:size]) == [("the file", 0, NOT_A_WORKBOOK)]


def test_a_damaged_part_is_refused(make, refused):
    data = make((HEAD, ASKED))
    for change in (lambda text: text[:40], lambda text: text.replace(b"<row", b"<wor")):
        told = refused(with_part(data, "xl/worksheets/sheet1.xml", change))
        assert told[0][2] in (NOT_A_WORKBOOK, "The sheet is empty.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_declares_entities_is_refused(make, refused, encoding):
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def declare(content):
        text = content.decode().removeprefix('<?xml version="1.0"?>')
        return f"{declared}{text}".encode(encoding)

    data = with_part(make((HEAD, ASKED)), "xl/worksheets/sheet1.xml", declare)
    assert refused(data) == [("the file", 0, NOT_A_WORKBOOK)]


def test_a_bomb_is_refused_before_it_is_unpacked(refused, monkeypatch):
    data = zipped(**{"xl/worksheets/sheet1.xml": b"\0" * (opening.MOST_UNPACKED + 1)})
    assert len(data) < 100_000

    def unpack(*arguments):
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", unpack)
    ((sheet, row, said),) = refused(data)
    assert (sheet, row) == ("the file", 0) and "too large" in said


def test_a_bomb_that_lies_about_its_size_unpacks_to_no_more_than_it_says(refused):
    packed = zipped(**{"xl/worksheets/sheet1.xml": b"\0" * 20_000_000})
    true_size = (20_000_000).to_bytes(4, "little")
    assert packed.count(true_size) == 2
    lying = packed.replace(true_size, (1_000).to_bytes(4, "little"))
    assert refused(lying) == [("the file", 0, NOT_A_WORKBOOK)]


def test_too_many_parts_bytes_rows_or_columns_are_refused(make, refused, monkeypatch):
    told = [refused(zipped(**{f"{number}.xml": "" for number in range(600)}))]
    noise = zlib.compress(bytes(range(256)) * 10, 0)
    told.append(refused(noise * (opening.MOST_BYTES // len(noise) + 1)))
    for cell in ("A100000", "ZZ1"):
        workbook = sheets((HEAD, ASKED))
        workbook["survey"][cell] = "far away"
        told.append(refused(saved(workbook)))
    for ((sheet, row, said),) in told:
        assert (sheet, row) == ("the file", 0) and "too large" in said


def test_a_text_longer_than_a_cell_is_refused_and_not_cut(refused):
    survey, questionnaire = with_text("a" * 40_000)
    with pytest.raises(Exception, match="cannot be written in a workbook"):
        write_version(survey, questionnaire)
