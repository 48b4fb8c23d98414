"""The preview: the pages that respondents meet, in every look, without touching anything."""

import hashlib
import re
import sys

import html5lib
import pytest
from sqlalchemy import event

from app import ROOT
from questionnaires.duration import PACES, duration_of
from questionnaires.loading import load_surveys
from questionnaires.model import QuestionType
from questionnaires.reading_level import words
from surveys.audiences import Audience
from surveys.staff.accounts import add_account
from surveys.staff.sign_in import sign_in

sys.path.insert(0, str(ROOT / "tests" / "surveys" / "answering"))
from answering_respondent import Respondent
from answering_site import AnsweringSite

SURVEYS = load_surveys(ROOT / "questionnaires")
VERSIONS = [(survey.id, one) for survey in SURVEYS.values() for one in survey.questionnaires]
CHILD = "/preview/care4me/8-10"
BAR = re.compile(r'<aside class="site-banner" lang="en".*?</aside>', re.S)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with every survey, an open wave of Care4Me, and a coordinator."""
    from surveys.preview.pages import blueprint

    folder = tmp_path_factory.mktemp("site")
    made = AnsweringSite(
        folder, SURVEYS["care4me"], languages=("en", "cy", "ar"), desk=True, surveys=SURVEYS
    )
    made.app.register_blueprint(blueprint)
    made.coordinator = add_account(
        made.site.engine, "Sam", "a password of my own", [Audience.COORDINATOR]
    )
    yield made
    made.site.engine.dispose()


@pytest.fixture
def author(site):
    client = site.client()
    with client.session_transaction() as session:
        sign_in(session, site.coordinator, site.clock())
    return client


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.get_data(as_text=True)
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert len(document.findall(".//h1")) == 1, address
    ids = [one.attrib["id"] for one in document.iter() if "id" in getattr(one, "attrib", {})]
    assert len(ids) == len(set(ids)), address
    return text, document


@pytest.mark.parametrize(("survey", "questionnaire"), VERSIONS, ids=[one.id for _, one in VERSIONS])
def test_every_page_of_every_version_is_shown(author, survey, questionnaire):
    room = f"/preview/{survey}/{questionnaire.audience}"
    listed, _ = shown(author, f"{room}/")
    for page in questionnaire.pages:
        assert f"{room}/page/{page.id}" in listed
        text, document = shown(author, f"{room}/page/{page.id}")
        assert "Preview: nothing is kept." in text
        assert document.attrib["data-look"] == questionnaire.look
        if page.question:
            assert document.findall(".//input[@name='page']")[0].attrib["value"] == page.id
    shown(author, f"{room}/welcome")


def test_the_index_leads_to_every_version_with_its_minutes(author):
    text, document = shown(author, "/preview/")
    for survey, one in VERSIONS:
        assert f"/preview/{survey}/{one.audience}/" in text
    items = ["".join(item.itertext()) for item in document.findall(".//main//li")]
    assert len(items) == len(VERSIONS)
    assert all("It says that it takes" in item for item in items)
    wrong = [one for _, one in VERSIONS if not duration_of(one).is_right]
    assert len(wrong) == len([item for item in items if "Measured: " in item])


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
@pytest.mark.parametrize("size", ["normal", "bigger", "biggest"])
@pytest.mark.parametrize("style", ["child", "young", "desk"])
def test_every_look_can_be_asked_for(author, style, size, language):
    from surveys.answering.look import COLOURS

    for colours in COLOURS[style]:
        query = f"?style={style}&colours={colours}&size={size}&language={language}"
        _, document = shown(author, f"{CHILD}/page/fun_things{query}")
        worn = {name.removeprefix("data-"): value for name, value in document.attrib.items()}
        assert (worn["look"], worn["colours"], worn["size"]) == (style, colours, size)
        assert (worn["lang"], worn["dir"]) == (language, "rtl" if language == "ar" else "ltr")


def test_the_list_links_every_look_and_keeps_it_for_the_pages(author):
    _, document = shown(author, f"{CHILD}/?language=ar&colours=dark")
    links = [link.attrib["href"] for link in document.findall(".//main//a")]
    looks = [link for link in links if link.startswith(f"{CHILD}/?")]
    assert {"language=cy", "size=biggest", "style=desk", "state=missed", "screen=wide"} <= {
        part for link in looks for part in link.partition("?")[2].split("&")
    }
    pages = [link for link in links if "/page/" in link]
    assert pages
    assert all("language=ar" in link and "colours=dark" in link for link in pages)


def test_what_is_asked_wrongly_is_shown_as_usual(author):
    query = "?style=clown&colours=mauve&size=huge&language=xx&state=on&screen=round&page=1"
    _, document = shown(author, f"{CHILD}/page/fun_things{query}")
    assert (document.attrib["data-look"], document.attrib["data-colours"]) == ("child", "cream")


def test_a_draft_is_marked(author):
    text, _ = shown(author, f"{CHILD}/page/fun_things?language=cy")
    assert "Draft, not yet checked by a speaker." in text
    assert "Draft, not yet" not in shown(author, f"{CHILD}/page/fun_things")[0]
    assert "(draft)" in shown(author, f"{CHILD}/")[0]


def first_of(type_):
    return next(
        (survey, one, page)
        for survey, one in VERSIONS
        for page in one.pages
        if page.question and page.question.type is type_
    )


USED = sorted({page.question.type for _, one in VERSIONS for page in one.pages if page.question})


@pytest.mark.parametrize("type_", USED)
def test_each_type_is_shown_with_an_answer(author, type_):
    survey, one, page = first_of(type_)
    text, document = shown(
        author, f"/preview/{survey}/{one.audience}/page/{page.id}?state=answered"
    )
    if type_ is QuestionType.TEXT:
        assert "These are words that somebody has written." in text
    else:
        marked = [
            *document.findall(".//input[@checked]"),
            *document.findall(".//option[@selected]"),
        ]
        assert marked


@pytest.mark.parametrize("type_", USED)
def test_each_type_is_shown_with_its_kind_words_about_nothing(author, type_):
    survey, one, page = first_of(type_)
    _, document = shown(author, f"/preview/{survey}/{one.audience}/page/{page.id}?state=missed")
    notice = document.find(".//*[@id='notice']")
    assert (notice is None) == (type_ is QuestionType.TEXT)


def test_a_battery_is_together_on_wide_screens_alone(author):
    address = "/preview/social_workers/adult/page/workload_manageable"
    assert len(shown(author, address)[1].findall(".//input[@name='page']")) == 1
    assert len(shown(author, f"{address}?screen=wide")[1].findall(".//input[@name='page']")) == 3


def test_a_gated_page_says_when_and_is_shown_as_those_meet_it(author):
    asked = SURVEYS["care4me"].version("11-15")
    gated = next(page for page in asked.pages if page.when and page.when.is_)
    text, _ = shown(author, f"/preview/care4me/11-15/page/{gated.id}")
    assert f"Only when: {gated.when.question} is " in text
    assert gated.question.text in text


def test_no_form_of_a_preview_leaves_it(author):
    for address in (f"{CHILD}/welcome", f"{CHILD}/page/fun_things", f"{CHILD}/page/one_wish"):
        answer = author.get(address)
        if answer.status_code == 404:
            continue
        document = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
        actions = [form.attrib.get("action") for form in document.findall(".//form")]
        links = [link.attrib["href"] for link in document.findall(".//a")]
        data = [
            value
            for one in document.iter()
            for name, value in getattr(one, "attrib", {}).items()
            if name.startswith("data-") and value.startswith("/")
        ]
        assert [form for form in actions if form]
        for target in (*filter(None, actions), *links, *data):
            assert target.startswith(("/preview/", "/static/", "#")), target


def press(client, name="fun_things", query="", accept="text/html", **form):
    page = client.get(f"{CHILD}/page/{name}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post(
        f"{CHILD}/press/{name}{query}",
        data={"csrf_token": token, **form},
        headers={"Accept": accept},
    )


@pytest.mark.parametrize(
    ("form", "target"),
    [
        ({"go": "next", "answer": "yes_mostly"}, "/page/adults_where_i_live"),
        ({"go": "skip"}, "/page/adults_where_i_live"),
        ({"go": "back"}, "/welcome"),
        ({"colours": "dark"}, "/page/fun_things?colours=dark"),
        ({"language": "cy"}, "/page/fun_things?language=cy"),
        ({"go": "help"}, "/nothing/fun_things"),
        ({"go": "hide"}, "/nothing/fun_things"),
        ({"go": "delete"}, "/nothing/fun_things"),
        ({"go": "anything"}, "/nothing/fun_things"),
    ],
)
def test_buttons_lead_on_within_the_preview(author, form, target):
    answer = press(author, **form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{CHILD}{target}")


def test_a_script_is_told_the_address(author):
    answer = press(author, accept="application/json", go="next")
    assert answer.get_json() == {"to": f"{CHILD}/page/adults_where_i_live"}


def test_the_last_page_leads_to_the_list_in_the_same_look(author):
    last = SURVEYS["care4me"].version("8-10").pages[-1].id
    answer = press(author, last, "?size=bigger", go="next")
    assert answer.headers["Location"] == f"{CHILD}/?size=bigger"


def test_the_page_behind_other_buttons_says_that_nothing_happened(author):
    text, _ = shown(author, f"{CHILD}/nothing/fun_things")
    assert "nothing is kept" in text
    assert f"{CHILD}/page/fun_things" in text


@pytest.mark.parametrize(
    "address",
    ["/preview/none/8-10/", "/preview/care4me/99/", f"{CHILD}/page/none", f"{CHILD}/press/x"],
)
def test_what_there_is_not_is_not_found(author, address):
    assert author.get(address).status_code in (404, 405)


def test_only_coordinators_look(site):
    assert site.client().get("/preview/").status_code == 303


MAIN = re.compile(r"<main id=\"main\">.*</main>", re.S)
OF_ONE_VISIT = (
    re.compile(r'<p class="quiet delete-link">.*?</p>\n?', re.S),
    re.compile(r'value="[^"]{40,}"'),
    re.compile(r"until the end of \w+ \d+ \w+"),
    re.compile(r"deletes all answers by \d+ \w+ \d+"),
    re.compile(r'(?:action|href|data-[a-z-]+)="/[^"]*"'),
)


def main_of(text):
    found = MAIN.search(text)[0]
    for pattern in OF_ONE_VISIT:
        found = pattern.sub("", found)
    return found


@pytest.mark.parametrize("audience", ["8-10", "11-15", "easy-read"])
def test_what_is_previewed_is_what_a_respondent_meets(site, author, audience):
    person = Respondent(site, site.invite(audience))
    person.enter()
    room = f"/preview/care4me/{audience}"
    assert main_of(person.text) == main_of(author.get(f"{room}/welcome").get_data(as_text=True))
    person.agree()
    compared = 0
    while person.address != "/answer/check":
        if person.document.find(".//input[@name='page']") is not None:
            preview = author.get(f"{room}/page/{person.page_id}").get_data(as_text=True)
            assert main_of(preview) == main_of(person.text), person.page_id
            compared += 1
        person.press("skip")
    assert compared >= 12


def digest(site):
    files = [site.folder / "heard.sqlite3", *sorted((site.folder / "public_keys").rglob("*"))]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()]


def test_no_preview_reads_or_writes_what_people_answered(site, author):
    from surveys.vault.compacting import empty_log

    empty_log(site.site.engine)
    before, statements = digest(site), []

    def watch(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(site.site.engine, "before_cursor_execute", watch)
    for address in ("/preview/", f"{CHILD}/", f"{CHILD}/welcome", f"{CHILD}/page/fun_things"):
        shown(author, address)
    press(author, go="next", answer="yes_mostly")
    press(author, go="delete")
    event.remove(site.site.engine, "before_cursor_execute", watch)
    empty_log(site.site.engine)
    assert digest(site) == before
    assert statements, "the sign-in was looked at"
    for statement in statements:
        tables = set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE) (\w+)", statement))
        assert tables <= {"account", "staff_account"}, statement


def test_the_bar_stands_once_and_the_page_below_is_untouched(author):
    text, _ = shown(author, f"{CHILD}/page/fun_things?language=ar")
    assert len(BAR.findall(text)) == 1


@pytest.mark.parametrize(
    ("survey", "audience"),
    [("care4me", "8-10"), ("care4me", "11-15"), ("aftercare", "16+"), ("staff", "adult")],
)
def test_the_words_around_that_minutes_reckon_with_are_those_on_the_page(author, survey, audience):
    """The welcome page without what the questionnaire says, and a few words before sending."""
    _, document = shown(author, f"/preview/{survey}/{audience}/welcome")
    asked = SURVEYS[survey].version(audience)
    own = " ".join((asked.title, *asked.welcome))
    said = len(words(" ".join(document.find(".//main").itertext()))) - len(words(own))
    before_sending = 20
    reckoned = PACES[asked.reading].words_around
    assert said + before_sending == pytest.approx(reckoned, rel=0.15)
