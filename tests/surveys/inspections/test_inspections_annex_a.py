"""Lists 8 and 9 of Annex A, with the dirt that real workbooks have; and files that are none."""

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.inspections import workbook
from surveys.inspections.annex_a import read_annex_a
from surveys.inspections.annex_a_words import ending_code, in_touch_code, legal_status_code
from surveys.inspections.eligibility import AFTERCARE, CARE4ME
from surveys.inspections.import_report import report_on, report_on_files
from surveys.inspections.return_problems import Kind
from surveys.inspections.rules import Rule, Warned
from surveys.inspections.ssda903 import Episode
from surveys.inspections.tally import tally

DATA = Path(__file__).parents[2] / "data"
SAMPLE = DATA / "annex_a" / "Annex_A.xlsx"
D = date(2021, 3, 16)
LIST_8 = [
    "Child Unique ID", "Date of Birth", "Date Started to be Looked After",
    "Child's Legal Status", "Date Ceased to be Looked After", "Reason Ceased to be Looked After",
]  # fmt: skip
LIST_9 = ["Child Unique ID", "Date of Birth", "LA in Touch"]
BORN, BEGAN = datetime(2010, 5, 31), datetime(2019, 9, 12)  # noqa: DTZ001 - as a spreadsheet has it
EARLIER, LEFT = datetime(2015, 4, 1), datetime(2020, 12, 1)  # noqa: DTZ001


@pytest.fixture
def made(tmp_path):
    """A workbook of sheets, each a list of rows."""

    def make(change=None, **sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, lines in sheets.items():
            sheet = book.create_sheet(name.replace("_", " "))
            for line in lines:
                sheet.append(line)
        if change:
            change(book)
        path = tmp_path / "annex_a.xlsx"
        book.save(path)
        return path

    return make


def in_care(child="7", born=BORN, began=BEGAN, status="c) C2: FCO"):
    return [child, born, began, status, None, None]


def left(child="7", ended=LEFT, reason="f) E4B: Returned home"):
    return [child, BORN, EARLIER, "V2: Single period under S20", ended, reason]


def found(read):
    return [(one.kind, one.place, one.column) for one in read.problems]


def test_sample_workbook_is_decided_as_by_hand():
    report = report_on_files([SAMPLE], D)
    assert not report.refused
    decided = {one.child: (one.rule, one.survey, one.audience) for one in report.decisions}
    assert len(decided) == report.children == 5 + 6
    assert {child: decided[child] for child in list(decided)[:5]} == {
        "1761444": (Rule.IN_CARE, CARE4ME, "16-17"),
        "1373595": (Rule.IN_CARE, CARE4ME, "16-17"),
        "14065184": (Rule.IN_CARE, CARE4ME, "11-15"),
        "2529037": (Rule.UNDER_8, None, None),
        "3623204": (Rule.LEFT_CARE, AFTERCARE, "16+"),
    }
    assert [rule for rule, _, _ in decided.values()][5:] == [Rule.LEAVERS_LIST_ONLY] * 6
    assert report.decisions[0].warnings == (Warned.ADULT_IN_CARE,)
    assert tally(report.decisions, report.children).reconciles
    assert not report.problems


def test_same_children_as_ssda903_and_as_list_8_give_the_same_decisions(made):
    """Every episode as a row of List 8, OC3 as List 9: the oracle's cohorts once more."""
    folder, day = DATA / "ssda903", date(2018, 3, 31)

    def rows(name):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    births = {row["CHILD"]: row["DOB"] for row in rows("header.csv")}
    names = ("DECOM", "LS", "DEC", "REC")
    episodes = rows("episodes.csv")
    eight = [[row["CHILD"], births[row["CHILD"]], *(row[n] for n in names)] for row in episodes]
    there = {row["CHILD"] for row in episodes}
    nine = [
        [row["CHILD"], births[row["CHILD"]], row["IN_TOUCH"]]
        for row in rows("oc3.csv")
        if row["CHILD"] in there
    ]
    path = made(List_8=[LIST_8, *eight], List_9=[LIST_9, *nine])
    as_csv = report_on(folder / "header.csv", folder / "episodes.csv", day, oc3=folder / "oc3.csv")
    by_child = {one.child: one for one in as_csv.decisions if one.child in there}
    ours = report_on_files([path], day)
    assert {one.child: one for one in ours.decisions} == by_child
    assert len(by_child) == 2123
    assert tally(ours.decisions, ours.children).included == 830 + 274


def test_headings_may_stand_anywhere_under_titles_and_on_any_sheet(made):
    heading = ["", "Notes", *(f"\u00a0{name.upper().replace(' ', '  ')} " for name in LIST_8)]

    def title(book):
        book.worksheets[1].merge_cells("A1:H2")

    path = made(
        title,
        Cover=[["Annex A"]],
        Looked_after_=[
            ["Looked after children as at 16 March"],
            [],
            ["printed", None, date(2021, 3, 16)],
            heading,
            ["", "x", *in_care(" 7\u00a0")],
            [],
            ["", "", *left("8")],
        ],
    )
    read = read_annex_a(path)
    assert set(read.children) == {"7", "8"}
    assert read.children["8"].episodes[0].ending == "E4B"
    assert not read.problems


def test_other_names_of_columns_and_curly_quotes_are_known(made):
    heading = [
        "Unique Child ID", "DOB", "Date started looked after", "Child\u2019s legal status (code)",
        "Date ceased looked after", "Reason ceased looked after",
    ]  # fmt: skip
    heading[3] = "Child\u2019s Legal Status"
    read = read_annex_a(made(x=[heading, in_care()]))
    assert set(read.children) == {"7"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (datetime(2010, 5, 31), date(2010, 5, 31)),  # noqa: DTZ001
        (datetime(2010, 5, 31, 0, 0, 1), date(2010, 5, 31)),  # noqa: DTZ001
        (date(2010, 5, 31), date(2010, 5, 31)),
        ("31/05/2010", date(2010, 5, 31)),
        (" 31/05/2010\u00a0", date(2010, 5, 31)),
        ("2010-05-31", date(2010, 5, 31)),
        ("31-May-2010", date(2010, 5, 31)),
        ("31 May 2010", date(2010, 5, 31)),
        (40329, date(2010, 5, 31)),
        (40329.0, date(2010, 5, 31)),
        ("40329", date(2010, 5, 31)),
        ("31/05/10", None),
        (12, None),
        (99999, None),
        ("not known", None),
        (None, None),
        (True, None),
    ],
)
def test_dates_are_read_however_they_are_written(made, cell, expected):
    read = read_annex_a(made(List_8=[LIST_8, in_care(born=cell)]))
    assert read.children["7"].date_of_birth == expected
    assert bool(read.problems) == (expected is None)


def test_numbered_dates_begin_where_the_workbook_says(made):
    def from_1904(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    read = read_annex_a(made(from_1904, List_8=[LIST_8, in_care(born="38867")]))
    assert read.children["7"].date_of_birth == date(2010, 5, 31)


@pytest.mark.parametrize(
    ("child", "identifier"), [(1761444, "1761444"), (1761444.0, "1761444"), ("007", "007")]
)
def test_identifiers_are_text(made, child, identifier):
    assert set(read_annex_a(made(List_8=[LIST_8, in_care(child)])).children) == {identifier}


def test_child_with_two_periods_and_in_both_lists_is_one_child(made):
    path = made(
        List_8=[LIST_8, left("7", datetime(2018, 1, 1)), in_care("7")],  # noqa: DTZ001
        List_9=[LIST_9, ["7", BORN, "a) Yes"]],
    )
    read = read_annex_a(path)
    assert not read.problems
    assert [one.ended for one in read.children["7"].episodes] == [date(2018, 1, 1), None]
    assert read.children["7"].in_touch == "YES"


def test_two_dates_of_birth_are_none(made):
    path = made(List_8=[LIST_8, in_care()], List_9=[LIST_9, ["7", "01/01/2001", "a) Yes"]])
    read = read_annex_a(path)
    assert read.children["7"].date_of_birth is None
    assert found(read) == [(Kind.DIFFERENT_DATES_OF_BIRTH, "List 9, row 2", "Date of Birth")]


def test_list_9_stops_and_never_causes_an_invitation(made):
    people = {"7": "c) Died", "8": "d) Refu", "9": "a) Yes", "10": "who knows"}
    path = made(
        List_8=[LIST_8, *(left(child) for child in people)],
        List_9=[
            LIST_9,
            *([child, BORN, said] for child, said in people.items()),
            ["11", BORN, "b) No"],
        ],
    )
    report = report_on_files([path], D)
    assert {one.child: one.rule for one in report.decisions} == {
        "7": Rule.DIED_SINCE,
        "8": Rule.REFUSED_CONTACT,
        "9": Rule.LEFT_CARE,
        "10": Rule.ASK_IN_TOUCH,
        "11": Rule.LEAVERS_LIST_ONLY,
    }
    assert [one.child for one in report.decisions if one.included] == ["9"]
    assert [one.kind for one in report.problems] == [Kind.IN_TOUCH_NOT_KNOWN]


def test_somebody_who_left_and_nobody_knows_how_is_asked_about(made):
    reasons = {
        "7": None,
        "8": "went to Mars",
        "9": "u) X1: CodeError",
        "10": "Adopted - application unopposed",
    }
    path = made(List_8=[LIST_8, *(left(child, reason=said) for child, said in reasons.items())])
    report = report_on_files([path], D)
    assert {one.child: one.rule for one in report.decisions} == {
        "7": Rule.ASK_UNKNOWN_ENDING,
        "8": Rule.ASK_UNKNOWN_ENDING,
        "9": Rule.NOT_AN_ENDING,
        "10": Rule.ASK_ADOPTED,
    }
    assert [one.place for one in report.problems] == ["List 8, row 2", "List 8, row 3"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("c) E2: Died", "E2"), ("E2", "E2"), ("Child died", "E2"), ("deceased", "E2"),
        ("z) E4A: no, the child died", "E2"), ("e) E4A: Returned home", "E4A"), ("e4a", "E4A"),
        ("k)E47: Special Guardianship", "E47"), ("a) E11: Adopted", "E11"), ("X1", "X1"),
        ("E99", ""), ("E", ""), ("", ""), ("Sentenced to custody", "E9"),
    ],
)  # fmt: skip
def test_reason_for_leaving(text, code):
    assert ending_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2: FCO", "C2"), ("c2", "C2"), ("l) V3: Short term breaks, episodes recorded", "V3"),
        ("Short term breaks, agreements recorded", "V4"), ("E1: Placement order", "E1"),
        ("E4A", ""), ("", ""), ("Section 20", ""),
    ],
)  # fmt: skip
def test_legal_status(text, code):
    assert legal_status_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a) Yes", "YES"), ("yes", "YES"), ("b) No", "NO"), ("c) Died", "DIED"), ("DIED", "DIED"),
        ("d) Refu", "REFU"), ("Refused contact", "REFU"), ("e) NREQ", "NREQ"), ("f) Rhom", "RHOM"),
        ("", ""), ("maybe", "?"),
    ],
)  # fmt: skip
def test_being_in_touch(text, code):
    assert in_touch_code(text) == code


def test_errors_and_formulas_without_a_result_are_faults_and_never_blanks(made):
    path = made(
        List_8=[
            LIST_8,
            in_care("7", born="=DATE(2010,5,31)"),
            [*in_care("8")[:4], "#N/A", None],
            in_care("9"),
        ]
    )
    report = report_on_files([path], D)
    assert {one.child: one.rule for one in report.decisions} == {}  # two of three rows: refused
    kinds = [(one.kind, one.place, one.column) for one in report.problems]
    assert (Kind.NO_RESULT, "List 8, row 2", "Date of Birth") in kinds
    assert (Kind.ERROR_CELL, "List 8, row 3", "Date Ceased to be Looked After") in kinds
    read = read_annex_a(path)
    assert [one.has_unusable_row for one in read.children.values()] == [True, True, False]


def test_formula_with_a_saved_result_counts_as_its_result(made, tmp_path):
    path = made(List_8=[LIST_8, in_care(born="=DATE(2010,5,31)")])
    with_result = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(with_result, "w") as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data.replace(b"<v />", b"<v>40329</v>").replace(b"<v></v>", b"<v>40329</v>")
                assert b"40329" in data
            after.writestr(part, data)
    path.write_bytes(with_result.getvalue())
    read = read_annex_a(path)
    assert read.children["7"].date_of_birth == date(2010, 5, 31)


def test_nothing_else_of_the_lists_stays_in_memory(made):
    heading = [*LIST_8, "Placement postcode", "Allocated Worker"]
    read = read_annex_a(made(List_8=[heading, [*in_care(), "ZZ1 1ZZ", "Wyatt Hammond"]]))
    assert read.children["7"].episodes == [Episode(date(2019, 9, 12), None, "C2", "")]
    assert not [word for word in ("ZZ1", "Wyatt") if word in repr(read)]


def test_workbook_without_list_8_or_with_two_is_refused(made):
    assert found(read_annex_a(made(List_9=[LIST_9, ["7", BORN, "a) Yes"]]))) == [
        (Kind.NO_LIST, "", None)
    ]
    twice = read_annex_a(made(List_8=[LIST_8, in_care()], old=[LIST_8, in_care("9")]))
    assert found(twice) == [(Kind.SEVERAL_LISTS, "", "List 8, old")]
    assert not twice.children


def test_missing_and_repeated_columns_are_named(made):
    read = read_annex_a(made(List_8=[["Title"], LIST_8[:4], in_care()[:4]]))
    assert found(read) == [(Kind.MISSING_COLUMN, "List 8, row 2", name) for name in LIST_8[4:]]
    again = read_annex_a(made(List_8=[[*LIST_8, "DOB"], [*in_care(), BORN]]))
    assert found(again) == [(Kind.REPEATED_COLUMN, "List 8, row 1", "Date of Birth")]


def rezipped(path, change):
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def with_macros(parts):
    parts["xl/vbaProject.bin"] = b"macro"


def with_entity(parts):
    name = "xl/worksheets/sheet1.xml"
    parts[name] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts[name]


def with_late_entity(parts):
    parts["xl/other.xml"] = b" " * (256 * 1024 - 4) + b"<!ENTITY a 'b'>"


def with_bomb(parts):
    parts["xl/media/image1.bin"] = bytes(workbook.MOST_UNPACKED + 1)


def with_many_parts(parts):
    parts.update({f"xl/{number}.bin": b"" for number in range(workbook.MOST_PARTS)})


def without_workbook(parts):
    del parts["xl/workbook.xml"]


def with_endless_row(parts):
    name = "xl/worksheets/sheet1.xml"
    row = b'<row r="99999999"><c r="A99999999" t="inlineStr"><is><t>7</t></is></c></row>'
    parts[name] = parts[name].replace(b"</sheetData>", row + b"</sheetData>")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (with_macros, Kind.MACROS),
        (with_entity, Kind.DECLARATION),
        (with_late_entity, Kind.DECLARATION),
        (with_bomb, Kind.TOO_LARGE),
        (with_many_parts, Kind.TOO_LARGE),
        (with_endless_row, Kind.TOO_LARGE),
        (without_workbook, Kind.BROKEN_WORKBOOK),
    ],
)
def test_workbook_that_could_do_harm_is_refused_in_words(made, monkeypatch, change, kind):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 3_000_000)
    monkeypatch.setattr(workbook, "_LAST_ROW", 60_000)
    path = rezipped(made(List_8=[LIST_8, in_care()]), change)
    read = read_annex_a(path)
    assert [one.kind for one in read.problems] == [kind]
    assert kind.spoils_file
    assert report_on_files([path], D).refused


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (workbook.OLD_OR_ENCRYPTED + b"\0" * 500, Kind.OLD_WORKBOOK),
        (workbook.OLD_OR_ENCRYPTED + "EncryptedPackage".encode("utf-16-le"), Kind.ENCRYPTED),
        (b"PK\x03\x04nothing", Kind.BROKEN_WORKBOOK),
    ],
)
def test_file_that_is_no_plain_workbook_says_so(tmp_path, content, kind):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert [one.kind for one in report_on_files([path], D).problems] == [kind]


def test_more_rows_than_any_council_has_are_refused(made, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    path = made(List_8=[LIST_8, *(in_care(str(number)) for number in range(5))])
    assert [one.kind for one in read_annex_a(path).problems] == [Kind.TOO_LARGE]


def directory_entry(content):
    """Where the archive's own list of its parts begins."""
    return content.index(b"PK\x01\x02")


@pytest.mark.parametrize(
    ("at", "put"),
    [
        (lambda content: 30, b"\xff" * 8),  # the name of a part is no text
        (lambda content: directory_entry(content) + 42, b"\xff\xff\xff\xff"),  # it begins nowhere
    ],
)
def test_damage_that_zipfile_stumbles_over_is_refused(damaged, at, put):
    path, content = damaged
    start = at(content)
    mended = bytearray(content)
    mended[start : start + len(put)] = put
    mended[6:8] = b"\x00\x08"  # names are said to be UTF-8
    path.write_bytes(mended)
    [problem] = report_on_files([path], D).problems
    assert problem.kind is Kind.BROKEN_WORKBOOK


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), put=st.binary(min_size=1, max_size=40))
def test_damaged_workbook_is_read_or_refused_and_never_raises(damaged, at, put):
    path, content = damaged
    start = int(at * len(content))
    path.write_bytes(content[:start] + put + content[start + len(put) :])
    report_on_files([path], D)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """A workbook whose parts are not compressed, so that damage reaches what they say."""
    path = tmp_path_factory.mktemp("damaged") / "annex_a.xlsx"
    book = openpyxl.Workbook()
    for line in (LIST_8, in_care(), left("8")):
        book.active.append(line)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path, path.read_bytes()


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), put=st.text(alphabet="<>/&;\"='rcvt0AZ", min_size=1, max_size=12))
def test_sheet_that_says_nonsense_is_read_or_refused_and_never_raises(damaged, at, put):
    path, content = damaged
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    name = "xl/worksheets/sheet1.xml"
    start = int(at * len(parts[name]))
    parts[name] = parts[name][:start] + put.encode() + parts[name][start + len(put) :]
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    report_on_files([path], D)
