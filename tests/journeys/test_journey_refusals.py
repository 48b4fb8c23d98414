"""What was typed stays on the page, and out of the browser's keeping, whatever a press is answered."""

import pytest
from answering_site import AnsweringSite, tiny_survey
from sqlalchemy.exc import OperationalError

from questionnaires.responses import Written
from surveys.answering import asking

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WISH = "a swing <in> the garden"
PROXY = "<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@pytest.fixture(params=["child"])
def site(request, tmp_path, serve):
    look = request.param
    reading = {"child": "8-10", "young": "16+"}[look]
    made = AnsweringSite(tmp_path / "site", tiny_survey(look=look, reading=reading))
    made.address = serve(made.app)
    yield made
    made.site.engine.dispose()


@pytest.fixture
def page(site, visitor):
    """Somebody who has typed their wish, and pressed nothing yet."""
    page = visitor()
    page.invitation = site.invite()
    page.goto(f"{site.address}/#{page.invitation.link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")
    page.locator(".consent button").first.click()
    page.wait_for_url("**/answer/1")
    page.goto(f"{site.address}/answer/6")
    page.locator("textarea").fill(WISH)
    page.posted_by_browser, page.troubles = [], []
    page.on("request", lambda request: page.posted_by_browser.append(request.url) if (
        request.is_navigation_request() and request.method == "POST") else None)  # fmt: skip
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    return page


def press(page, name="Next"):
    page.get_by_role("button", name=name, exact=True).click()


def stand_between(page, status=502, body=PROXY, kind="text/html"):
    """What a proxy says to every post until it is taken away."""
    answer = {"status": status, "body": body, "content_type": kind}
    page.route("**/answer/*", lambda route: (
        route.fulfill(**answer) if route.request.method == "POST" else route.continue_()))  # fmt: skip


def still_there(page):
    assert page.locator("textarea").input_value() == WISH
    assert page.posted_by_browser == [], "a browser keeps what it posted in its profile"
    assert page.troubles == []


def sent_again(page, site):
    press(page)
    page.wait_for_url("**/answer/check")
    assert site.draft(page.invitation)["wish"] == Written(WISH)
    assert page.posted_by_browser == []


def test_a_page_that_is_not_ours_is_no_network(site, page):
    """While the server starts anew; a proxy that refuses; a network that wants a log-in first."""
    answers = [(502, PROXY, "text/html"), (503, "busy", "text/plain"), (413, PROXY, "text/html"),
               (200, PROXY, "text/html")]  # fmt: skip
    for status, body, kind in answers:
        stand_between(page, status, body, kind)
        with page.expect_response("**/answer/6"):
            press(page)
        page.locator("#offline:focus").wait_for()
        still_there(page)
        page.evaluate("document.getElementById('offline').hidden = true")
    page.unroute_all()
    sent_again(page, site)


def test_a_page_of_ours_that_says_no_is_said_above_what_was_typed(site, page, monkeypatch):
    def full(*_):
        raise OperationalError("", {}, OSError())

    with monkeypatch.context() as away:
        away.setattr(asking, "change_own", full)
        refused(page, "That is not saved yet", "What you put in is kept on this page.")
        away.setattr(asking, "read_answer", lambda *_: 1 / 0)  # an error that nobody foresaw
        refused(page, "Something went wrong with us", "Please try again in a little while.")
    too_much = site.client().post("/answer/6", data={"words": "x" * 100_000})
    stand_between(page, too_much.status_code, too_much.get_data(as_text=True))
    refused(page, "That was too much at once", "What you wrote is too long to send.")
    page.unroute_all()
    sent_again(page, site)


def refused(page, title, sentence):
    press(page)
    page.locator("#refused:focus .notice-title", has_text=title).wait_for()
    assert sentence in page.locator("#refused").inner_text()
    assert page.locator("#refused").count() == 1 and page.locator("#offline").is_hidden()
    still_there(page)


@pytest.mark.parametrize("admission_first", [True, False])
def test_what_was_typed_into_a_page_that_grew_old_can_be_copied(site, page, admission_first):
    """The real site asks who somebody is before it looks at the form, and leads them to a page."""
    before = site.app.before_request_funcs[None]
    before.sort(key=lambda one: (one.__name__ == "csrf_protect") is admission_first)
    site.clock.forward(minutes=50)
    for _ in range(2):  # and again
        press(page)
        page.locator("#refused:focus").wait_for()
        assert page.locator("#refused p").all_inner_texts() == [
            "Please put your words in again",
            "This page was open for a long time, or was opened or closed in another place. "
            "Your answers so far are safe.",
            "This is not saved yet. You can copy it before you go on.",
            "Go on",
        ]
        still_there(page)
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(f"{site.address}/")


def test_a_survey_that_ended_meanwhile_leaves_the_words_to_be_copied(site, page):
    from surveys.vault.waves import WaveStatus, set_status

    set_status(site.site.engine, site.wave.id, WaveStatus.CLOSED)
    refused(page, "There is nothing to answer here any more", "the survey has ended")


def test_whoever_typed_nothing_is_led_on(site, page):
    page.locator("textarea").fill("  ")
    before = site.app.before_request_funcs[None]
    before.sort(key=lambda one: one.__name__ == "csrf_protect")
    site.clock.forward(minutes=50)
    press(page)
    page.wait_for_url("**/answer/ended")
    assert page.posted_by_browser == []


@pytest.mark.parametrize("site", ["child", "young"], indirect=True)
def test_a_covered_page_stays_covered_until_the_way_is_clear(site, page):
    shown = "() => getComputedStyle(document.querySelector('main')).visibility"
    name = "Hide" if page.locator("button[value=hide]").count() else "Leave"
    stand_between(page)
    page.clock.install()
    with page.expect_response("**/answer/6"):
        press(page, name)
    assert page.evaluate(shown) == "hidden"
    with page.expect_response("**/answer/6"):  # it tries again by itself
        page.clock.run_for(3000)
    assert page.evaluate(shown) == "hidden"
    page.unroute_all()
    page.clock.run_for(3000)
    page.wait_for_url("**/break" if name == "Hide" else "**/away")
    assert page.posted_by_browser == []


@pytest.mark.parametrize("site", ["child", "young"], indirect=True)
def test_whoever_hides_or_leaves_an_old_page_never_sees_it_again(site, page):
    site.clock.forward(minutes=50)
    press(page, "Hide" if page.locator("button[value=hide]").count() else "Leave")
    page.wait_for_url("**/away")
    page.go_back()
    assert WISH not in page.content()
    assert page.posted_by_browser == []
