"""The pages: what they show is a function of the signed Summary, for readers with eyes or without."""

import hashlib
import json
import re
from fractions import Fraction

import html5lib
import pytest

from analysis.cells import published
from analysis.summary import CoverageRow, Theme, summary_to_bytes
from surveys.audiences import Audience
from tests.analysis.results_site import results_site, sign_into
from tests.analysis.sample_summary import HOMES, sample_summary

UNASKED = Theme(id="S4", label="Agencies work together")
SUMMARY = sample_summary(themes=(*sample_summary().themes, UNASKED))
QUESTIONS = sorted({item.question for item in SUMMARY.items})
THEMES = [theme.id for theme in SUMMARY.themes]
HOME = "/results/care4me/1"
PAGES = [
    "/results/",
    f"{HOME}/",
    f"{HOME}/about",
    *(f"{HOME}/{theme}" for theme in THEMES),
    *(f"{HOME}/question/{question}" for question in QUESTIONS),
]
FIGURE_PAGES = [page for page in PAGES[3:] if page not in (f"{HOME}/S4",)]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return results_site(tmp_path_factory.mktemp("summaries"), SUMMARY).test_client()


def parsed(client, page):
    response = client.get(page)
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words_of(element):
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_without_inline_code_or_another_host(client, page):
    document = parsed(client, page)
    assert len(document.findall(".//h1")) == 1
    assert words_of(document.find(".//title"))
    ids = [e.attrib["id"] for e in document.iter() if isinstance(e.tag, str) and "id" in e.attrib]
    assert len(ids) == len(set(ids))
    text = client.get(page).get_data(as_text=True)
    assert "<style" not in text
    assert " style=" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    for script in document.findall(".//script"):
        assert script.attrib.get("type") == "application/json" or "src" in script.attrib
    for svg in document.findall(".//svg"):
        assert svg.attrib["aria-hidden"] == "true"


def numbers_known():
    """Every number that a page may show, worked out here from the Summary alone."""
    known = set()
    for row in SUMMARY.coverage:
        invited, responded = row.invited.count, row.responded.count
        known |= {invited, responded, percent(responded, invited), invited - responded}
    for item in SUMMARY.items:
        for table in item.tables:
            for row in table.rows:
                known |= row_numbers(table, row)
    for question in QUESTIONS:  # one question over its scales
        rows = [i.tables[0] for i in SUMMARY.items if i.question == question]
        part = sum(of_valence(table, table.rows[0], "positive") or 0 for table in rows)
        base = sum(valid(table, table.rows[0]) for table in rows)
        known |= {part, base, percent(part, base)}
    return known | theme_means()


def percent(part, base):
    return int(Fraction(part, base) * 100 + Fraction(1, 2)) if base else 0


def valid(table, row):
    counts = by_kind(table, row)
    if "option" in counts:
        return counts["option"]
    return sum(
        cell.count
        for category, cell in zip(table.categories, row.cells, strict=True)
        if category.kind == "net" and category.code != "net_no_answer" and cell.count is not None
    )


def by_kind(table, row):
    found = {}
    for category, cell in zip(table.categories, row.cells, strict=True):
        kind = "past" if category.code == "not_asked" else category.kind
        if kind == "option" and cell.count is None:
            return {}
        found[kind] = found.get(kind, 0) + (cell.count or 0)
    return found


def of_valence(table, row, valence):
    cells = [
        cell.count
        for category, cell in zip(table.categories, row.cells, strict=True)
        if category.valence == valence and category.kind == "option"
    ]
    return None if None in cells else sum(cells)


def row_numbers(table, row):
    if row.base.count is None:
        return set()
    past = by_kind(table, row).get("past", 0)
    base, asked = valid(table, row), row.base.count - past
    counts = [cell.count for cell in row.cells if cell.count is not None]
    nets = [of_valence(table, row, v) for v in ("positive", "neutral", "negative")]
    nets = [count for count in nets if count is not None]
    parts = {percent(count, of) for count in (*counts, *nets) for of in (base, asked)}
    return {row.base.count, base, asked, *counts, *nets, *parts}


def theme_means():
    found = set()
    for theme in SUMMARY.themes:
        for level in ("all", "8-10", "11-15", "16-17"):
            shares = []
            for question in QUESTIONS:
                part = base = 0
                for item in (i for i in SUMMARY.items if i.question == question):
                    table, row = level_row(item, level)
                    if theme.id in item.themes and row and of_valence(table, row, "positive"):
                        part += of_valence(table, row, "positive")
                        base += valid(table, row)
                if base:
                    shares.append(Fraction(part, base))
                    found.add(percent(part, base))
            if shares:
                found.add(percent(sum(shares) / len(shares), 1))
            found.add(len(shares))
    return found


def level_row(item, level):
    if level == "all":
        return item.tables[0], item.tables[0].rows[0]
    if item.asked_of == (level,):
        return item.tables[0], item.tables[0].rows[0]
    for table in item.tables:
        for row in table.rows:
            if table.group == "age_version" and row.level == level:
                return table, row
    return None, None


RULES = {1, 2, 4, 5, 9, 10, 19, 20, 49, 50, 59, 60, 69, 70, 79, 80, 256, 2026, 13, 11}
LABELS = re.compile(
    r"[Aa]ged \d+ to \d+(?: and \d+ to \d+)?|\(the words for [\d-]+\)|S4|L\d|\d in 10|SHA-256"
    r"|between (?:\d+%|almost none) and (?:\d+%|nearly all)"  # has its own test
)


@pytest.mark.parametrize("page", PAGES)
def test_every_number_on_a_page_is_a_function_of_the_summary(client, page):
    document = parsed(client, page)
    for script in document.findall(".//script"):
        script.text = ""  # figures have their own test
    main = document.find(".//main")
    told = [words_of(main)]
    told += [e.attrib["aria-label"] for e in main.iter() if "aria-label" in e.attrib]
    fingerprint = hashlib.sha256(summary_to_bytes(SUMMARY)).hexdigest()
    plain = LABELS.sub("", " ".join(told).replace(fingerprint, ""))
    shown = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", plain)}
    assert shown <= numbers_known() | RULES
    assert not re.search(r"\d\.\d", plain), "never a decimal"
    assert not re.search(r"(?<!\d)(?:0|100)%", plain), "a rounded nothing is not nobody"


@pytest.mark.parametrize("page", FIGURE_PAGES)
def test_every_figure_is_a_labelled_image_with_a_table_and_a_csv(client, page):
    document = parsed(client, page)
    figures = document.findall(".//figure")
    for figure in figures:
        assert figure.attrib["role"] == "group"
        assert document.find(f".//*[@id='{figure.attrib['aria-labelledby']}']") is not None
        chart = figure.find("./div[@data-fig]")
        assert chart.attrib["role"] == "img"
        assert chart.attrib["aria-label"].endswith(".")
        assert figure.findall("./details[@open]//table"), "open where nothing can open it"
        for table in figure.findall(".//table"):
            assert words_of(table.find("./caption"))
            assert all("scope" in heading.attrib for heading in table.findall(".//th"))
            widths = {sum(int(c.attrib.get("colspan", 1)) for c in row) for row in table.iter("tr")}
            assert len(widths) == 1
        link = figure.find("./p[@class='download']/a").attrib["href"]
        assert client.get(link).mimetype == "text/csv"
    if page.startswith(f"{HOME}/question/"):
        assert figures


@pytest.mark.parametrize("page", FIGURE_PAGES)
def test_chart_table_and_sentence_have_the_same_numbers(client, page):
    document = parsed(client, page)
    for figure in document.findall(".//figure"):
        cells = [words_of(cell) for cell in figure.findall(".//details//td")]
        in_table = [int(found) for cell in cells for found in re.findall(r"(\d+)%", cell)]
        in_table += [100] * sum(cell.startswith("nearly all") for cell in cells)
        label = figure.find("./div[@data-fig]").attrib["aria-label"]
        said = {int(found) for found in re.findall(r"(\d+)%", label)}
        for script in figure.findall("./script"):
            drawn = [x for trace in json.loads(script.text)["data"] for x in trace["x"]]
            assert drawn
            assert set(drawn) <= set(in_table)
            assert set(drawn) - {100} <= said
        assert said <= set(in_table)


def table_rows(document, caption):
    for table in document.findall(".//table"):
        if caption in words_of(table.find("./caption")):
            headings = [words_of(h) for h in table.findall("./thead/tr/*")]
            for row in table.findall("./tbody/tr"):
                yield dict(zip(headings, [words_of(cell) for cell in row], strict=False))


def test_the_table_of_a_theme_number_by_number(client):
    rows = {row[""]: row for row in table_rows(parsed(client, f"{HOME}/L6"), "All of the time")}
    assert rows["Feels safe where they live, aged 11 to 15 and 16 to 17"] == {
        "": "Feels safe where they live, aged 11 to 15 and 16 to 17",
        "All of the time": "50% (50)",
        "Most of the time": "30% (30)",
        "Some of the time": "10% (10)",
        "Hardly ever": "10% (10)",
        "Positive in all": "80% (80)",
        "Negative in all": "20% (20)",
        "Gave an answer (base)": "100",
        "Did not know": "fewer than 5 people",
        "Left out or would rather not say": "fewer than 5 people",
        "Asked": "100",
    }


def test_groups_show_nets_where_small_and_words_where_withheld(client):
    page = parsed(client, f"{HOME}/question/safe_home")
    rows = {row[""]: row for row in table_rows(page, "11 to 15 and 16 to 17: where they live")}
    small = rows["In a children's home (small group)"]
    assert small["All of the time"] == "in totals"
    assert small["Positive in all"] == "nearly all (15)"
    withheld = rows[HOMES["own"][0]]
    assert list(withheld.values())[1:] == ["not shown: fewer than 10 answered"]
    assert rows["With family or friends"]["Hardly ever"] == "held back"


def test_a_list_is_one_table_with_a_column_for_each_option(client):
    rows = {
        row[""]: row for row in table_rows(parsed(client, f"{HOME}/question/missed_why"), "Why")
    }
    assert rows["Aged 11 to 15 and 16 to 17"] == {
        "": "Aged 11 to 15 and 16 to 17",
        "I was ill": "60% (45)",
        "I moved home": "13% (10)",
        "I was worried": "33% (25)",
        "Gave an answer (base)": "75",
        "Did not know": "fewer than 5 people",
        "Left out or would rather not say": "25% (25)",
        "Asked": "100",
    }


def test_response_and_who_is_missing_come_before_any_answer(client):
    for page in ("/results/", f"{HOME}/"):
        text = words_of(parsed(client, page).find(".//main"))
        response = text.index("of those invited took part")
        assert response < text.index("most positive answers")
        assert "what they think is not known" in text


def test_a_theme_without_questions_says_so(client):
    unasked = "No question in this survey asks about this theme."
    assert unasked in words_of(parsed(client, f"{HOME}/S4"))
    assert unasked in words_of(parsed(client, f"{HOME}/"))


def test_the_themes_stand_in_the_order_of_the_framework(client):
    links = [
        a.attrib["href"] for a in parsed(client, f"{HOME}/").findall(".//table[@class='heat']//a")
    ]
    assert links == [f"{HOME}/{theme}" for theme in THEMES]


def test_about_these_numbers_has_the_fingerprint_of_the_bytes_that_can_be_fetched(client):
    text = words_of(parsed(client, f"{HOME}/about").find(".//main"))
    document = client.get(f"{HOME}/release.json").data
    assert hashlib.sha256(document).hexdigest() in text
    assert len(client.get(f"{HOME}/release.sig").data) == 64
    for promise in ("Single-custodian mode", "invented", "fewer than 10 people", "multiple of 5"):
        assert promise in text


def test_a_release_that_was_changed_is_not_shown_and_the_page_says_so(tmp_path):
    client = results_site(tmp_path, SUMMARY).test_client()
    assert client.get(f"{HOME}/").status_code == 200
    path = tmp_path / "care4me-1-1.json"
    path.write_bytes(path.read_bytes().replace(b'"count":140', b'"count":145'))
    overview = client.get("/results/").get_data(as_text=True)
    assert "could not be verified" in overview
    assert "Feels safe" not in overview
    for page in (f"{HOME}/", f"{HOME}/L6", f"{HOME}/all.csv", f"{HOME}/release.json"):
        refused = client.get(page)
        assert refused.status_code == 409
        assert "145" not in refused.get_data(as_text=True)


def test_nothing_published_says_so(tmp_path):
    text = results_site(tmp_path).test_client().get("/results/").get_data(as_text=True)
    assert "Nothing has been published yet" in text


@pytest.mark.parametrize(
    "page", [f"{HOME}/L99", "/results/care4me/2/", "/results/x/1/", f"{HOME}/question/nobody"]
)
def test_what_is_not_there_is_not_found(client, page):
    assert client.get(page).status_code == 404


def test_a_new_release_is_shown_as_soon_as_it_is_there(tmp_path):
    client = results_site(tmp_path, SUMMARY).test_client()
    assert "Release 1" in client.get(f"{HOME}/").get_data(as_text=True)
    sign_into(tmp_path, sample_summary(release=2))
    assert "Release 2" in client.get(f"{HOME}/").get_data(as_text=True)


def test_no_text_of_a_release_can_end_the_data_block_of_a_chart(tmp_path):
    label = "</script><script>alert(1)</script>"
    items = tuple(item.model_copy(update={"short": label}) for item in SUMMARY.items)
    client = results_site(tmp_path, sample_summary(items=items)).test_client()
    text = client.get(f"{HOME}/L6").get_data(as_text=True)
    assert "<script>alert" not in text
    for block in re.findall(r'<script type="application/json" id="[^"]+">(.*?)</script>', text):
        assert json.loads(block)


def test_a_survey_of_one_version_has_no_columns_to_compare(tmp_path):
    adults = {"adult": "Social workers"}
    items = tuple(
        item.model_copy(update={"asked_of": ("adult",), "tables": item.tables[:1]})
        for item in SUMMARY.items
        if item.asked_of == ("8-10", "11-15", "16-17")
    )
    everyone = CoverageRow(
        level="all", label="Everyone", invited=published(200), responded=published(140)
    )
    summary = sample_summary(
        survey="social_workers", audiences=adults, items=items, coverage=(everyone,)
    )
    client = results_site(tmp_path, summary).test_client()
    page = client.get("/results/social_workers/1/L6").get_data(as_text=True)
    assert "The same questions by age" not in page
    question = client.get("/results/social_workers/1/question/complain")
    assert "60%" in question.get_data(as_text=True)


def test_the_chart_library_is_served_from_its_package_for_good(client):
    page = client.get(f"{HOME}/L6").get_data(as_text=True)
    address = re.search(r'src="(/vendor/plotly\.min\.js\?v=[\d.]+)"', page)[1]
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 3


def test_every_view_is_for_readers_of_results_only(tmp_path):
    app = results_site(tmp_path)
    for endpoint, view in app.view_functions.items():
        if endpoint == "results.plotly_js":
            assert view.audiences == {Audience.PUBLIC}
        elif endpoint != "static":
            assert view.audiences == {Audience.INSPECTOR, Audience.ANALYST, Audience.COORDINATOR}
