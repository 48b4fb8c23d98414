"""Whole runs through every shape of question: with the keyboard alone, and without JavaScript."""

import pytest
from acceptance_site import LOOKS, Stage, answering

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen

pytestmark = [pytest.mark.browser, pytest.mark.journey]

SIZES = {"child": (820, 1180), "young": (390, 844), "desk": (1280, 800)}
MOST_TABS = 25
STOPS = """() => {
  const stop = document.activeElement;
  const shown = stop.matches(".option input") ? stop.nextElementSibling : stop;
  const box = shown.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: `${stop.tagName} ${stop.name || ""} ${stop.value || ""} ${shown.innerText.slice(0, 30)}`,
    outline: parseFloat(getComputedStyle(shown).outlineWidth),
    kind: getComputedStyle(shown).outlineStyle,
    covered: !(shown.contains(top) || top?.contains(shown)),
    body: stop === document.body,
  };
}"""


def arrive(page, site, look):
    """At the front door with a link; the code leaves the address bar."""
    page.invitation = site.invite(look)
    page.goto(f"{site.address}/#{page.invitation.link}")
    return page


def tab_to(page, selector, key="Tab"):
    for _ in range(MOST_TABS):
        if page.locator(f":focus:is({selector})").count():
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} was not reached within {MOST_TABS} tabs on {page.url}")


def moved_on(page, act):
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


def press_by_keyboard(page, selector):
    tab_to(page, selector)
    moved_on(page, lambda: page.keyboard.press("Enter"))


def to_first_question(page):
    press_by_keyboard(page, "button.next")
    press_by_keyboard(page, ".consent button")
    page.wait_for_url("**/answer/1")


def answer_by_keyboard(page):
    """Answer each question on the page; give back whether Enter alone goes on from there."""
    if page.locator("textarea").count():
        tab_to(page, "textarea")
        page.keyboard.type("A swing")
        return False
    if page.locator("select").count():
        for place in range(page.locator("select").count()):
            tab_to(page, f"select[id$='answer-{place + 1}']")
            choose_in_list(page, place + 1)
        return False
    names = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('.option input')].map(i => i.name))]"
    )
    for name in names:
        tab_to(page, f".option input[name='{name}']")
        page.keyboard.press("Space")
    return bool(names)


def choose_in_list(page, steps):
    """Open the list, go down, take what is there."""
    page.keyboard.press("Space")
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("look", LOOKS)
def test_a3_every_shape_is_answered_and_sent_by_keyboard(whole_site, visitor, look):
    page = arrive(visitor(SIZES[look]), whole_site, look)
    to_first_question(page)
    while not page.url.endswith("/check"):
        if answer_by_keyboard(page):
            moved_on(page, lambda: page.keyboard.press("Enter"))  # A4: Enter is Next
        else:
            press_by_keyboard(page, ".foot-row .next")
    answers = whole_site.draft(page.invitation)
    asked = whole_site.surveys[look].questionnaires[0].questions
    assert set(answers) == {question.id for question in asked}
    assert NonAnswer.SKIPPED not in answers.values()
    press_by_keyboard(page, ".send-form button")
    page.wait_for_url("**/answer/thanks")
    assert whole_site.draft(page.invitation) is None


def test_a3_skip_back_hide_and_pictures_by_keyboard(whole_site, visitor):
    page = arrive(visitor(), whole_site, "child")
    press_by_keyboard(page, "button.next")
    press_by_keyboard(page, "a[href$='/pictures']")
    pick_pictures_by_keyboard(page, ("boat", "sun", "kite"))
    press_by_keyboard(page, "main .next")
    press_by_keyboard(page, ".consent button")
    page.wait_for_url("**/answer/1")
    press_by_keyboard(page, "button.skip")
    page.wait_for_url("**/answer/2")
    press_by_keyboard(page, "button[value=back]")
    page.wait_for_url("**/answer/1")
    press_by_keyboard(page, "button[value=hide]")
    page.wait_for_url("**/break")
    pick_pictures_by_keyboard(page, ("kite", "boat", "sun"))
    press_by_keyboard(page, "button[value=back]")
    page.wait_for_url("**/answer/1")
    assert list(whole_site.draft(page.invitation).values()) == [NonAnswer.SKIPPED]


def pick_pictures_by_keyboard(page, names):
    for name in sorted(names, key=("sun", "boat", "tree", "fish", "star", "apple", "kite").index):
        tab_to(page, f"input[value={name}]")
        page.keyboard.press("Space")


@pytest.mark.parametrize("look", LOOKS)
def test_a3_every_stop_is_outlined_and_in_sight(whole_site, visitor, look):
    page = visitor(SIZES[look])
    whole_site.take_over(whole_site.person(Stage("", look, answering(look, "wide"))), page)
    version = whole_site.surveys[look].questionnaires[0]
    faults, stops = [], set()
    for step in range(1, len(version.pages) + 1):
        page.goto(f"{whole_site.address}/answer/{step}")
        for _ in range(60):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOPS)
            if stop["body"]:
                break
            stops.add(stop["name"].split()[0])
            if stop["outline"] < 3 or stop["kind"] == "none" or stop["covered"]:
                faults.append((step, stop))
    assert faults == []
    assert stops >= {"BUTTON", "INPUT", "SUMMARY"}


def test_a4_enter_is_next_and_the_answer_is_still_there(whole_site, visitor):
    page = arrive(visitor(), whole_site, "child")
    to_first_question(page)
    tab_to(page, ".option input")
    page.keyboard.press("Space")
    moved_on(page, lambda: page.keyboard.press("Enter"))
    moved_on(page, page.go_back)
    assert page.locator("input:checked").count() == 1
    first = whole_site.surveys["child"].questionnaires[0].questions[0]
    assert whole_site.draft(page.invitation) == {first.id: Chosen((first.options[0].code,))}


@pytest.mark.parametrize("look", LOOKS)
def test_a5_every_shape_without_javascript(whole_site, visitor, look):
    page = visitor(SIZES[look], java_script_enabled=False)
    page.invitation = whole_site.invite(look)
    page.goto(whole_site.address)
    page.fill("#words", page.invitation.link)
    page.locator("main .next").click()
    page.locator(".consent button:visible").first.click()
    while not page.url.endswith("/check"):
        assert page.locator("#listen:visible").count() == 0
        answer_by_pointer(page)
        moved_on(page, page.locator(".foot-row .next").click)
    asked = whole_site.surveys[look].questionnaires[0].questions
    assert set(whole_site.draft(page.invitation)) == {question.id for question in asked}
    page.locator(".send-form button").first.click()
    assert page.url.endswith("/answer/thanks")
    assert whole_site.draft(page.invitation) is None


def answer_by_pointer(page):
    for box in page.locator("textarea").all():
        box.fill("A dog")
    for place, chosen in enumerate(page.locator("select").all(), start=1):
        chosen.select_option(index=place)
    if not page.locator("textarea, select").count():
        for group in page.locator("fieldset.answers").all():
            group.locator(".option").first.click()


def test_a5_hide_and_the_way_back_without_javascript(whole_site, visitor):
    page = visitor(java_script_enabled=False)
    page.goto(whole_site.address)
    page.fill("#words", whole_site.invite("child").link)
    page.locator("main .next").click()
    page.locator("a[href$='/pictures']").click()
    for name in ("sun", "boat", "fish"):
        page.locator(f".option:has([value={name}])").click()
    page.locator("main .next").click()
    page.locator(".consent button").first.click()
    page.locator("button[value=hide]").click()
    assert page.locator("h1").inner_text() == "A little break"
    for name in ("sun", "boat", "fish"):
        page.locator(f".option:has([value={name}])").click()
    page.locator("button[value=back]").click()
    assert page.url.endswith("/answer/1")
