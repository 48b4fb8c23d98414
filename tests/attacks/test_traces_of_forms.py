"""What a browser saves of forms: to be able to restore a page that came in answer to a form, Chromium
writes the whole form into its profile, in clear. So what somebody has written must never be answered
with a page, but with the way to one (303), or never leave as a form of the browser's own.
"""

import secrets
from types import SimpleNamespace

import pytest
from attack_browser import (
    SAVED,
    apart,
    come_in,
    keeping_a_profile,
    need_to_talk,
    to_the_words,
    write,
)
from attack_site import TEXT_PAGE, RealSite
from attack_traces import traces

from surveys.contact.requests import count_states

pytestmark = [pytest.mark.attack, pytest.mark.browser]

TALK = ("talk, name", "talk, reach", "talk, words")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Somebody answers, is told that a text is too long, mistypes the words, and asks for help."""
    folder = tmp_path_factory.mktemp("forms")
    site = RealSite(folder / "served")
    told = SimpleNamespace(site=site, profile=folder / "profile", finds={})
    told.words = {name: "purple" + secrets.token_hex(8) for name in (*TALK, "answer", "too long")}
    told.words["mistyped"] = "zebra yellow " + secrets.token_hex(8)
    site.start()
    try:
        apart(in_a_browser, told, folder / "temporary")
        told.files = [path for path in told.profile.rglob("*") if path.is_file()]
        yield told
    finally:
        site.remove()


def in_a_browser(told, temporary):
    with keeping_a_profile(told.profile, temporary) as page:
        tell(told, page, told.site.invite())


def tell(told, page, code):
    site, pages = told.site, told.site.survey.version("8-10").pages
    step = [one.id for one in pages].index(TEXT_PAGE) + 1
    page.goto(f"{site.address}/")
    page.fill("#words", told.words["mistyped"])
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/not-open")
    page.wait_for_timeout(SAVED)
    come_in(page, site, code)
    to_the_words(page, site, step)
    write(page, told.words["answer"])
    to_the_words(page, site, step)
    page.fill("textarea", told.words["too long"] + "x" * 600)
    page.get_by_role("button", name="Next", exact=True).click()
    page.locator("#notice").wait_for()
    page.wait_for_timeout(SAVED)
    need_to_talk(page, site, told.words)
    assert count_states(site.engine).total() == 1
    page.wait_for_timeout(SAVED)


def finds(story, name):
    return traces({name: story.words[name]}, story.files)


def test_answer_that_was_taken_is_in_no_file_of_the_browser(story):
    assert finds(story, "answer") == []


@pytest.mark.parametrize("name", TALK)
def test_message_that_was_sent_is_in_no_file_of_the_browser(story, name):
    assert finds(story, name) == []


def test_text_that_was_too_long_is_in_no_file_of_the_browser(story):
    assert finds(story, "too long") == []


def test_words_that_opened_nothing_are_in_no_file_of_the_browser(story):
    assert finds(story, "mistyped") == []
