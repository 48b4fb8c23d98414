"""A return as read: what is kept of it, what is let go, and every problem by row."""

import csv
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from surveys.inspections.return_problems import Kind, Problem, write_problems
from surveys.inspections.ssda903 import Child, Episode, read_return

DATA = Path(__file__).parents[2] / "data" / "ssda903"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN\n"
)


@pytest.fixture
def read(tmp_path):
    """Read a return of which only the rows after the column names are given."""

    def read_text(header, episodes, oc3=None):
        paths = []
        for name, text in (("header", HEADER + header), ("episodes", EPISODES + episodes)):
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        if oc3 is not None:
            paths.append(tmp_path / "oc3.csv")
            paths[-1].write_text("CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n" + oc3, encoding="utf-8")
        return read_return(*paths)

    return read_text


def header(child="7", dob="01/02/2012"):
    return f"{child},M,{dob},WBRI,UN1,,\n"


def episode(child="7", began="01/02/2020", ended="", legal_status="C2", ending=""):
    return f"{child},{began},S,{legal_status},N1,U6,PR1,{ended},{ending},,ZZ1 1ZZ,ZZ2 2ZZ,9900001\n"


def test_only_what_eligibility_needs_is_kept(read):
    found = read(header(), episode(ended="05/06/2021", legal_status="v2", ending="e4a"))
    (child,) = found.children.values()
    assert child.date_of_birth == date(2012, 2, 1)
    assert child.episodes == [Episode(date(2020, 2, 1), date(2021, 6, 5), "V2", "E4A")]
    assert {field.name for field in fields(Child)} == {
        *("date_of_birth", "in_header", "episodes", "first_row", "has_unusable_row", "in_touch"),
        "is_on_leavers_list",
    }
    assert not found.problems


def test_no_postcode_pupil_number_or_need_stays_in_memory(read):
    kept = repr(read(header(), episode()))
    assert not [word for word in ("ZZ1", "ZZ2", "UN1", "9900001", "N1", "WBRI") if word in kept]


@pytest.mark.parametrize(
    ("header_rows", "episode_rows", "expected"),
    [
        (header(child=""), "", [(Kind.BLANK_CHILD, "header.csv", 2, "CHILD")]),
        (header(dob=""), "", [(Kind.BLANK_DATE, "header.csv", 2, "DOB")]),
        (header(dob="1/2/12"), "", [(Kind.TWO_DIGIT_YEAR, "header.csv", 2, "DOB")]),
        (header(dob="2012"), "", [(Kind.UNREADABLE_DATE, "header.csv", 2, "DOB")]),
        (header() * 2, "", [(Kind.DUPLICATE_CHILD, "header.csv", 3, "CHILD")]),
        (
            header() + header(dob="01/02/2013"),
            "",
            [(Kind.DIFFERENT_DATES_OF_BIRTH, "header.csv", 3, "DOB")],
        ),
        (header() + "8,M\n", "", [(Kind.BROKEN_ROW, "header.csv", 3, None)]),
        ("", episode(child=""), [(Kind.BLANK_CHILD, "episodes.csv", 3, "CHILD")]),
        ("", episode(began=""), [(Kind.BLANK_DATE, "episodes.csv", 3, "DECOM")]),
        ("", episode(began="1 May"), [(Kind.UNREADABLE_DATE, "episodes.csv", 3, "DECOM")]),
        ("", episode(ended="1/2/21"), [(Kind.TWO_DIGIT_YEAR, "episodes.csv", 3, "DEC")]),
        ("", episode(ended="31/01/2020"), [(Kind.ENDS_BEFORE_START, "episodes.csv", 3, "DEC")]),
        ("", "7,01/02/2020,S\n", [(Kind.BROKEN_ROW, "episodes.csv", 3, None)]),
        ("", episode(ending="E4A"), [(Kind.ENDING_WITHOUT_DATE, "episodes.csv", 3, "DEC")]),
        ("", episode(ending="X1"), []),
        ("", episode(ended="01/02/2020"), [(Kind.DATE_WITHOUT_ENDING, "episodes.csv", 3, "REC")]),
        ("", episode(child="9"), [(Kind.CHILD_NOT_IN_HEADER, "episodes.csv", 3, "CHILD")]),
    ],
)
def test_problem_names_file_row_and_column(read, header_rows, episode_rows, expected):
    found = read(header_rows or header(), episode(child="7") + episode_rows)
    named = [
        (problem.kind, problem.file, problem.row, problem.column)
        for problem in found.problems
        if not (header_rows and problem.file == "episodes.csv")
    ]
    assert named == expected


def test_two_dates_of_birth_mean_that_neither_is_used(read):
    found = read(header() + header(dob="01/02/2013"), episode())
    assert found.children["7"].date_of_birth is None


def test_unusable_row_marks_its_child(read):
    found = read(header(), episode() + episode(began=""))
    assert found.children["7"].has_unusable_row
    assert (found.episode_rows, found.unusable_episode_rows) == (2, 1)


def test_rows_of_a_child_need_not_stand_together(read):
    found = read(header() + header("8"), episode() + episode("8") + episode(began="01/03/2021"))
    assert [len(child.episodes) for child in found.children.values()] == [2, 1]


def test_oc3_can_mark_children_of_the_return_and_adds_none(read):
    found = read(header(), episode(), oc3="7,01/02/2012,died,F1,01\n9,01/02/2012,YES,F1,01\n")
    assert list(found.children) == ["7"]
    assert found.children["7"].in_touch == "DIED"


@pytest.mark.parametrize("codes", [("DIED", "YES"), ("YES", "DIED"), ("REFU", "DIED", "NO")])
def test_of_several_oc3_rows_the_gravest_counts(read, codes):
    found = read(header(), episode(), oc3="".join(f"7,01/02/2012,{code},F1,01\n" for code in codes))
    assert found.children["7"].in_touch == "DIED"


def test_swapped_files_are_problems_not_an_exception(tmp_path):
    found = read_return(DATA / "episodes.csv", DATA / "header.csv")
    missing = [(problem.file, problem.column) for problem in found.problems]
    assert missing == [
        ("episodes.csv", "DOB"),
        *(("header.csv", column) for column in ("DECOM", "DEC", "LS", "REC")),
    ]
    assert not found.children


def test_problems_never_repeat_a_value(read):
    found = read(header("SECRET-1", "13/13/2013"), episode("SECRET-2", "14/14/2014"))
    said = " ".join(str(problem) for problem in found.problems)
    assert found.problems
    assert not [value for value in ("SECRET", "13/13", "14/14") if value in said]


def test_problem_reads_as_place_fault_and_advice():
    problem = Problem(Kind.TWO_DIGIT_YEAR, "header.csv", 14, "DOB")
    assert str(problem) == (
        "header.csv, row 14, DOB: the year has two digits, which could mean two centuries. "
        "Write the year with four digits: 31/03/2026."
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_problem_has_words_and_advice(kind):
    assert kind.wrong
    assert kind.advice.endswith(".")
    assert not (kind.is_warning and kind.spoils_file)


def test_all_problems_can_be_written_for_a_spreadsheet(read, tmp_path):
    found = read(header(dob=""), episode("8") + episode("9"))
    write_problems(found.problems, tmp_path / "problems.csv")
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["row"], row["kind"]) for row in rows] == [
        ("header.csv", "2", "blank_date"),
        ("episodes.csv", "2", "child_not_in_header"),
        ("episodes.csv", "3", "child_not_in_header"),
    ]
