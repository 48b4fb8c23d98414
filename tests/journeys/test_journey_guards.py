"""What guards a page, in a real browser: no string becomes code, and finishing clears what it should."""

import pytest
from answering_site import AnsweringSite

pytestmark = [pytest.mark.browser, pytest.mark.journey]

KEEP = """async () => {
  const opened = indexedDB.open("heard-kiosk-test", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("waiting");
  await new Promise((done, failed) => { opened.onsuccess = done; opened.onerror = failed; });
  const change = opened.result.transaction("waiting", "readwrite");
  change.objectStore("waiting").put("sealed", "token");
  await new Promise((done) => { change.oncomplete = done; });
  opened.result.close();
  await (await caches.open("heard-kiosk-test")).put("/kiosk/", new Response("page"));
}"""
KEPT = """async () => {
  const opened = indexedDB.open("heard-kiosk-test", 1);
  await new Promise((done, failed) => { opened.onsuccess = done; opened.onerror = failed; });
  const found = opened.result.transaction("waiting").objectStore("waiting").get("token");
  await new Promise((done) => { found.onsuccess = done; });
  opened.result.close();
  const page = await (await caches.open("heard-kiosk-test")).match("/kiosk/");
  return [found.result, page && await page.text()];
}"""
SINKS = {
    "markup": "document.body.innerHTML = '<b>x</b>'",
    "a page": "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "a timer": "setTimeout('1', 0)",
    "a script": "document.createElement('script').src = '/static/answer.js'",
    "a policy": "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory, serve):
    site = AnsweringSite(tmp_path_factory.mktemp("guards") / "site")
    site.address = serve(site.app)
    yield site
    site.site.engine.dispose()


@pytest.mark.parametrize("sink", SINKS)
def test_no_string_becomes_markup_or_code(served, visitor, sink):
    page = visitor()
    page.goto(served.address)
    page.evaluate("window.said = []; addEventListener('error', (e) => said.push(e.message))")
    heading = page.inner_html("h1")
    refused = page.evaluate(
        f"() => {{ try {{ {SINKS[sink]}; return ''; }} catch (error) {{ return error.name; }} }}"
    )
    assert refused == "TypeError"
    assert page.inner_html("h1") == heading


def enter(page, site):
    page.goto(f"{site.address}/#{site.invite().link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")


def test_finishing_and_leaving_spare_the_unsent_answers_of_an_offline_tablet(served, visitor):
    page, answers = visitor(), []
    page.on("response", lambda one: answers.append(one))  # noqa: PLW0108 - it marks what it is given
    enter(page, served)
    page.evaluate(KEEP)
    page.click("text=Yes, I’ll take part")
    page.goto(f"{served.address}/answer/check")
    page.click("form[action='/answer/send'] button")
    page.wait_for_url("**/answer/thanks")
    enter(page, served)
    page.click("text=No thanks")
    page.wait_for_url("**/away")
    cleared = [one.all_headers().get("clear-site-data") for one in answers]
    assert cleared.count('"cache"') == 2
    assert page.evaluate(KEPT) == ["sealed", "page"]


def test_what_finishing_leaves_in_the_cookie_opens_no_answers(served, visitor):
    page = visitor()
    enter(page, served)
    page.click("text=Yes, I’ll take part")
    page.goto(f"{served.address}/answer/check")
    before = page.context.cookies()
    page.click("form[action='/answer/send'] button")
    page.wait_for_url("**/answer/thanks")
    [cookie] = page.context.cookies()
    assert cookie["name"] == "heard" and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie") == ""
    page.context.clear_cookies()
    page.context.add_cookies(before)
    page.goto(f"{served.address}/answer/1")
    assert "Do you feel safe?" not in page.inner_text("body")
