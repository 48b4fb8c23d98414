"""Respondents' journeys in a browser: by keyboard, without scripts, off line, on small screens."""

import re
from io import BytesIO
from pathlib import Path

import axe_playwright_python
import pytest
from answering_site import ROOT, AnsweringSite, tiny_survey
from PIL import Image, ImageChops

from questionnaires.loading import load_survey
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Written

pytestmark = [pytest.mark.browser, pytest.mark.journey]

TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "wcag2aaa"]


@pytest.fixture(scope="module")
def care4me(tmp_path_factory, serve):
    site = AnsweringSite(
        tmp_path_factory.mktemp("care4me"),
        load_survey(ROOT / "questionnaires" / "care4me"),
        languages=("en", "cy", "ar"),
    )
    site.address = serve(site.app)
    yield site
    site.site.engine.dispose()


@pytest.fixture
def open_page(browser, care4me):
    contexts = []

    def open_at(viewport=TABLET, **options):
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints, page.hosts = [], set()
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
        return page

    yield open_at
    for context in contexts:
        context.close()


def begin(page, site, audience="8-10"):
    """Through the door and the welcome, to the first question."""
    page.invitation = site.invite(audience)
    page.goto(f"{site.address}/#{page.invitation.link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")
    page.locator(".consent button").first.click()
    page.wait_for_url("**/answer/1")
    return page


def moved_on(page, act):
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


def pick(page, place=0):
    page.locator(".option").nth(place).click()


def press(page, name):
    moved_on(page, page.get_by_role("button", name=name, exact=True).click)


def tab_to(page, selector):
    for _ in range(25):
        if page.locator(f":focus:is({selector})").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} was not reached within 25 tabs on {page.url}")


def test_a_whole_run_by_keyboard_alone(care4me, open_page):
    page = open_page()
    page.invitation = care4me.invite("8-10")
    page.goto(f"{care4me.address}/#{page.invitation.link}")
    tab_to(page, "button.next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/welcome")
    tab_to(page, ".consent button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/1")
    while not page.url.endswith("/check"):
        moved_on(page, lambda: answer_by_keyboard(page))
    tab_to(page, ".send-form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/thanks")
    assert page.locator("h1").inner_text() == "Thank you!"
    assert care4me.draft(page.invitation) is None


def answer_by_keyboard(page):
    if page.locator("textarea").count():
        tab_to(page, "textarea")
        page.keyboard.type("A swing in the garden")
        tab_to(page, "main button.next")
        page.keyboard.press("Enter")
    elif page.locator(".option").count():
        tab_to(page, ".option input")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
    else:
        tab_to(page, "main button.next")
        page.keyboard.press("Enter")


def test_a_whole_run_without_scripts(care4me, open_page):
    page = open_page(java_script_enabled=False)
    invitation = care4me.invite("8-10")
    page.goto(f"{care4me.address}/")
    page.fill("#words", invitation.link)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="take part").click()
    while not page.url.endswith("/check"):
        if page.locator("textarea").count():
            page.fill("textarea", "A dog")
        elif page.locator(".option").count():
            pick(page)
        press(page, "Next")
    page.get_by_role("button", name="Send").click()
    assert page.locator("h1").inner_text() == "Thank you!"


def test_the_code_leaves_the_address_bar_at_once(care4me, open_page):
    page = open_page()
    page.goto(f"{care4me.address}/#{care4me.invite('8-10').link}")
    assert page.url == f"{care4me.address}/"
    assert page.locator("#words").is_hidden()
    assert page.get_by_role("button", name="Start").is_visible()


def test_enter_is_next_never_skip(care4me, open_page):
    page = begin(open_page(), care4me)
    pick(page, 1)
    moved_on(page, lambda: page.keyboard.press("Enter"))
    assert list(care4me.draft(page.invitation).values()) == [Chosen(("sometimes",))]


def test_back_and_forward_of_the_browser_keep_answers(care4me, open_page):
    page = begin(open_page(), care4me)
    pick(page, 0)
    press(page, "Next")
    pick(page, 1)
    press(page, "Next")
    page.go_back()
    page.wait_for_url("**/answer/2")
    assert page.locator("input:checked").count() == 1
    page.go_forward()
    page.wait_for_url("**/answer/3")
    assert len(care4me.draft(page.invitation)) == 2


def test_a_network_that_fails_between_two_pages_loses_nothing(care4me, open_page):
    page = begin(open_page(), care4me)
    pick(page, 1)
    page.context.set_offline(True)
    page.get_by_role("button", name="Next", exact=True).click()
    page.locator("#offline").wait_for(state="visible")
    assert page.locator("input:checked").count() == 1
    assert page.evaluate("() => document.activeElement.id") == "offline"
    assert care4me.draft(page.invitation) == {}
    page.context.set_offline(False)
    press(page, "Next")
    assert list(care4me.draft(page.invitation).values()) == [Chosen(("sometimes",))]


def test_nothing_picked_moves_the_focus_to_the_words_about_it(care4me, open_page):
    for options in ({}, {"java_script_enabled": False}):
        page = open_page(**options)
        if options:
            page.goto(f"{care4me.address}/")
            page.fill("#words", care4me.invite("8-10").link)
            page.get_by_role("button", name="Start").click()
            page.get_by_role("button", name="take part").click()
        else:
            begin(page, care4me)
        page.get_by_role("button", name="Next", exact=True).click()
        page.locator("#notice").wait_for()
        page.locator("#notice:focus").wait_for()
        assert page.title().startswith("Please look")
        page.locator("#notice a").click()
        assert page.url.endswith("#answer-1")


def test_after_handing_over_the_tablet_back_shows_no_answer(care4me, open_page):
    page = begin(open_page(), care4me)
    pick(page, 0)
    press(page, "Next")
    pick(page, 1)
    press(page, "Next")
    page.goto(f"{care4me.address}/answer/check")
    page.get_by_role("button", name="Send").first.click()
    page.wait_for_url("**/thanks")
    page.get_by_role("button", name="Give the tablet back").click()
    page.wait_for_url(f"{care4me.address}/")
    for _ in range(8):
        page.go_back()
        assert page.locator("input:checked").count() == 0
        assert "grown-ups you live with" not in page.locator("body").inner_text()
    assert [cookie for cookie in page.context.cookies() if "access" in cookie["value"]] == []


def test_three_presses_of_escape_leave_at_once(care4me, open_page):
    page = begin(open_page(PHONE), care4me, "16-17")
    pick(page, 0)
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/away")
    assert len(care4me.draft(page.invitation)) == 1
    page.go_back()
    assert page.locator(".option").count() == 0


def test_language_and_look_keep_what_is_picked_and_mirror_the_page(care4me, open_page):
    page = begin(open_page(), care4me)
    pick(page, 1)
    next_at = page.get_by_role("button", name="Next", exact=True).bounding_box()["x"]
    page.locator("summary.tool").click()
    page.locator(".panel button[value=ar]").click()
    page.locator("html[dir=rtl]").wait_for()
    assert page.locator("input:checked").count() == 1
    assert page.locator("main .next").bounding_box()["x"] < next_at
    first, second = (page.locator(".option").nth(place).bounding_box()["x"] for place in (0, 1))
    assert first > second


@pytest.mark.parametrize("audience", ["8-10", "11-15", "16-17"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_small_screens_with_the_biggest_words_reflow(care4me, open_page, audience, language):
    page = begin(open_page({"width": 320, "height": 640}), care4me, audience)
    for choice in ("biggest", language):
        page.locator("summary.tool").click()
        moved = page.locator(f".panel button[value={choice}]")
        with page.expect_navigation():
            moved.click()
    for _ in range(12):
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), page.url
        tools = page.locator(".tools > .tool, .tools summary").all()
        assert len({round(tool.bounding_box()["y"]) for tool in tools}) == 1, "tools in one row"
        moved_on(page, page.locator(".skip, .foot-row .next").last.click)


@pytest.mark.parametrize(
    ("audience", "viewport", "least", "least_answer"),
    [("8-10", TABLET, 60, 104), ("8-10", PHONE, 60, 60), ("16-17", PHONE, 48, 48)],
)
def test_targets_are_large_enough(care4me, open_page, audience, viewport, least, least_answer):
    page = begin(open_page(viewport), care4me, audience)
    for _ in range(4):
        for tool in page.locator("button:visible:not(.default-button):not(.link), summary").all():
            box = tool.bounding_box()
            assert min(box["width"], box["height"]) >= least - 0.5, tool.inner_text()
        for card in page.locator(".cards .card").all():
            assert card.bounding_box()["height"] >= least_answer - 0.5
        press(page, "Skip this one" if audience == "8-10" else "Skip")


@pytest.mark.parametrize("colours", ["active", "none"])
def test_a_picked_answer_differs_without_colour(care4me, open_page, colours):
    page = begin(open_page(forced_colors=colours), care4me)
    card = page.locator(".cards")

    def grey():
        return Image.open(BytesIO(card.screenshot())).convert("L")

    before = grey()
    pick(page, 0)
    page.mouse.move(0, 0)
    difference = ImageChops.difference(before, grey()).point(lambda value: 255 if value > 24 else 0)
    assert difference.histogram()[255] > 800


def axe_faults(page):
    """Violations of any rule, and contrast that could not be judged."""
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(
        encoding="utf-8"
    )
    # through the debugger, because the page's policy forbids eval
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    unsure = [rule for rule in found["incomplete"] if rule["id"].startswith("color-contrast")]
    return [(rule["id"], rule["nodes"][0]["target"]) for rule in found["violations"] + unsure]


LOOKS = [
    ("child", "8-10", TABLET, "cream"),
    ("child", "8-10", PHONE, "dark"),
    ("child", "11-15", TABLET, "peach"),
    ("child", "11-15", PHONE, "blue"),
    ("young", "16+", PHONE, "light"),
    ("young", "16+", TABLET, "dark"),
    ("desk", "adult", {"width": 1280, "height": 900}, "cream"),
]


@pytest.mark.parametrize(("look", "reading", "viewport", "colours"), LOOKS)
def test_axe_finds_nothing_on_any_kind_of_page(
    tmp_path, serve, open_page, look, reading, viewport, colours
):
    site = AnsweringSite(tmp_path, tiny_survey(look=look, reading=reading), languages=("en", "cy"))
    site.address = serve(site.app)
    page = open_page(viewport)
    judge(page, site.address)
    page.fill("#words", site.invite().link)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")
    page.locator("summary.tool").click()
    judge(page)
    page.locator(f".panel button[value={colours}]").click()
    page.locator(f"html[data-colours={colours}]").wait_for()
    judge(page)
    page.locator(".consent button").first.click()
    page.wait_for_url("**/answer/1")
    for step in range(1, 7):
        judge(page, f"{site.address}/answer/{step}")
        for option in page.locator(".option").all()[:1]:
            option.click()
            judge(page)
    page.fill("textarea", "x" * 50)
    page.get_by_role("button", name="Help").click()
    page.locator("#notice").wait_for()
    judge(page)
    for path in ("answer/check", "answer/delete", "help", "privacy", "away", "nowhere"):
        judge(page, f"{site.address}/{path}")
    page.goto(f"{site.address}/answer/check")
    page.get_by_role("button", name="Send").first.click()
    page.wait_for_url("**/thanks")
    judge(page)
    page.context.clear_cookies()
    judge(page, f"{site.address}/answer/ended")
    assert page.hosts == {site.address.split("/")[2]}
    assert not [line for line in page.complaints if "Content Security" in line]
    site.site.engine.dispose()


def judge(page, address=None):
    if address:
        page.goto(address)
    assert axe_faults(page) == [], page.url


@pytest.mark.parametrize(("audience", "away"), [("8-10", "gohide"), ("16-17", "goleave")])
def test_every_stop_of_the_keyboard_is_seen(care4me, open_page, audience, away):
    page = begin(open_page(), care4me, audience)
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline, covered = page.evaluate(
            "() => { const stop = document.activeElement, card = stop.nextElementSibling;"
            "const shown = stop.matches('.option input') ? card : stop;"
            "const box = shown.getBoundingClientRect();"
            "const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            "return [stop.name + stop.value, parseFloat(getComputedStyle(shown).outlineWidth),"
            "        !(shown.contains(top) || top.contains(shown))]; }"
        )
        if page.evaluate("() => document.activeElement === document.body"):
            break
        seen.add(name)
        assert outline >= 3, name
        assert not covered, name
    assert {"gonext", "goskip", "gohelp", "goback", away} <= seen


def test_a_count_of_letters_tells_while_writing(care4me, open_page):
    page = begin(open_page(), care4me)
    while not page.locator("textarea").count():
        moved_on(page, page.locator(".skip, .foot-row .next").last.click)
    most = int(page.locator("textarea").get_attribute("data-most"))
    page.fill("textarea", "☃" * (most + 3))
    assert re.search(r"too long by 3\.", page.locator("#too-long").inner_text())
    page.get_by_role("button", name="Next", exact=True).click()
    page.locator("#notice").wait_for()
    assert page.locator("textarea").input_value() == "☃" * (most + 3)
    page.fill("textarea", "☃" * most)
    assert page.locator("#too-long").inner_text() == ""
    press(page, "Next")
    assert Written("☃" * most) in care4me.draft(page.invitation).values()
    assert NonAnswer.SKIPPED in care4me.draft(page.invitation).values()


def test_nothing_moves_for_those_who_want_nothing_to_move(care4me, open_page):
    page = begin(open_page(reduced_motion="reduce"), care4me)
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(element => {"
        "const style = getComputedStyle(element);"
        "return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;"
        "}).length"
    )
    assert moving == 0
