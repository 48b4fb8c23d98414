"""The return as XML: the same cohort as the CSV files, and nothing that such a file can do to us."""

import csv
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.inspections.import_report import report_on, report_on_files
from surveys.inspections.return_kinds import ReturnKind, kind_of
from surveys.inspections.return_problems import Kind
from surveys.inspections.ssda903 import Episode
from surveys.inspections.tally import tally
from surveys.inspections.xml_return import MOST_BYTES, read_xml_return

DATA = Path(__file__).parents[2] / "data" / "ssda903"
D = date(2018, 3, 31)
IN_XML = {"CHILD": "CHILDID", "PLACE": "PL"}


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def element(name, text):
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"


def as_xml(header, episodes, oc3=()):
    """The tables of a return, written as the XML of the same return."""
    by_child, touch = {}, {}
    for row in episodes:
        by_child.setdefault(row["CHILD"], []).append(row)
    for row in oc3:
        touch.setdefault(row["CHILD"], []).append(row["IN_TOUCH"])
    parts = ["<?xml version='1.0' encoding='utf-8'?>\n<EXPSSDA903>"]
    for row in header:
        child = row["CHILD"]
        said = "".join(f"<OC3>{element('IN_TOUCH', one)}</OC3>" for one in touch.get(child, ()))
        head = "".join(element(IN_XML.get(name, name), cell) for name, cell in row.items())
        cares = "".join(
            "<EPISODE>"
            + "".join(element(IN_XML.get(n, n), c) for n, c in one.items() if n != "CHILD")
            + "</EPISODE>"
            for one in by_child.get(child, ())
        )
        parts.append(f"<CHILD><HEADER>{head}<UASC />{said}</HEADER>{cares}</CHILD>\n")
    return "".join((*parts, "</EXPSSDA903>"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("xml") / "return.xml"
    path.write_text(as_xml(rows("header.csv"), rows("episodes.csv"), rows("oc3.csv")), "utf-8")
    return path


@pytest.fixture
def read(tmp_path):
    def read_text(content):
        path = tmp_path / "return.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_xml_return(path)

    return read_text


def child(header="<CHILDID>7</CHILDID><DOB>01/02/2012</DOB>", *episodes):
    return f"<CHILD><HEADER>{header}</HEADER>{''.join(episodes)}</CHILD>"


def episode(began="01/02/2020", ended="", ending="", more=""):
    return (
        f"<EPISODE><DECOM>{began}</DECOM><LS>C2</LS><PL>U6</PL>"
        f"{element('DEC', ended)}{element('REC', ending)}{more}</EPISODE>"
    )


def xml(*children):
    return f"<EXPSSDA903>{''.join(children)}</EXPSSDA903>"


def found(returned):
    return [(one.kind, one.place, one.column) for one in returned.problems]


def test_same_return_as_csv_and_as_xml_gives_the_same_cohort(whole):
    as_csv = report_on(DATA / "header.csv", DATA / "episodes.csv", D, oc3=DATA / "oc3.csv")
    one_file = report_on_files([whole], D)
    assert not one_file.refused
    assert one_file.decisions == as_csv.decisions
    counted = tally(one_file.decisions, one_file.children)
    assert (counted.children, counted.included, counted.reconciles) == (2675, 830 + 274, True)
    assert one_file.episode_rows == 5050
    assert one_file.count(Kind.ENDING_WITHOUT_DATE) == 353


def test_places_of_problems_can_be_found_in_the_file(read):
    returned = read(
        xml(
            child("<CHILDID>7</CHILDID><DOB>1/2/12</DOB>", episode()),
            child("<CHILDID>8</CHILDID><DOB>01/02/2012</DOB>", episode(), episode("1 May")),
            child("<DOB>01/02/2012</DOB>", episode()),
        )
    )
    assert found(returned) == [
        (Kind.TWO_DIGIT_YEAR, "CHILD 1", "DOB"),
        (Kind.UNREADABLE_DATE, "CHILD 2, EPISODE 2", "DECOM"),
        (Kind.BLANK_CHILD, "CHILD 3", "CHILD"),
        (Kind.BLANK_CHILD, "CHILD 3, EPISODE 1", "CHILD"),
    ]
    assert str(returned.problems[1]).startswith("return.xml, CHILD 2, EPISODE 2, DECOM: ")
    assert returned.children["8"].has_unusable_row
    assert (returned.episode_rows, returned.unusable_episode_rows) == (4, 2)


def test_only_what_eligibility_needs_is_kept(read):
    returned = read(
        xml(
            child(
                "<CHILDID> 7 </CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>01/02/2012</DOB><OC2>"
                "<CONVICTED>1</CONVICTED></OC2><IN_TOUCH>no</IN_TOUCH>",
                episode(ended="05/06/2021", ending="e4a", more="<HOME_POST>ZZ1 1ZZ</HOME_POST>"),
            )
        )
    )
    (only,) = returned.children.values()
    assert only.episodes == [Episode(date(2020, 2, 1), date(2021, 6, 5), "C2", "E4A")]
    assert (only.date_of_birth, only.in_touch) == (date(2012, 2, 1), "NO")
    assert not [word for word in ("UN1", "ZZ1", "CONVICTED") if word in repr(returned)]
    assert not returned.problems


def test_the_gravest_word_about_being_in_touch_counts_and_no_code_is_no_yes(read):
    said = "<IN_TOUCH>YES</IN_TOUCH><OC3><IN_TOUCH>REFU</IN_TOUCH></OC3>"
    returned = read(
        xml(
            child(f"<CHILDID>7</CHILDID><DOB>01/02/2012</DOB>{said}"),
            child("<CHILDID>8</CHILDID><DOB>01/02/2012</DOB><IN_TOUCH>dead</IN_TOUCH>"),
        )
    )
    assert [one.in_touch for one in returned.children.values()] == ["REFU", "?"]
    assert found(returned) == [(Kind.IN_TOUCH_NOT_KNOWN, "CHILD 2", "IN_TOUCH")]


def test_element_twice_with_two_contents_makes_the_record_unusable(read):
    twice = "<CHILDID>7</CHILDID><DOB>01/02/2012</DOB><DOB>01/02/2013</DOB>"
    returned = read(
        xml(
            child(twice, episode()),
            child("<CHILDID>8</CHILDID><DOB>01/02/2012</DOB>", episode(more="<LS>V4</LS>")),
            child("<CHILDID>9</CHILDID><DOB>01/02/2012</DOB><DOB>01/02/2012</DOB>", episode()),
        )
    )
    assert [one.has_unusable_row for one in returned.children.values()] == [True, True, False]
    assert [one.kind for one in returned.problems] == [Kind.REPEATED_ELEMENT] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "us-ascii"])
def test_file_is_read_in_whatever_encoding_it_declares(read, encoding):
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f"<?xml version='1.0' encoding='{name}'?>" + xml(child())
    assert set(read(text.encode(encoding)).children) == {"7"}


BOMB = "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>{}]>".format(
    "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (BOMB + "<EXPSSDA903>&j;</EXPSSDA903>", Kind.DECLARATION),
        ("<!DOCTYPE EXPSSDA903>" + xml(child()), Kind.DECLARATION),
        (
            '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><EXPSSDA903>&f;</EXPSSDA903>',
            Kind.DECLARATION,
        ),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><EXPSSDA903/>', Kind.DECLARATION),
        ("<EXPSSDA903>&other;</EXPSSDA903>", Kind.BROKEN_XML),
        ("<html><body/></html>", Kind.OTHER_XML),
        ("<EXPSSDA903>" + "<a>" * 100, Kind.OTHER_XML),
        (xml(child())[:-9], Kind.BROKEN_XML),
        ("<?xml version='1.0' encoding='klingon'?><EXPSSDA903/>", Kind.BROKEN_XML),
        ("", Kind.BROKEN_XML),
        (b"<EXPSSDA903>\xff\xfe</EXPSSDA903>", Kind.BROKEN_XML),
    ],
)
def test_file_that_is_no_return_is_refused_in_words(read, content, kind):
    returned = read(content)
    assert [one.kind for one in returned.problems][:1] == [kind]
    assert kind.spoils_file
    assert "root:" not in repr(returned)


def test_file_larger_than_any_return_is_refused_unread(tmp_path):
    path = tmp_path / "return.xml"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert [one.kind for one in read_xml_return(path).problems] == [Kind.TOO_LARGE]


def test_a_value_without_end_is_not_collected(read):
    returned = read(xml(child(f"<CHILDID>7</CHILDID><DOB>{'1' * 3_000_000}</DOB>")))
    assert found(returned) == [(Kind.UNREADABLE_DATE, "CHILD 1", "DOB")]


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 400), put=st.binary(max_size=6))
def test_damaged_file_never_raises(tmp_path_factory, cut, put):
    content = xml(child(), child("<CHILDID>8</CHILDID>", episode())).encode()
    path = tmp_path_factory.mktemp("damaged") / "return.xml"
    path.write_bytes(content[:cut] + put + content[cut + len(put) :])
    report_on_files([path], D)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<EXPSSDA903/>", ReturnKind.XML),
        (b"\xef\xbb\xbf \r\n<?xml version='1.0'?>", ReturnKind.XML),
        ("<EXPSSDA903/>".encode("utf-16"), ReturnKind.XML),
        (b"CHILD,DOB\n", ReturnKind.CSV),
        (b"PK\x03\x04", ReturnKind.WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ReturnKind.WORKBOOK),
        (b"", ReturnKind.CSV),
    ],
)
def test_kind_of_file_is_told_by_how_it_begins(tmp_path, content, kind):
    path = tmp_path / "return.csv"
    path.write_bytes(content)
    assert kind_of(path) is kind


def test_files_that_make_no_return_together_are_refused(whole):
    for files in ([DATA / "header.csv"], [whole, whole], [DATA / "header.csv", whole]):
        report = report_on_files(files, D)
        assert [one.kind for one in report.problems] == [Kind.NOT_A_RETURN]
        assert report.refused


def test_care_leaver_file_beside_xml_stops_as_it_does_beside_csv(tmp_path):
    path = tmp_path / "return.xml"
    path.write_text(as_xml(rows("header.csv"), rows("episodes.csv")), "utf-8")
    both = [
        report_on_files(files, D, oc3=DATA / "oc3.csv").decisions
        for files in ([path], [DATA / "header.csv", DATA / "episodes.csv"])
    ]
    assert both[0] == both[1]
