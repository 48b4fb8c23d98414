"""Lists of adults: references only, all or nobody, and never a name by accident."""

import csv
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import CohortChange, counts_by_audience, import_people, members_of
from surveys.inspections.commands import inspections as group
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.people_faults import Wrong
from surveys.inspections.people_list import _COLUMNS, MOST_PEOPLE, read_people
from surveys.inspections.record import inspections

ROOT = Path(__file__).parents[3]
INSPECTION = b"i" * 16
ADULT = ("adult",)
TWO = ("adult", "manager")


@pytest.fixture
def read(tmp_path):
    def read_text(content, versions=ADULT):
        path = tmp_path / "staff.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_people(path, versions)

    return read_text


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


def found(listed):
    return [(fault.wrong, fault.row, fault.column) for fault in listed.faults]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_list_is_read_however_it_was_saved(read, separator, encoding):
    text = "Reference,Team or setting,Organisation,Role\nA-1,Café,Council,IRO\n\nA/2,,Charity,\n"
    listed = read(text.replace(",", separator).encode(encoding))
    assert listed.people == (("A-1", "adult"), ("A/2", "adult"))
    assert (listed.teams, listed.organisations, listed.by_version) == (1, 2, {"adult": 2})
    assert not listed.faults
    assert not [word for word in ("Café", "Charity", "IRO") if word in repr(listed)]


def test_version_may_be_called_audience_or_role_and_is_needed_where_there_are_several(read):
    for name in ("version", "Audience", "ROLE"):
        listed = read(f"reference,{name}\n1,Adult\n2,manager\n", TWO)
        assert listed.people == (("1", "adult"), ("2", "manager"))
    assert found(read("reference,version\n1,\n2,nurse\n", TWO)) == [
        (Wrong.NO_VERSION, 2, "version"),
        (Wrong.OTHER_VERSION, 3, "version"),
    ]
    assert found(read("reference,version\n1,manager\n")) == [(Wrong.OTHER_VERSION, 2, "version")]


@pytest.mark.parametrize(
    "column",
    [
        "name", "First name", "SURNAME", "forename(s)", "E-mail", "email address", "e_mail", "Tel.",
        "Mobile", "telephone number", "home-address", "Postcode", "Date of birth", "DOB",
        "NHS number", "NI / National Insurance", "SWE number", "jo@example.org", "Line manager",
        "Contact", "User name",
    ],
)  # fmt: skip
def test_column_that_leads_to_a_person_is_refused_and_not_repeated(read, column):
    listed = read(f"reference,{column}\nA1,x\n")
    assert found(listed) == [(Wrong.CONTACT_COLUMN, 1, "column 2")]
    assert "a file of their own" in str(listed.faults[0])
    assert listed.people == ()
    if column not in ("name", "E-mail"):  # words that the advice has too
        assert column not in str(listed.faults[0])


def test_unknown_repeated_and_missing_columns_are_refused(read):
    assert found(read("reference,shoe size\nA1,9\n")) == [(Wrong.OTHER_COLUMN, 1, "column 2")]
    assert set(_COLUMNS.values()) <= set(re.findall("[a-z]+", Wrong.OTHER_COLUMN.advice))
    assert found(read("reference,ref\nA1,A1\n")) == [(Wrong.REPEATED_COLUMN, 1, "reference")]
    assert found(read("team\nNorth\n")) == [(Wrong.NO_REFERENCE_COLUMN, 1, "")]
    listed = read("Jane Smith,North\nJo Jones,South\n")  # no row of names: the first row is data
    assert listed.refused
    assert "Jane" not in " ".join(map(str, listed.faults))


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("", Wrong.NO_REFERENCE),
        ("Jane Smith", Wrong.NOT_A_REFERENCE),
        ("jane.smith@example.org", Wrong.ADDRESS),
        ("07700900123", Wrong.ADDRESS),
        ("00447700900123", Wrong.ADDRESS),
        ("SW12345", Wrong.REGISTRATION),
        ("sw 123456", Wrong.REGISTRATION),
        ("=1+1", Wrong.FORMULA),
        ("@SUM(A1)", Wrong.FORMULA),
        ("-7", Wrong.FORMULA),
        ("+447700900123", Wrong.FORMULA),
        ("A" * 37, Wrong.NOT_A_REFERENCE),
        ("A" * 300, Wrong.TOO_LONG),
        ("Zoë", Wrong.NOT_A_REFERENCE),
    ],
)
def test_fault_of_one_row_refuses_the_list_and_is_never_repeated(read, cell, wrong):
    listed = read(f"reference,team\nA1,North\n{cell},South\n")
    assert found(listed) == [(wrong, 3, "reference")]
    assert listed.people == ()
    assert not cell or cell not in str(listed.faults[0])


def test_formula_in_any_column_is_a_fault(read):
    assert found(read('reference,team\nA1,"=HYPERLINK(""x"")"\n')) == [(Wrong.FORMULA, 2, "team")]


def test_twice_the_same_is_one_person_and_twice_different_is_a_fault(read):
    listed = read("reference,version\nA1,adult\nA1,adult\n", TWO)
    assert (listed.people, listed.refused) == ((("A1", "adult"),), False)
    assert found(listed) == [(Wrong.TWICE, 3, "reference")]
    assert found(read("reference,version\nA1,adult\nA1,manager\n", TWO)) == [
        (Wrong.TWO_VERSIONS, 3, "reference")
    ]


@pytest.mark.parametrize("row", ["A1", "A1,x,y", ""])
def test_broken_row_is_a_fault(read, row):
    listed = read(f"reference,team\n{row}\nA2,North\n")
    assert found(listed) == ([(Wrong.BROKEN_ROW, 2, "")] if row else [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file holds no rows"),
        (b"reference\n", "the file holds no rows"),
        (b"PK\x03\x04", "this is an Excel workbook"),
        (b'reference\n"A1\n', "a quotation mark is not closed"),
    ],
)
def test_file_that_cannot_be_read_says_why(read, content, words):
    listed = read(content)
    assert listed.refused
    assert words in str(listed.faults[0])


def test_list_without_end_is_refused(read):
    rows = "\n".join(f"A{number}" for number in range(MOST_PEOPLE + 1))
    assert found(read(f"reference\n{rows}\n")) == [(Wrong.TOO_MANY, 0, "")]
    assert not read(f"reference\n{rows.rpartition(chr(10))[0]}\n").faults


@settings(max_examples=60, deadline=None)
@given(content=st.text(alphabet="refnc,;\"'\n=@A1 ", max_size=60))
def test_any_text_is_read_or_refused_and_never_raises(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("list") / "staff.csv"
    path.write_text("reference" + content, encoding="utf-8")
    listed = read_people(path, ADULT)
    assert not (listed.refused and listed.people)


# Members.


def references(engine, survey="staff"):
    return {one.child: (one.id, one.audience) for one in members_of(engine, INSPECTION, survey)}


def test_list_becomes_members_and_a_second_import_adds_only_newcomers(engine):
    import_people(engine, INSPECTION, "staff", [("A1", "adult"), ("A2", "adult")])
    before = references(engine)
    change = import_people(engine, INSPECTION, "staff", [("A2", "adult"), ("A3", "adult")])
    assert change == CohortChange(1, 2, (), absent=1)
    after = references(engine)
    assert set(after) == {"A1", "A2", "A3"}
    assert {name: after[name] for name in before} == before


def test_same_reference_may_stand_in_two_lists_and_be_a_childs_too(engine):
    from surveys.inspections.cohorts import import_cohort
    from surveys.inspections.eligibility import CARE4ME, Decision
    from surveys.inspections.rules import Rule

    import_cohort(engine, INSPECTION, [Decision("7", Rule.IN_CARE, True, CARE4ME, 13)])
    for survey in ("staff", "social_workers"):
        import_people(engine, INSPECTION, survey, [("7", "adult")])
    for survey in ("staff", "social_workers", CARE4ME):
        assert set(references(engine, survey)) == {"7"}
    stopped = import_cohort(engine, INSPECTION, [Decision("7", Rule.DIED, False, CARE4ME, 13)])
    assert len(stopped.stopped) == 1
    assert set(references(engine)) == {"7"}
    assert references(engine, CARE4ME) == {}


def test_version_changes_unless_the_person_is_invited(engine):
    import_people(engine, INSPECTION, "staff", [("A1", "adult"), ("A2", "adult")])
    invited = {references(engine)["A1"][0]}
    both = [("A1", "manager"), ("A2", "manager")]
    change = import_people(engine, INSPECTION, "staff", both, invited)
    assert (change.changed, change.held) == (1, 1)
    assert {name: one[1] for name, one in references(engine).items()} == {
        "A1": "adult",
        "A2": "manager",
    }


def test_members_of_a_list_get_a_link_each_and_only_once(engine):
    from surveys.invitations.issuing import invitations_for_cohort
    from surveys.invitations.register import add_invitations
    from surveys.vault.waves import Wave, WaveStatus

    day = datetime(2026, 11, 23).date()  # noqa: DTZ001
    wave = Wave(
        b"w" * 16, INSPECTION, "staff", 1, WaveStatus.OPEN, day, day, 4096, b"h" * 32, True
    )  # fmt: skip
    import_people(engine, INSPECTION, "staff", [("A1", "adult"), ("A2", "adult")])
    first = invitations_for_cohort(engine, wave, {"adult": "link"})
    add_invitations(engine, first)
    assert [one.channel for one in first] == ["link", "link"]
    assert {one.member_id for one in first} == {one[0] for one in references(engine).values()}
    import_people(engine, INSPECTION, "staff", [("A2", "adult"), ("A3", "adult")])
    (newcomer,) = invitations_for_cohort(engine, wave, {"adult": "link"})
    assert newcomer.member_id == references(engine)["A3"][0]


# The command.


@pytest.fixture
def site(engine, tmp_path):
    survey = SimpleNamespace(questionnaires=[SimpleNamespace(audience="adult")])
    return SimpleNamespace(
        engine=engine,
        frameworks=load_frameworks(ROOT / "config" / "frameworks"),
        surveys={"care4me": survey, "staff": survey, "social_workers": survey},
        authority="Exampleshire County Council",
        summaries=tmp_path / "summaries",
        demo=True,
        now=lambda: datetime(2026, 11, 27, 12, 0),  # noqa: DTZ001 - only the day is used
    )


@pytest.fixture
def run(site):
    def run_words(*words):
        return CliRunner().invoke(group, list(map(str, words)), obj=site)

    run_words("open", "--day-1", "2026-11-23", "--framework", "2009", "--title", "Inspection")
    return run_words


@pytest.fixture
def staff(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_text("reference,team\nA1,North\nA2,South\n", encoding="utf-8")
    return path


def test_import_list_reports_and_adds(run, site, staff):
    done = run("import-list", "staff", staff)
    assert done.exit_code == 0, done.output
    assert "adult: 2\n  teams or settings: 2, organisations: 0\nAdded 2, kept 0." in done.output
    (opened,) = inspections(site.engine)
    assert counts_by_audience(site.engine, opened.id) == {"staff": {"adult": 2}}
    assert "Added 0, kept 2." in run("import-list", "staff", staff).output


def test_dry_run_adds_nobody(run, site, staff):
    done = run("import-list", "staff", staff, "--dry-run")
    assert done.exit_code == 0
    assert "would have this effect:\nAdded 2, kept 0." in done.output
    assert counts_by_audience(site.engine, inspections(site.engine)[0].id) == {}


def test_faults_are_shown_written_and_nobody_is_added(run, site, staff, tmp_path):
    staff.write_text("reference\nA1\nJane Smith\n", encoding="utf-8")
    problems = tmp_path / "faults.csv"
    done = run("import-list", "staff", staff, "--problems", problems)
    assert done.exit_code == 1
    assert "nobody was imported" in done.output
    assert "Jane" not in done.output + problems.read_text(encoding="utf-8-sig")
    with problems.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["row"], row["column"], row["kind"]) == ("3", "reference", "not_a_reference")
    assert counts_by_audience(site.engine, inspections(site.engine)[0].id) == {}


@pytest.mark.parametrize("survey", ["care4me", "nothing"])
def test_only_surveys_of_adults_have_lists(run, staff, survey):
    done = run("import-list", survey, staff)
    assert done.exit_code == 1
    assert "staff, social_workers" in done.output
