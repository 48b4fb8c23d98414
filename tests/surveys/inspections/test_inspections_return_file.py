"""One CSV file, however it was saved; and what is said when it cannot be used."""

from datetime import date

import pytest

from surveys.inspections.return_file import UnusableFile, read_date, read_rows
from surveys.inspections.return_problems import Kind

COLUMNS = ("CHILD", "DOB")
ROWS = [(2, ("7", "01/02/2012")), (4, ("8", "03/04/2013"))]
TEXT = "CHILD,SEX,DOB\n7,M,01/02/2012\n\n8,F,03/04/2013\n"


def written(tmp_path, content):
    path = tmp_path / "header.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path, content, columns=COLUMNS):
    return [(row.number, row.cells) for row in read_rows(written(tmp_path, content), columns)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_file_is_read_however_it_was_saved(tmp_path, separator, line_end, encoding):
    text = TEXT.replace(",", separator).replace("\n", line_end)
    assert read(tmp_path, text.encode(encoding)) == ROWS


@pytest.mark.parametrize(
    "text",
    [
        'CHILD,SEX,DOB\n"7",M,"01/02/2012"\n\n"8","F",03/04/2013\n',
        " child ,Sex,\u00a0Dob\u00a0\n 7 ,M,01/02/2012 \n,,\n8,F,\u00a003/04/2013\n",
        "CHILD,SEX,DOB,\n7,M,01/02/2012,\n ,, ,\n8,F,03/04/2013,,,\n",  # blank cells at the end
        "DOB,CHILD\n01/02/2012,7\n\n03/04/2013,8",
        'CHILD,SEX,DOB\n7,"a ""quoted"", cell",01/02/2012\n\n8,F,03/04/2013\n',
    ],
)
def test_quotes_case_blanks_and_order_do_not_matter(tmp_path, text):
    assert read(tmp_path, text) == ROWS


@pytest.mark.parametrize(
    ("content", "first"),
    [
        ("CHILD,SEX,DOB\nJos\u00e9,M,01/02/2012\n".encode("cp1252"), "Jos\u00e9"),
        ("CHILD,SEX,DOB\nJos\u00e9,M,01/02/2012\n".encode(), "Jos\u00e9"),
        (b"CHILD,SEX,DOB\n" + b"1,M,01/02/2012\n" * 9000 + b"\x80,M,01/02/2012\n", "1"),
    ],
)
def test_accents_are_read_in_either_encoding(tmp_path, content, first):
    assert read(tmp_path, content)[0][1][0] == first


def test_line_break_inside_a_quoted_cell_is_one_row(tmp_path):
    text = 'CHILD,SEX,DOB\n"7\n8",M,01/02/2012\n9,F,03/04/2013\n'
    assert [number for number, _ in read(tmp_path, text)] == [2, 3]


@pytest.mark.parametrize("row", ["7,M", "7", "7,M,01/02/2012,and more"])
def test_row_with_too_few_or_too_many_cells_is_broken(tmp_path, row):
    assert read(tmp_path, f"CHILD,SEX,DOB\n{row}\n") == [(2, None)]


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (b"", [Kind.EMPTY_FILE]),
        (b"\n \n", [Kind.EMPTY_FILE]),
        (b"CHILD,SEX,DOB\n", [Kind.EMPTY_FILE]),
        (b"CHILD,SEX,DOB\n,,\n", [Kind.EMPTY_FILE]),
        (b"PK\x03\x04rest of a workbook", [Kind.WORKBOOK]),
        (b"\x00\x01\x02", [Kind.NOT_TEXT]),
        (b"CHILD,DOB\n\x81\x8d,01/02/2012\n", [Kind.NOT_TEXT]),
        (b"CHILD,SEX\n7,M\n", [Kind.MISSING_COLUMN]),
        (b"7,M,01/02/2012\n8,F,03/04/2013\n", [Kind.MISSING_COLUMN, Kind.MISSING_COLUMN]),
        (b"CHILD,DOB,child\n7,01/02/2012,8\n", [Kind.REPEATED_COLUMN]),
        (b'CHILD,DOB\n7,"01/02/2012\n8,03/04/2013\n', [Kind.BROKEN_QUOTES]),
        (b'CHILD,DOB\n7,"01/02"/2012\n', [Kind.BROKEN_QUOTES]),
    ],
)
def test_unusable_file_says_why(tmp_path, content, kinds):
    with pytest.raises(UnusableFile) as raised:
        read(tmp_path, content)
    assert [problem.kind for problem in raised.value.problems] == kinds
    assert all(problem.file == "header.csv" for problem in raised.value.problems)
    assert all(kind.spoils_file for kind in kinds)


def test_file_that_is_not_there_is_a_problem_too(tmp_path):
    with pytest.raises(UnusableFile, match=r"header\.csv: the file cannot be opened"):
        list(read_rows(tmp_path / "header.csv", COLUMNS))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/03/2018", date(2018, 3, 31)),
        ("1/3/2018", date(2018, 3, 1)),
        ("31-03-2018", date(2018, 3, 31)),
        ("31.03.2018", date(2018, 3, 31)),
        ("31/03/2018 00:00", date(2018, 3, 31)),
        ("31/03/2018 00:00:00", date(2018, 3, 31)),
        ("2018-03-31", date(2018, 3, 31)),
        ("2018-03-31T00:00:00", date(2018, 3, 31)),
        ("2018-03-31 00:00:00.000", date(2018, 3, 31)),
        ("29/02/2020", date(2020, 2, 29)),
        ("", Kind.BLANK_DATE),
        ("31/03/18", Kind.TWO_DIGIT_YEAR),
        ("31-3-18", Kind.TWO_DIGIT_YEAR),
        ("03/31/2018", Kind.UNREADABLE_DATE),
        ("31/03-2018", Kind.UNREADABLE_DATE),
        ("29/02/2019", Kind.UNREADABLE_DATE),
        ("31/03/0018", Kind.UNREADABLE_DATE),
        ("43190", Kind.UNREADABLE_DATE),
        ("31/03/2018 14:05", Kind.UNREADABLE_DATE),
        ("unknown", Kind.UNREADABLE_DATE),
        ("٣١/٠٣/٢٠١٨", date(2018, 3, 31)),  # digits of another script are digits
    ],
)
def test_date_is_read_day_first_or_refused(text, expected):
    assert read_date(text) == expected
