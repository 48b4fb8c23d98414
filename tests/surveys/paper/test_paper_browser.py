"""Paper in a real browser: typed in by keyboard alone, judged by axe, printed on A4."""

import re
from pathlib import Path

import axe_playwright_python
import pytest

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Mode, Number, Ranked, Written
from surveys.paper.printing import form_page, on_its_own

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "wcag2aaa"]
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def signed(site, make_desk):
    """The cookie of somebody who prints and types."""
    desk = make_desk(site, "Dana", ["data_entry", "coordinator"])
    cookie = desk.client.get_cookie("heard")
    return {"name": "heard", "value": cookie.value, "url": "http://127.0.0.1"}


def judge(page):
    """What axe finds wrong, and contrasts that it could not decide."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async (tags) => await axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
    )
    undecided = [one for one in found["incomplete"] if one["id"].startswith("color-contrast")]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in (*found["violations"], *undecided)
    ]


def open_paper(page, served, cookie, link):
    page.context.add_cookies([cookie])
    page.goto(f"{served}/paper/entry/")
    page.get_by_label("The code of the paper").fill(link)
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector("#q1")


def tab_to(page, selector):
    for _ in range(60):
        if page.locator(f":focus:is({selector})").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} was not reached by Tab")


def test_a_paper_is_typed_in_by_keyboard_alone_without_scripts(stage, served, site, signed):
    invitation = site.invite()

    def scene(page):
        page.context.add_cookies([signed])
        page.goto(f"{served}/paper/entry/")
        tab_to(page, "#words")
        page.keyboard.type(invitation.link)
        page.keyboard.press("Enter")
        page.wait_for_selector("#q1")
        tab_to(page, "#q1")
        page.keyboard.type("A")  # the letter that is printed beside the tick
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # B Family
        tab_to(page, "#q3")
        page.keyboard.type("10")
        tab_to(page, "#q4")
        page.keyboard.type("A garden")
        tab_to(page, "#q7")
        page.keyboard.type("W")
        tab_to(page, "#q8")
        page.keyboard.type("C")
        tab_to(page, "#q10")
        page.keyboard.type("B")
        tab_to(page, "#send")
        page.keyboard.press("Enter")
        page.wait_for_selector(".entry-check")
        tab_to(page, "main .button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/paper/entry/sent")
        return page.locator("h1").inner_text()

    assert stage(scene, java_script_enabled=False, viewport=DESK) == "Sent and sealed"
    [response] = site.responses()
    assert response.mode is Mode.PAPER
    given = {name: answer for name, answer in response.answers.items()
             if answer is not NonAnswer.SKIPPED}  # fmt: skip
    assert given == {
        "moved": Chosen(("yes",)),
        "reasons": Chosen(("family",)),
        "happy_with_life": Number(10),
        "how_many": NonAnswer.DONT_KNOW,
        "first_things": Ranked(("friends",)),
        "was_told": Chosen(("no",)),
    }
    assert Written("A garden") not in response.answers.values()  # off the path after a 10


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("viewport", [DESK, NARROW], ids=["wide", "narrow"])
def test_no_fault_on_any_page_of_the_desk(stage, served, site, signed, viewport, dark):
    invitation = site.invite()
    begun = site.invite()

    def scene(page):
        found = {}

        def look(name):
            found[name] = judge(page)
            if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                found[name].append(("wider than the window", []))

        page.context.add_cookies([signed])
        page.goto(f"{served}/paper/")
        look("forms")
        page.goto(f"{served}/paper/entry/")
        look("start")
        page.get_by_label("The code of the paper").fill("no code")
        page.keyboard.press("Enter")
        page.wait_for_selector(".error-summary")
        look("start with a fault")
        open_paper(page, served, signed, invitation.link)
        look("form")
        page.locator("#q4").fill("x" * 60)
        page.locator("#q2").check()
        page.locator("#q2-unreadable").check()
        page.locator("#send").click()
        page.wait_for_selector(".error-summary")
        look("form with faults")
        focused = page.evaluate("document.activeElement.className")
        found["focus"] = [] if focused == "error-summary" else [("focus is elsewhere", focused)]
        page.locator("#q4").fill("A wish")
        page.locator("#q2-unreadable").uncheck()
        page.locator("#send").click()
        page.wait_for_selector(".entry-check")
        look("check")
        page.get_by_role("button", name="Send", exact=True).click()
        page.wait_for_url("**/sent")
        look("sent")
        return found

    options = {"viewport": viewport, "color_scheme": "dark" if dark else "light"}
    found = stage(scene, **options)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == 8
    assert site.draft(begun) == {}


def test_the_back_button_brings_no_paper_back(stage, served, site, signed):
    invitation = site.invite()

    def scene(page):
        open_paper(page, served, signed, invitation.link)
        page.locator("#q4").fill("A secret wish")
        page.locator("#q1").select_option("yes")
        page.locator("#send").click()
        page.wait_for_selector(".entry-check")
        page.get_by_role("button", name="Send", exact=True).click()
        page.wait_for_url("**/sent")
        seen = []
        for _ in range(4):
            page.evaluate("() => { setTimeout(() => history.back(), 0) }")
            page.wait_for_timeout(500)  # to what was posted, the browser does not go at all
            seen.append(page.content())
        return seen

    assert not [content for content in stage(scene, viewport=DESK) if "A secret wish" in content]


@pytest.mark.parametrize(
    ("survey", "audience", "language", "pages"),
    [
        ("every", "adult", "en", range(3, 6)),
        ("care4me", "8-10", "en", range(11, 18)),
        ("care4me", "8-10", "ar", range(11, 18)),
        ("care4me", "easy-read", "en", range(6, 11)),
        ("staff", "adult", "en", range(5, 9)),
    ],
)
def test_the_printed_form_is_without_fault_and_fits_its_sheets(
    stage, site, shipped, every_type, tmp_path, survey, audience, language, pages
):
    found = every_type if survey == "every" else shipped[survey]
    with site.app.test_request_context():
        page_text = form_page(site.site, found, found.version(audience), language)
    file = tmp_path / "form.html"
    file.write_text(on_its_own(page_text, ["mark"]), encoding="utf-8")

    def scene(page):
        page.goto(file.as_uri())
        faults = judge(page)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 1000})  # what A4 leaves between margins
        wide = page.evaluate("document.documentElement.scrollWidth")
        boxes = page.evaluate(
            "() => [...document.querySelectorAll('.mark .box')].map("
            "(box) => box.getBoundingClientRect().width / 96 * 25.4)"
        )
        first, second = (
            page.locator(".mark .letter").nth(place).bounding_box()["x"] for place in (0, 1)
        )
        pdf = page.pdf(format="A4", tagged=True, prefer_css_page_size=True)
        return faults, wide, min(boxes), first - second, pdf

    faults, wide, smallest, mirrored, pdf = stage(scene)
    assert faults == []
    assert wide <= 680
    assert smallest >= (8 if survey == "care4me" else 5)
    if survey == "care4me":
        assert (mirrored > 0) == (language == "ar")
    assert b"StructTreeRoot" in pdf
    assert len(re.findall(rb"/Type /Page\b", pdf)) in pages


def test_the_coordinators_form_breaks_no_policy(stage, served, signed):
    """The page has its style, its symbols and its fonts under the site's strict policy."""

    def scene(page):
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.context.add_cookies([signed])
        page.goto(f"{served}/paper/every_type_of_question/adult/en")
        return complaints, page.evaluate("getComputedStyle(document.querySelector('.box')).width")

    complaints, width = stage(scene)
    assert complaints == [] and width != "auto"
