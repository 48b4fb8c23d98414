"""A tablet without a network, in a browser: prepared, answered offline, sent once, nothing left."""

import re
import shutil
import sys
from pathlib import Path

import axe_playwright_python
import pytest
from answering_site import ROOT

sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "kiosk"))
sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "contact"))

from contact_keys import KEYS
from kiosk_site import KioskSite
from tablet_script import need_assets

from questionnaires.loading import load_survey
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Mode, Number, Written
from surveys.vault.envelope import SuiteId

pytestmark = [pytest.mark.browser, pytest.mark.journey]

TABLET = {"width": 820, "height": 1180}
MARKER = "Zwölf rote Kraniche 😀"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MINUTE = 60_000
# Everything that a page of this site can keep in the browser, as text.
KEPT = """async () => {
  const asText = (bytes) => new TextDecoder("latin1").decode(bytes);
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  found.push(JSON.stringify(history.state), document.documentElement.outerHTML, document.cookie);
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => { indexedDB.open(name).onsuccess = (e) => done(e.target.result); });
    for (const store of database.objectStoreNames) {
      const all = await new Promise((done) => {
        database.transaction(store).objectStore(store).getAll().onsuccess = (e) => done(e.target.result);
      });
      for (const value of all) found.push(value instanceof Uint8Array ? asText(value) : JSON.stringify(value));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
  }
  return found.join("\\n");
}"""


@pytest.fixture(scope="module")
def script():
    need_assets()


@pytest.fixture(scope="module")
def made(tmp_path_factory, serve, script):
    sites = []

    def make(survey=None, **more):
        more = {"languages": ("en", "ar"), "demo": True, "contact": KEYS} | more
        site = KioskSite(tmp_path_factory.mktemp("site"), survey, **more)
        site.address = serve(site.app)
        sites.append(site)
        return site

    yield make
    for site in sites:
        site.site.engine.dispose()


@pytest.fixture
def site(made):
    """A site of its own, for tests that look at what the server holds."""
    return made()


@pytest.fixture(scope="module")
def shared(made):
    """One site for all tests that look at the tablet alone."""
    return made()


@pytest.fixture(scope="module")
def care4me(made):
    return made(load_survey(ROOT / "questionnaires" / "care4me"))


@pytest.fixture
def tablet(browser):
    """A browser of its own, and one page in it, with everything it complained of."""
    contexts = []

    def open_tablet(**options):
        context = browser.new_context(viewport=TABLET, **options)
        contexts.append(context)
        return new_page(context)

    yield open_tablet
    for context in contexts:
        context.close()


def new_page(context):
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints, page.delivered = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("response", lambda answer: "/deliver" in answer.url and page.delivered.append(answer))
    return page


def prepare(page, site, places=3):
    """A coordinator who has logged in prepares this tablet."""
    cookie = site.coordinator().get_cookie("heard")
    page.context.add_cookies([{"name": "heard", "value": cookie.value, "url": site.address}])
    page.goto(f"{site.address}/kiosk/prepare")
    page.get_by_label("Places, from 1").fill(str(places))
    page.get_by_role("button", name="Prepare this tablet").click()
    page.wait_for_url("**/kiosk/")
    until_counted(page)
    return page


def until_counted(page):
    """Until the page has drawn everything: it counts its places last."""
    page.locator("#places", has_text=re.compile(r"\d")).wait_for()


def begin(page, version="Aged 8 to 10", language=None):
    if language:
        page.locator("#language").select_option(language)
    page.get_by_role("button", name=version).click()
    page.locator("#run .consent").wait_for()
    page.locator("#run .consent button[value=next]").click()


def next_page(page):
    page.locator("#run button.next[value=next]").click()


def pick(page, *values):
    for value in values:
        page.locator(f"#run label:has(input[value='{value}'])").click()
    next_page(page)


def answer_all(page, words=MARKER):
    """The tiny survey, from its first page to checking."""
    next_page(page)
    pick(page, "yes")
    pick(page, "no")
    pick(page, "cat", "dog")
    pick(page, "7")
    page.locator("#run textarea").fill(words)
    next_page(page)
    page.locator("#run button[value=send]").wait_for()


ANSWERED = {
    "safe": Chosen(("yes",)),
    "moved": Chosen(("no",)),
    "pets": Chosen(("cat", "dog")),
    "ladder": Number(7),
    "wish": Written(MARKER),
}


def send(page):
    page.locator("#run button[value=send]").click()
    page.locator("#run .thanks").wait_for()


def give_back(page):
    page.get_by_role("button", name="Give the tablet back").click()
    page.locator("#home").wait_for()


def write_message(page, name=MARKER, reach="at school", words=""):
    """Into the three boxes of "I need to talk"; nothing is sent."""
    page.locator("#run button[value=talk]").click()
    for box, text in (("name", name), ("reach", reach), ("words", words)):
        page.locator(f"#run textarea[name={box}]").fill(text)


def send_message(page):
    """Send it, and go back to where the child was."""
    page.locator("#run button[value=send]").click()
    page.get_by_text("Your message is locked.").wait_for()
    page.locator("#run button.next[value=back]").click()


def waiting(page):
    return int(page.locator("#count").inner_text())


def until_waiting(page, number):
    page.locator("#count", has_text=re.compile(f"^{number}$")).wait_for()


def go_offline_and_reload(page):
    page.context.set_offline(True)
    page.reload()
    until_counted(page)


def test_a_whole_run_without_a_network_is_sent_once_and_says_what_was_answered(site, tablet):
    page = prepare(tablet(), site)
    go_offline_and_reload(page)
    begin(page)
    answer_all(page)
    send(page)
    assert "locked" in page.locator("#run .lead").inner_text()
    give_back(page)
    assert (waiting(page), page.locator("#places").inner_text()) == (1, "2")
    assert site.states() == {"E": 3}
    page.context.set_offline(False)
    until_waiting(page, 0)
    assert site.states() == {"F": 1, "E": 2}
    (response,) = site.responses()
    assert response.answers == ANSWERED and response.mode is Mode.OFFLINE
    assert response.questionnaire == "tiny-8-10"


@pytest.mark.parametrize("suite", list(SuiteId), ids=lambda suite: suite.name)
def test_both_suites_seal_under_the_strict_policy(made, tablet, suite):
    site = made(suite=suite)
    page = prepare(tablet(), site)
    page.evaluate(
        "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective))"
    )
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    until_waiting(page, 0)
    assert page.evaluate("violations") == [] and page.complaints == []
    (response,) = site.responses()
    assert response.answers == ANSWERED


def test_nothing_of_it_can_be_read_on_the_tablet(shared, tablet):
    page = prepare(tablet(), shared)
    go_offline_and_reload(page)
    begin(page)
    answer_all(page)
    assert (
        MARKER in page.evaluate("document.body.innerText") or page.locator("#run details").count()
    )
    send(page)
    sent = page.evaluate(KEPT)
    give_back(page)
    for kept in (sent, page.evaluate(KEPT)):
        assert "heard offline pack" in kept, "the search would find what is there"
        for trace in (MARKER, MARKER.encode().decode("latin1"), '"wish":{"t"', "Kraniche"):
            assert trace not in kept
    assert page.evaluate("location.href").endswith("/kiosk/")
    page.context.set_offline(False)  # further back lie pages that need the server
    for move in ["go_back"] * 8 + ["go_forward"] * 8:
        getattr(page, move)(wait_until="commit")
        assert "Kraniche" not in page.content()


def test_nothing_of_it_is_on_the_disk(shared, browser, tmp_path):
    """The profile of a real tablet, read byte by byte after a run, sent or not."""
    profile = tmp_path / "profile"
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=_executable(),
        args=["--no-sandbox", "--disable-gpu"],
        viewport=TABLET,
    )
    page = prepare(new_page(context), shared)
    go_offline_and_reload(page)
    begin(page)
    answer_all(page, "Kranichmarke am Fluss")
    send(page)
    give_back(page)
    begin(page)  # and one that was given up half way, with a message sent and another begun
    answer_all(page, "Kranichmarke am Meer")
    write_message(page, name="Kranichmarke im Wald")
    send_message(page)
    write_message(page, name="Kranichmarke im Tal")
    page.locator("#run button[value=back]").first.click()
    page.locator("#run button[value=leave]").click()
    page.locator("#run button[value=stop]").click()
    page.locator("#home").wait_for()
    context.close()
    disk = b"".join(file.read_bytes() for file in profile.rglob("*") if file.is_file())
    assert b"heard-kiosk" in disk or "heard-kiosk".encode("utf-16-le") in disk
    for trace in ("Kranichmarke", 'tiny-8-10","v":2'):
        assert trace.encode() not in disk and trace.encode("utf-16-le") not in disk


def _executable():
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)))


def test_a_server_in_trouble_keeps_it_until_later(site, tablet):
    page = prepare(tablet(), site)
    page.context.route("**/kiosk/deliver", lambda route: route.fulfill(status=503))
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("There is no connection just now. Nothing is lost.").wait_for()
    assert waiting(page) == 1 and site.states() == {"E": 3}
    page.context.unroute("**/kiosk/deliver")
    page.get_by_role("button", name="Send now").click()
    until_waiting(page, 0)
    assert page.locator("#outcome").inner_text() == "Sent: 1."
    assert len(site.responses()) == 1


def test_an_answer_of_the_server_that_was_lost_leads_to_no_second_response(site, tablet):
    page = prepare(tablet(), site)

    def lose(route):
        route.fetch()  # the server takes it, and the tablet never hears
        route.abort()

    page.context.route("**/kiosk/deliver", lose)
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    assert site.states() == {"F": 1, "E": 2} and waiting(page) == 1
    page.context.unroute("**/kiosk/deliver")
    page.get_by_role("button", name="Send now").click()
    until_waiting(page, 0)
    assert len(site.responses()) == 1


def test_what_the_server_refuses_is_kept_and_said(shared, tablet):
    page = prepare(tablet(), shared)
    page.context.route("**/kiosk/deliver", lambda route: route.fulfill(status=409))
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    page.get_by_text("The server did not take: 1.").wait_for()
    assert waiting(page) == 1
    page.locator("#rules summary").click()
    assert page.locator("#clear").is_disabled()


def test_two_tabs_deliver_each_response_once(site, tablet):
    page = prepare(tablet(), site)
    page.context.set_offline(True)
    for _ in range(2):
        begin(page)
        answer_all(page)
        send(page)
        give_back(page)
    other = new_page(page.context)
    other.goto(f"{site.address}/kiosk/")
    until_waiting(other, 2)
    page.context.set_offline(False)
    for one in (page, other):
        one.evaluate("document.getElementById('send').click()")
    for one in (page, other):
        until_waiting(one, 0)
    assert [answer.status for answer in page.delivered + other.delivered] == [200, 200]
    assert site.states() == {"F": 2, "E": 1}
    assert len(site.responses()) == 2


def test_a_delivery_carries_no_cookie(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    until_waiting(page, 0)
    (answer,) = page.delivered
    headers = answer.request.all_headers()
    assert "cookie" not in headers and "referer" not in headers
    assert headers["sec-fetch-site"] == "same-origin"


def test_the_last_place_is_the_last_run(shared, tablet):
    page = prepare(tablet(), shared, places=1)
    page.context.set_offline(True)
    begin(page)
    answer_all(page)
    send(page)
    give_back(page)
    page.get_by_text("No places are left.").wait_for()
    assert not page.locator("#versions").is_visible()


def test_after_the_last_day_nobody_begins(shared, tablet):
    page = prepare(tablet(), shared)
    page.clock.install(time="2026-12-02T09:00:00+00:00")
    page.reload()
    page.get_by_text("The survey is not open today").wait_for()
    assert not page.locator("#versions").is_visible()


def test_before_the_last_minute_they_do(shared, tablet):
    page = prepare(tablet(timezone_id="Europe/London"), shared)
    page.clock.install(time="2026-11-30T23:58:00+00:00")
    page.reload()
    page.locator("#versions button").wait_for()


def test_a_tablet_that_was_never_prepared_says_so(shared, tablet):
    page = tablet()
    page.goto(f"{shared.address}/kiosk/")
    page.get_by_text("This tablet is not prepared.").wait_for()
    assert not page.locator("#start").is_visible()


def test_preparing_logs_out_on_the_tablet(shared, tablet):
    page = prepare(tablet(), shared)
    page.goto(f"{shared.address}/kiosk/prepare")
    assert page.url.endswith("/staff/log-in")


def test_taking_it_out_of_use_leaves_no_place_behind(shared, tablet):
    page = prepare(tablet(), shared)
    page.locator("#rules summary").click()
    page.get_by_role("button", name="Remove the survey").click()
    assert page.evaluate("document.activeElement.id") == "sure"
    page.get_by_role("button", name="No, keep it").click()
    assert page.evaluate("document.activeElement.id") == "clear"
    assert "heard offline pack" in page.evaluate(KEPT)
    page.get_by_role("button", name="Remove the survey").click()
    assert "heard offline pack" in page.evaluate(KEPT), "once is not enough"
    page.get_by_role("button", name="Yes, remove it").click()
    page.get_by_text("This tablet is not prepared.").wait_for()
    assert "heard offline pack" not in page.evaluate(KEPT)


# --- a child's run


def test_nothing_picked_and_too_many_letters_are_said_and_lose_nothing(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    next_page(page)  # nothing was picked
    assert page.evaluate("document.activeElement.id") == "notice"
    assert page.title().startswith("Please look: Question 1 of 5")
    pick(page, "yes")
    pick(page, "no")
    pick(page, "none")
    pick(page, "0")
    page.locator("#run textarea").fill("x" * 45)
    assert "too long by 5" in page.locator("#too-long").inner_text()
    next_page(page)
    assert "too long by 5" in page.locator("#notice").inner_text()
    assert page.locator("#run textarea").input_value() == "x" * 45
    page.locator("#run button[value=back]").click()
    assert page.locator("#run textarea").input_value() == "x" * 45


def test_one_thing_alone_takes_the_others_away(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    pick(page, "yes")
    pick(page, "no")
    for value in ("cat", "dog", "none"):
        page.locator(f"#run label:has(input[value='{value}'])").click()
    assert page.locator("#run input:checked").evaluate_all("all => all.map((x) => x.value)") == [
        "none"
    ]


def test_a_page_that_was_opened_is_asked_and_one_that_was_closed_leaves_nothing(site, tablet):
    page = prepare(tablet(), site)
    begin(page)
    next_page(page)
    pick(page, "yes")
    pick(page, "yes")  # moved
    assert page.locator("#run h1").inner_text() == "Were you told?"
    pick(page, "no")
    for _ in range(2):
        page.locator("#run button[value=back]").click()
    pick(page, "no")  # did not move after all
    assert page.locator("#run h1").inner_text() == "Which animals do you like?"
    for _ in range(3):
        page.locator("#run button[value=skip]").click()
    page.get_by_text("Where you live").click()
    assert "Were you told?" not in page.locator("#run main").inner_text()
    page.locator("#run button[name=change][value=moved]").click()
    pick(page, "yes")
    assert (
        page.locator("#run h1").inner_text() == "Were you told?"
        or page.locator("#run button[value=send]").count()
    )
    if page.locator("#run button[value=send]").count() == 0:
        pick(page, "yes")
    send(page)
    give_back(page)
    until_waiting(page, 0)
    (response,) = site.responses()
    assert response.answers["told"] in (Chosen(("yes",)), Chosen(("no",)))
    assert response.answers["wish"] is NonAnswer.SKIPPED


def test_after_a_low_answer_help_is_near_and_comes_back_to_the_same_page(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    pick(page, "yes")
    pick(page, "no")
    page.locator("#run button[value=skip]").click()
    pick(page, "2")
    assert page.locator("#run .after-low").is_visible()
    page.locator("#run textarea").fill("half a wor")
    page.get_by_role("button", name="Help").click()
    assert "0800 1111" in page.locator("#run").inner_text()
    page.get_by_role("button", name="Back to my questions").click()
    assert page.locator("#run textarea").input_value() == "half a wor"


def test_language_and_look_keep_what_is_picked_and_end_with_the_run(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    page.locator("#run label:has(input[value='yes'])").click()
    page.locator("#run summary").first.click()
    page.locator("#run button[name=language][value=ar]").click()
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.locator("#run input:checked").get_attribute("value") == "yes"
    page.locator("#run summary").first.click()
    page.locator("#run button[name=colours][value=dark]").click()
    page.locator("#run button[name=size][value=biggest]").click()
    worn = page.evaluate("({ ...document.documentElement.dataset })")
    assert (worn["colours"], worn["size"]) == ("dark", "biggest")
    assert page.locator("#run input:checked").get_attribute("value") == "yes"
    page.locator("#run button[value=leave]").click()
    page.locator("#run button[value=stop]").click()
    page.locator("#home").wait_for()
    again = page.evaluate(
        "({ dir: document.documentElement.dir, ...document.documentElement.dataset })"
    )
    assert (again["dir"], again["colours"], again["size"]) == ("ltr", "cream", "normal")
    assert waiting(page) == 0 and page.locator("#places").inner_text() == "3"


def test_enter_is_next_never_skip(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    page.locator("#run input[value=yes]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.locator("#run h1").inner_text() == "Did you move?"
    page.locator("#run button[value=back]").click()
    assert page.locator("#run input:checked").get_attribute("value") == "yes"
    assert page.evaluate("location.search") == ""


def test_the_devices_own_back_goes_one_question_back(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    pick(page, "yes")
    page.evaluate("history.back()")
    page.locator("#run input[value=yes]:checked").wait_for(state="attached")
    assert page.locator("#run h1").inner_text() == "Do you feel safe?"


def test_leaving_the_page_half_way_leaves_nothing(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    answer_all(page)
    page.goto(f"{shared.address}/privacy")
    page.go_back()
    page.locator("#home").wait_for()
    assert "Kraniche" not in page.content() and waiting(page) == 0


def test_nobody_there_is_asked_then_hidden_then_deleted_and_never_sent(site, tablet):
    page = prepare(tablet(), site)
    page.clock.install()
    begin(page)
    next_page(page)
    page.locator("#run label:has(input[value='yes'])").click()
    page.clock.run_for(3 * MINUTE + 1000)
    assert page.locator("#run h1").inner_text() == "Are you still there?"
    page.get_by_role("button", name="I am here").click()
    assert page.locator("#run input:checked").get_attribute("value") == "yes"
    page.clock.run_for(10 * MINUTE + 1000)
    assert page.locator("#run h1").inner_text() == "A little break"
    page.clock.run_for(5 * MINUTE)
    assert page.locator("#home").is_visible() and page.locator("#run").inner_html() == ""
    assert waiting(page) == 0 and site.states() == {"E": 3}


def test_hiding_covers_the_question_at_once(shared, tablet):
    page = prepare(tablet(), shared)
    begin(page)
    next_page(page)
    page.locator("#run label:has(input[value='no'])").click()
    page.get_by_role("button", name="Hide").click()
    assert "safe" not in page.locator("#run").inner_text()
    page.get_by_role("button", name="Come back").click()
    assert page.locator("#run input:checked").get_attribute("value") == "no"


# --- what was not built for a few, but for everybody


@pytest.fixture(scope="module")
def axe():
    bundled = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    return bundled.read_text(encoding="utf-8")


def faults(page, axe):
    page.evaluate(axe)
    page.evaluate("window.scrollTo(0, 0)")
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations', 'incomplete'] })",
        AXE_TAGS,
    )
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    return [
        (one["id"], node["html"][:120])
        for one in found["violations"] + undecided
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("colours", ["cream", "dark"])
def test_axe_finds_nothing_on_any_screen(care4me, tablet, axe, language, colours):
    page = tablet()
    assert_fine = _judge(page, axe)
    prepare(page, care4me)
    assert_fine("home")
    begin_dressed(page, language, colours)
    assert_fine("welcome")
    page.locator("#run .consent button[value=next]").click()
    seen = set()
    for _ in range(80):
        if page.locator("#run button[value=send]").count():
            break
        kind = page.evaluate(
            "document.querySelector('#run form').className + [...document.querySelectorAll('#run [class]')].map((e) => e.className.baseVal ?? e.className).sort().join()"
        )
        if kind not in seen and len(seen) < 8:
            seen.add(kind)
            assert_fine("question")
        page.locator("#run button[value=skip]:visible, #run button.next").last.click()
    assert_fine("check")
    for aside in ("help", "hide", "leave", "talk"):
        page.locator(f"#run button[value={aside}]").click()
        assert_fine(aside)
        page.locator("#run button[value=back]").last.click()
    page.locator("#run button[value=talk]").click()
    page.locator("#run button[value=send]").click()
    assert_fine("faults of a message")
    for box in ("name", "reach"):
        page.locator(f"#run textarea[name={box}]").fill("x")
    page.locator("#run button[value=send]").click()
    page.locator("#run textarea").first.wait_for(state="detached")
    assert_fine("talked")
    page.locator("#run button.next[value=back]").click()
    page.locator("#run button[value=send]").click()
    page.locator("#run .thanks").wait_for()
    assert_fine("thanks")


def _judge(page, axe):
    def assert_fine(name):
        assert faults(page, axe) == [], name

    return assert_fine


def begin_dressed(page, language, colours):
    page.locator("#language").select_option(language)
    page.locator("#versions button").first.click()
    page.locator("#run summary").first.click()
    page.locator(f"#run button[name=colours][value={colours}]").click()
    page.locator("#run summary").first.click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_narrow_screen_with_the_biggest_words_reflows(shared, browser, language):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = prepare(new_page(context), shared)
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.evaluate("document.documentElement.dataset.size = 'biggest'")
    begin(page, language=language)
    page.evaluate("document.documentElement.dataset.size = 'biggest'")
    for _ in range(7):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator("#run button[value=skip]:visible, #run button.next").last.click()
    page.locator("#run button[value=talk]").first.click()
    page.locator("#run button[value=send]").click()
    assert page.locator("#run .talk-fault").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_the_page_for_preparing_is_fine_too(shared, tablet, axe):
    page = tablet()
    cookie = shared.coordinator().get_cookie("heard")
    page.context.add_cookies([{"name": "heard", "value": cookie.value, "url": shared.address}])
    page.goto(f"{shared.address}/kiosk/prepare")
    assert page.url.endswith("/kiosk/prepare")
    assert faults(page, axe) == []


def test_nothing_is_fetched_from_elsewhere(shared, tablet):
    page = tablet()
    hosts = set()
    page.on("request", lambda request: hosts.add(re.sub(r"^\w+://([^/]+).*", r"\1", request.url)))
    prepare(page, shared)
    begin(page)
    answer_all(page)
    send(page)
    assert hosts == {shared.address.removeprefix("http://")}
