"""The preview in a browser: the index, every type of page in several looks, and a walk."""

from pathlib import Path

import axe_playwright_python
import pytest
from answering_site import ROOT

from app import workshop
from questionnaires.loading import load_surveys
from surveys.preview.throw_away import throw_away_site

pytestmark = [pytest.mark.browser, pytest.mark.journey]

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ("", "?language=ar&colours=dark", "?size=biggest&state=answered", "?state=missed")


@pytest.fixture(scope="module")
def desk(tmp_path_factory, serve):
    app = throw_away_site(workshop(), tmp_path_factory.mktemp("desk"))
    yield serve(app)
    app.extensions["heard"].engine.dispose()


@pytest.fixture
def page(browser, desk):
    context = browser.new_context(viewport={"width": 1000, "height": 900}, base_url=desk)
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    opened.complaints, opened.hosts = [], set()
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.hosts.add(request.url.split("/")[2]))
    yield opened
    context.close()
    assert opened.complaints == []
    assert len(opened.hosts) == 1


def one_page_of_each_kind():
    """The shortest address for each type of question, information, a battery and a welcome."""
    found = {"welcome": "/preview/care4me/8-10/welcome"}
    for survey in load_surveys(ROOT / "questionnaires").values():
        for version in survey.questionnaires:
            room = f"/preview/{survey.id}/{version.audience}"
            for one in version.pages:
                kind = one.question.type.value if one.question else "information"
                found.setdefault(kind, f"{room}/page/{one.id}")
                if one.battery:
                    found.setdefault("battery", f"{room}/page/{one.id}?screen=wide")
    return found


KINDS = one_page_of_each_kind()


def axe_faults(page):
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    page.evaluate(source)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_in_several_looks(page, kind):
    for look in LOOKS:
        address = KINDS[kind]
        page.goto(address + (look.replace("?", "&") if "?" in address else look))
        page.locator("#main").wait_for()
        assert page.locator("aside[aria-label=Preview]").count() == 1
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, look


def test_from_the_index_to_a_page_and_on(page):
    page.goto("/preview/")
    page.get_by_role("link", name="Aged 8 to 10").nth(1).click()
    page.wait_for_url("**/preview/care4me/8-10/")
    page.get_by_role("link", name="Dark", exact=True).click()
    page.get_by_role("link", name="العربية").click()
    page.get_by_role("link", name="fun_things").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("data-colours") == "dark"
    page.locator(".option").first.click()
    page.locator("button.next[value=next]").click()
    page.wait_for_url("**/page/adults_where_i_live?*")
    assert page.locator("input:checked").count() == 0
    page.get_by_role("link", name="All pages and looks").click()
    page.wait_for_url("**/preview/care4me/8-10/?*")


def test_a_walk_by_pressing(page):
    page.goto("/preview/care4me/8-10/")
    page.get_by_role("button", name="Walk through").click()
    page.wait_for_url("**/answer/welcome")
    assert page.get_by_text("Preview: nothing is kept.").count() == 1
    page.locator(".consent button").first.click()
    page.wait_for_url("**/answer/1")
    page.locator(".option").first.click()
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_url("**/answer/2")


@pytest.mark.parametrize("address", ["/preview/", "/preview/care4me/8-10/", KINDS["choice"]])
def test_pages_pass_axe(page, address):
    page.goto(address)
    assert axe_faults(page) == []


@pytest.mark.parametrize("address", ["/preview/", "/preview/care4me/8-10/", KINDS["choices"]])
def test_pages_fit_a_small_phone(page, address):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
