"""A child who needs to talk, on a tablet without a network: locked there, unseen, brought home later."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "kiosk"))
sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "contact"))

from contact_keys import DEPUTY, KEYS, LEAD, opened
from kiosk_site import KioskSite
from tablet_script import need_assets
from test_journey_kiosk import (
    KEPT,
    MARKER,
    MINUTE,
    TABLET,
    answer_all,
    begin,
    go_offline_and_reload,
    new_page,
    next_page,
    prepare,
    send,
    send_message,
    until_counted,
    waiting,
    write_message,
)

from surveys.contact.message import Message
from surveys.contact.requests import all_requests

pytestmark = [pytest.mark.browser, pytest.mark.journey]

MESSAGE = Message(MARKER, "at school", "It is about\nhome.")
UNREACHED = "There is no connection just now. Nothing is lost. Press Send now when there is."
COUNT = """async (store) => {
  const database = await new Promise((done) => { indexedDB.open("heard-kiosk").onsuccess = (e) => done(e.target.result); });
  const found = await new Promise((done) => {
    database.transaction(store).objectStore(store).count().onsuccess = (e) => done(e.target.result);
  });
  database.close();
  return found;
}"""
NO_SLIPS = """async () => {
  const database = await new Promise((done) => { indexedDB.open("heard-kiosk").onsuccess = (e) => done(e.target.result); });
  const transaction = database.transaction("slips", "readwrite");
  transaction.objectStore("slips").clear();
  await new Promise((done) => { transaction.oncomplete = done; });
  database.close();
}"""


@pytest.fixture(scope="module")
def make(tmp_path_factory, serve):
    """Sites that prepare tablets, each with a folder of its own."""
    need_assets()
    sites = []

    def made(contact=KEYS):
        one = KioskSite(
            tmp_path_factory.mktemp("site"), contact=contact, languages=("en", "ar"), demo=True
        )
        one.address = serve(one.app)
        sites.append(one)
        return one

    yield made
    for one in sites:
        one.site.engine.dispose()


@pytest.fixture
def site(make):
    """A site of its own, for tests that look at what the server holds."""
    return make()


@pytest.fixture(scope="module")
def shared(make):
    """One site for all tests that look at the tablet alone."""
    return make()


@pytest.fixture
def page(browser):
    """A page of a browser of its own."""
    context = browser.new_context(viewport=TABLET)
    yield new_page(context)
    context.close()


def boxes(page):
    return [box.input_value() for box in page.locator("#run textarea").all()]


def stop(page):
    """Give up the run, so that no answer of it waits."""
    page.locator("#run button[value=leave]").click()
    page.locator("#run button[value=stop]").click()
    page.locator("#home").wait_for()


def as_the_helper_sees_it(page):
    return page.locator("#home").evaluate("(home) => home.outerHTML")


def until(page, holds):
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to that")


def until_brought(page, site, number):
    until(page, lambda: len(all_requests(site.site.engine)) == number)


def until_none_waits(page):
    page.wait_for_function(f"() => ({COUNT})('messages').then((count) => count === 0)")


def test_a_message_is_locked_unseen_and_brought_when_there_is_a_network(site, page):
    prepare(page, site)
    go_offline_and_reload(page)
    before = as_the_helper_sees_it(page)
    begin(page)
    next_page(page)
    page.locator("#run label:has(input[value='no'])").click()
    page.locator("#run button[value=talk]").click()
    assert page.title() == "I need to talk"
    page.locator("#run button[value=send]").click()
    assert page.evaluate("document.activeElement.id") == "notice"
    assert page.title() == "Please look: I need to talk"
    assert page.locator("#notice a").all_inner_texts() == [
        "Please write what we can call you.", "Please write how and when we can reach you.",
    ]  # fmt: skip
    page.locator("#notice a").last.click()
    assert page.evaluate("document.activeElement.id") == "reach"
    described = page.locator("#reach").get_attribute("aria-describedby")
    assert described == "fault-reach reach-hint"
    for box, text in (("name", MARKER), ("reach", "at school"), ("words", MESSAGE.words)):
        page.locator(f"#run textarea[name={box}]").fill(text)
    page.locator("#run button[value=send]").click()
    page.get_by_text("Your message is locked. Nobody can read it on this tablet.").wait_for()
    assert "0800 1111" in page.locator("#run").inner_text()
    page.get_by_role("button", name="Back to my questions").click()
    assert page.locator("#run input:checked").get_attribute("value") == "no"
    stop(page)
    kept = page.evaluate(KEPT)
    assert "heard offline pack" in kept and page.evaluate(COUNT, "messages") == 1
    for trace in ("Kraniche", MARKER.encode().decode("latin1"), "It is about"):
        assert trace not in kept
    assert as_the_helper_sees_it(page) == before and waiting(page) == 0
    page.reload()
    until_counted(page)
    assert as_the_helper_sees_it(page) == before
    assert all_requests(site.site.engine) == []
    page.context.set_offline(False)
    until_brought(page, site, 1)
    until_none_waits(page)
    assert opened(site.site.engine, LEAD) == opened(site.site.engine, DEPUTY) == [MESSAGE]
    assert as_the_helper_sees_it(page) == before


def test_with_a_network_it_goes_at_once_and_before_any_answer(site, page):
    prepare(page, site)
    posted = []
    page.on("request", lambda one: one.method == "POST" and posted.append(one))
    page.context.set_offline(True)
    begin(page)
    answer_all(page)
    write_message(page)
    send_message(page)
    send(page)
    until(page, lambda: len(posted) == 3)  # the message, and both again: all in vain
    page.context.set_offline(False)
    until_brought(page, site, 1)
    page.locator("#run button[value=stop]").click()
    page.locator("#count", has_text=re.compile("^0$")).wait_for()
    went = posted[3:]
    assert [one.url.rsplit("/", 1)[1] for one in went] == ["message", "deliver"]
    assert "cookie" not in went[0].all_headers() and site.states()["F"] == 1
    begin(page)
    write_message(page, name="Bo")
    send_message(page)
    until_brought(page, site, 2)
    assert {one.name for one in opened(site.site.engine)} == {MARKER, "Bo"}


def test_what_is_written_stays_behind_help_and_is_gone_behind_everything_else(shared, page):
    page.clock.install()
    prepare(page, shared)
    begin(page)
    next_page(page)
    write_message(page)
    page.get_by_role("button", name="People to call").click()
    assert page.get_by_role("button", name="Back to my questions").count() == 0
    page.locator("#run button.next", has_text="Back").click()
    assert boxes(page) == [MARKER, "at school", ""]
    page.locator("#run summary").click()
    page.locator("#run button[name=language][value=ar]").click()
    assert boxes(page) == [MARKER, "at school", ""]
    page.clock.run_for(3 * MINUTE + 1000)
    assert "Kraniche" not in page.content()
    page.locator("#run button.next").click()
    assert boxes(page) == [MARKER, "at school", ""]
    page.locator("#run button[value=hide]").click()
    page.locator("#run button.next").click()
    assert page.locator("#run input[name=answer]").count() > 0, "the question, not the message"
    page.locator("#run button[value=talk]").click()
    assert boxes(page) == ["", "", ""]
    page.locator("#name").fill(MARKER)
    page.clock.run_for(10 * MINUTE + 1000)
    page.locator("#run button.next").click()
    page.locator("#run button[value=talk]").click()
    assert boxes(page) == ["", "", ""]
    page.locator("#name").fill(MARKER)
    page.evaluate("history.back()")
    page.locator("#run input[name=answer]").first.wait_for(state="attached")
    page.locator("#run button[value=talk]").click()
    assert boxes(page) == ["", "", ""]
    page.locator("#name").fill(MARKER)
    page.clock.run_for(15 * MINUTE + 1000)
    assert page.locator("#run").inner_html() == "" and page.evaluate(COUNT, "messages") == 0
    begin(page)
    write_message(page)
    page.goto(f"{shared.address}/privacy")
    page.go_back()
    page.locator("#home").wait_for()
    assert "Kraniche" not in page.content() and "Kraniche" not in page.evaluate(KEPT)


def test_a_message_that_waits_does_not_show_when_the_tablet_is_taken_out_of_use(site, page):
    prepare(page, site)
    go_offline_and_reload(page)

    def taken_out():
        page.evaluate("document.querySelector('#rules details').open = true")
        page.get_by_role("button", name="Remove the survey").click()
        page.get_by_role("button", name="Yes, remove it").click()
        page.locator("#clear-said", has_text="connection").wait_for()
        return as_the_helper_sees_it(page)

    without = taken_out()
    page.reload()
    until_counted(page)
    begin(page)
    write_message(page)
    send_message(page)
    stop(page)
    assert taken_out() == without and UNREACHED in without
    page.context.route("**/kiosk/message", lambda route: route.fulfill(status=400))
    page.context.set_offline(False)
    page.wait_for_timeout(200)
    assert taken_out() == without, "kept while the server does not take it"
    assert page.evaluate(COUNT, "messages") == 1
    page.context.unroute("**/kiosk/message")
    page.get_by_role("button", name="Remove the survey").click()
    page.get_by_role("button", name="Yes, remove it").click()
    page.get_by_text("This tablet is not prepared.").wait_for()
    assert [one.name for one in opened(site.site.engine)] == [MARKER]
    assert [page.evaluate(COUNT, store) for store in ("messages", "slips", "places")] == [0, 0, 0]


def test_a_message_whose_taking_was_not_heard_of_is_kept_once(site, page):
    prepare(page, site)

    def lose(route):
        route.fetch()  # the server takes it, and the tablet never hears
        route.abort()

    page.context.route("**/kiosk/message", lose)
    begin(page)
    write_message(page)
    send_message(page)
    stop(page)
    until_brought(page, site, 1)
    assert page.evaluate(COUNT, "messages") == 1
    page.context.unroute("**/kiosk/message")
    page.reload()
    until_none_waits(page)
    assert [one.name for one in opened(site.site.engine)] == [MARKER]


def test_where_no_message_can_be_kept_every_word_stays(shared, page):
    prepare(page, shared)
    page.context.set_offline(True)
    begin(page)
    for _ in range(3):
        write_message(page)
        send_message(page)
    write_message(page)  # a fourth in one run
    page.locator("#run button[value=send]").click()
    page.get_by_text("We cannot take a message just now.").wait_for()
    assert boxes(page) == [MARKER, "at school", ""]
    assert page.evaluate("document.activeElement.id") == "full-notice"
    page.locator("#run button[value=back]").first.click()
    stop(page)
    assert [page.evaluate(COUNT, store) for store in ("messages", "slips")] == [3, 17]
    page.evaluate(NO_SLIPS)
    begin(page)
    write_message(page)
    page.locator("#run button[value=send]").click()
    page.get_by_text("We cannot take a message just now.").wait_for()
    assert boxes(page) == [MARKER, "at school", ""]


def test_after_sending_the_answers_nothing_is_said_of_answers_that_wait(shared, page):
    page.clock.install()
    prepare(page, shared)
    begin(page)
    answer_all(page)
    send(page)
    write_message(page)
    page.clock.run_for(3 * MINUTE + 1000)
    assert page.locator("#run h1").inner_text() == "Are you still there?"
    assert "Your answers are still here" not in page.locator("#run").inner_text()
    page.locator("#run button.next").click()
    page.locator("#run button[value=send]").click()
    page.get_by_text("Your message is locked.").wait_for()
    assert page.locator("#run button.next").inner_text() == "Back"
    page.locator("#run button[value=hide]").click()
    assert "Your answers are still here" not in page.locator("#run").inner_text()
    page.get_by_role("button", name="Come back").click()
    page.get_by_role("button", name="Give the tablet back").wait_for()
    page.locator("#run button[value=talk]").click()
    page.locator("#run button[value=hide]").click()
    page.get_by_role("button", name="Stop for today").click()
    page.locator("#home").wait_for()


def test_without_keys_it_names_whom_to_ring_and_has_no_boxes(make, page):
    prepare(page, make(contact=None))
    begin(page)
    page.locator("#run button[value=talk]").click()
    assert page.locator("#run textarea").count() == 0
    assert "0800 1111" in page.locator("#run").inner_text()
    page.get_by_role("button", name="Back to my questions").click()
    assert page.locator("#run h1").inner_text() != "I need to talk"
