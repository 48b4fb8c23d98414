"""A shared tablet in a browser: handing over and back, hiding, leaving, and nobody being there.

The network is cut and the clock is moved by the browser; the site is the whole site.
"""

import pytest
from acceptance_site import DIGITS, Stage, answering, arrived, helping

from questionnaires.responses import Chosen

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LEFT = """async () => ({
  local: localStorage.length, session: sessionStorage.length,
  caches: (await caches.keys()).length, databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = dict.fromkeys(("local", "session", "caches", "databases", "workers"), 0)


def moved_on(page, act):
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


@pytest.fixture
def child(whole_site, visitor):
    """A child's browser at the first question, nothing answered; ``page.person`` knows the rest."""
    page = visitor()
    page.person = whole_site.person(Stage("", "child", arrived))
    page.invitation = page.person.invitation
    whole_site.take_over(page.person, page)
    page.goto(f"{whole_site.address}/answer/welcome")
    moved_on(page, page.locator(".consent button").first.click)
    return page


def saved(site, page):
    return site.draft(page.invitation)


def test_a16_after_handing_back_the_tablet_knows_nothing(whole_site, visitor):
    page = visitor()
    helper = whole_site.person(Stage("", "child", helping(DIGITS)))
    whole_site.take_over(helper, page)
    page.goto(f"{whole_site.address}/tablet/")
    page.fill("#words", helper.invitation.link)
    moved_on(page, page.locator("#start-form button").click)
    assert page.url.endswith("/answer/welcome") and "Hana" not in page.content()
    moved_on(page, page.locator(".consent button").first.click)
    met = set()
    while not page.url.endswith("/check"):
        met.add(page.locator("h1").inner_text())
        for box in page.locator("textarea").all():
            box.fill("My own words")
        if page.locator(".option").count() and not page.locator("textarea").count():
            page.locator(".option").first.click()
        moved_on(page, page.locator(".foot-row .next, .foot-row .skip").first.click)
        if page.locator("#notice").count():  # lists are skipped
            moved_on(page, page.locator(".foot-row .skip").click)
    page.locator(".send-form button").click()
    page.wait_for_url("**/answer/thanks")
    moved_on(page, page.get_by_role("button", name="Give the tablet back").click)
    assert page.url.endswith("/tablet/ready")
    words = met | {"My own words", helper.invitation.link}
    for _ in range(8):
        page.go_back()
        assert page.locator("input:checked").count() == 0
        assert not [each for each in words if each in page.content()], page.url
    assert page.evaluate(LEFT) == NOTHING
    assert [cookie["name"] for cookie in page.context.cookies()] == ["heard"]
    page.goto(f"{whole_site.address}/tablet/ready")
    page.fill("#digits", DIGITS)
    moved_on(page, page.locator("main button").click)
    assert page.locator("h1").inner_text() == "Helping with a tablet"
    assert page.input_value("#words") == ""


def test_a16_no_form_is_remembered_by_the_browser(walk):
    """Browsers offer what was typed before, unless a form or a field says that they must not."""
    import re

    for met in walk.pages:
        if met.look == "staff":
            continue
        for form in re.findall(r"<form\b[^>]*>", met.html):
            assert 'autocomplete="off"' in form or 'method="dialog"' in form, met.name
        for field in re.findall(r'<input\b[^>]*type="(?:text|password)"[^>]*>', met.html):
            assert 'autocomplete="off"' in field, met.name


def test_a17_hide_covers_at_once_and_back_does_not_return(whole_site, child):
    child.locator(".option").nth(1).click()
    question = child.locator("h1").inner_text()
    moved_on(child, child.locator("button[value=hide]").click)
    assert child.locator("h1").inner_text() == "A little break"
    assert len(saved(whole_site, child)) == 1, "what was picked is kept"
    for _ in range(3):
        child.go_back()
        assert question not in child.locator("body").inner_text()
    child.goto(f"{whole_site.address}/answer/1")
    assert child.url.endswith("/break")


def test_a17_without_a_network_hide_still_covers_and_loses_nothing(whole_site, child):
    child.clock.install()
    child.locator(".option").nth(1).click()
    child.context.set_offline(True)
    child.locator("button[value=hide]").click()
    assert not child.locator("h1").is_visible() and not child.locator("#offline").is_visible()
    child.clock.run_for(4000)
    assert not child.locator("h1").is_visible()
    child.context.set_offline(False)
    child.clock.run_for(4000)
    child.wait_for_url("**/break")
    assert len(saved(whole_site, child)) == 1


def test_a17_three_presses_of_escape_leave_on_the_young_look(whole_site, visitor):
    page = visitor((390, 844))
    person = whole_site.person(Stage("", "young", answering("young")))
    whole_site.take_over(person, page)
    page.goto(f"{whole_site.address}/answer/2")
    for _ in range(2):
        page.keyboard.press("Escape")
    assert page.locator("h1").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_url("**/away")
    page.go_back()
    assert page.locator(".option").count() == 0
    assert page.context.cookies() == []


def test_a_page_that_could_not_be_sent_is_sent_when_the_network_is_back(whole_site, child):
    child.clock.install()
    child.locator(".option").first.click()
    child.context.set_offline(True)
    child.locator(".foot-row .next").click()
    child.locator("#offline").wait_for(state="visible")
    assert child.locator("input:checked").count() == 1
    child.context.set_offline(False)
    child.clock.run_for(16_000)
    child.wait_for_url("**/answer/2")
    assert [type(answer) for answer in saved(whole_site, child).values()] == [Chosen]


def test_after_three_minutes_the_page_asks_and_yes_keeps_it(whole_site, child):
    child.clock.install()
    child.reload()
    child.locator(".option").first.click()
    child.clock.run_for(179_000)
    assert not child.locator("#staying").is_visible()
    child.clock.run_for(3_000)
    dialog = child.get_by_role("dialog", name="Are you still there?")
    assert dialog.is_visible()
    child.get_by_role("button", name="I am here").click()
    assert not dialog.is_visible()
    child.clock.run_for(170_000)
    assert not dialog.is_visible()
    assert child.locator("input:checked").count() == 1


def test_after_ten_minutes_the_page_is_kept_and_hidden_and_never_sent(whole_site, child):
    child.clock.install()
    child.reload()
    child.locator(".option").first.click()
    child.clock.run_for(590_000)
    assert child.url.endswith("/answer/1")
    child.clock.run_for(12_000)
    child.wait_for_url("**/break")
    assert child.locator("h1").inner_text() == "A little break"
    assert len(saved(whole_site, child)) == 1, "a draft as before, which can be gone on with"


def test_the_question_whether_anybody_is_there_can_be_answered_by_keyboard(child):
    child.clock.install()
    child.reload()
    child.clock.run_for(182_000)
    assert child.evaluate("() => document.activeElement.textContent") == "I am here"
    child.keyboard.press("Enter")
    assert not child.locator("#staying").is_visible()
    assert child.url.endswith("/answer/1")


@pytest.mark.parametrize("look", ["young", "desk"])
def test_on_a_device_of_ones_own_it_asks_after_forty_minutes(whole_site, visitor, look):
    page = visitor()
    whole_site.take_over(whole_site.person(Stage("", look, answering(look))), page)
    page.clock.install()
    page.goto(f"{whole_site.address}/answer/2")
    page.clock.run_for(2_395_000)
    assert not page.locator("#staying").is_visible()
    page.clock.run_for(10_000)
    assert page.locator("#staying").is_visible()
    page.clock.run_for(3_600_000)
    assert page.url.endswith("/answer/2"), "nothing is hidden or sent on a device of one's own"
