"""Codes and the collection years they are of."""

import csv
from datetime import date
from pathlib import Path

import pytest

from surveys.inspections.collection_codes import YearsOfAFile, collection_year, year_name
from surveys.inspections.eligibility_report import eligibility_report
from surveys.inspections.import_report import report_on
from surveys.inspections.return_problems import Kind

DATA = Path(__file__).parents[2] / "data"
CODED = ("SEX", "PLACE", "PLACE_PROVIDER", "IN_TOUCH")


def years_of(*codes):
    years = YearsOfAFile()
    for column, code in codes:
        assert years.take(column, code) is None
    return years


def test_every_published_code_is_known():
    with (DATA / "derived" / "ssda903_codes.csv").open(encoding="utf-8", newline="") as file:
        published = [row for row in csv.DictReader(file) if row["column"] in CODED]
    assert len(published) > 40
    for row in published:
        years = years_of((row["column"], row["code"]))
        until = row["valid_to_collection"][:4]
        assert str(years.last) == until if until else years.last == 9999
        since = row["valid_from_collection"][:4]
        assert str(years.first) == since if since else years.first == 0


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([("SEX", "1"), ("SEX", "2")], "2023-24 or before"),
        ([("SEX", "m"), ("SEX", "U")], "2024-25 or after"),
        ([("PLACE", "K3"), ("PLACE", "H5")], "2024-25"),
        ([("PLACE", "Z11"), ("SEX", "F")], "2025-26 or after"),
        ([("PLACE", "U6"), ("PLACE_PROVIDER", "PR1"), ("PLACE", "")], ""),
        ([("SEX", "1"), ("SEX", "F")], ""),
    ],
)
def test_years_that_all_codes_have_in_common(codes, words):
    assert years_of(*codes).words == words


def test_codes_of_no_common_year_disagree():
    assert years_of(("SEX", "1"), ("PLACE", "Z12")).disagree
    assert years_of(("PLACE", "Z1"), ("PLACE", "Z11")).disagree
    assert not years_of(("SEX", "1"), ("PLACE", "H5")).disagree


def test_code_of_no_year_is_remarked_on_and_counts_for_nothing():
    years = YearsOfAFile()
    assert years.take("PLACE", "Q9") is Kind.NO_SUCH_CODE
    assert years.words == ""
    assert Kind.NO_SUCH_CODE.is_warning
    assert Kind.CODES_OF_TWO_YEARS.is_warning


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 3, 31), 2024), (date(2025, 4, 1), 2025), (date(2025, 12, 31), 2025)],
)
def test_collection_year_begins_in_april(day, year):
    assert collection_year(day) == year


def test_year_is_written_as_people_write_it():
    assert [year_name(year) for year in (2024, 2008, 1999)] == ["2024-25", "2008-09", "1999-00"]


def written(tmp_path, sex, place):
    header, episodes = tmp_path / "header.csv", tmp_path / "episodes.csv"
    header.write_text(f"CHILD,SEX,DOB\n7,{sex},01/02/2012\n", encoding="utf-8")
    episodes.write_text(
        f"CHILD,DECOM,LS,PLACE,PLACE_PROVIDER,DEC,REC\n7,01/02/2020,C2,{place},PR1,,\n",
        encoding="utf-8",
    )
    return report_on(header, episodes, date(2026, 11, 23))


def test_old_and_new_codes_give_the_same_cohort_and_the_report_says_the_year(tmp_path):
    old, new = written(tmp_path, "1", "H5"), written(tmp_path, "M", "K3")
    assert old.decisions == new.decisions
    assert old.decisions[0].included
    assert not old.problems
    assert "Codes in header.csv: those of the collection 2023-24 or before." in eligibility_report(
        old
    )
    assert "Codes in episodes.csv: those of the collection 2024-25 or after." in eligibility_report(
        new
    )


def test_slipped_column_is_remarked_on_by_row_and_changes_nothing(tmp_path):
    slipped = written(tmp_path, "WBRI", "PR1")
    assert [(one.kind, one.row, one.column) for one in slipped.problems] == [
        (Kind.NO_SUCH_CODE, 2, "SEX"),
        (Kind.NO_SUCH_CODE, 2, "PLACE"),
    ]
    assert slipped.decisions == written(tmp_path, "M", "U6").decisions
