"""A real Chromium that keeps a profile folder, as a tablet in a children's home does."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")  # as install_chromium.sh has
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip

SAVED = 3500  # milliseconds after which the browser has saved what is open, to be restored


def chromium():
    """Where it is; a skipped test without it, unless REQUIRE_BROWSER says that it must be there."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        why = "Chromium is not installed: sh tests/install_chromium.sh"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(why)
    return found


def apart(act, *arguments):
    """Do it in a thread of its own: another browser of this test run may be open in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act, *arguments).result()


@contextmanager
def keeping_a_profile(profile: Path, temporary: Path):
    """A page in a browser whose profile and temporary files lie where they can be searched."""
    program = chromium()
    temporary.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=program, args=FLAGS,
            env={**os.environ, "TMPDIR": str(temporary)},
        )  # fmt: skip
        page = context.pages[0]
        page.set_default_timeout(15_000)
        yield page
        context.close()


def come_in(page, site, code):
    """With the words of a card, typed; or by a link, opened."""
    if code.words:
        page.goto(f"{site.address}/")
        page.fill("#words", " ".join(code.words))
    else:
        page.goto("about:blank")  # or only what stands behind the # would change
        page.goto(f"{site.address}/#{code.link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")
    page.locator(".consent button").first.click()
    page.wait_for_url("**/answer/1")


def to_the_words(page, site, step):
    """To the question that is answered in one's own words."""
    page.goto(f"{site.address}/answer/{step}")
    page.locator("textarea").wait_for()


def write(page, words):
    """Write, and go on: the answer is stored then."""
    page.fill("textarea", words)
    before = page.url
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_url(lambda url: url != before)


def need_to_talk(page, site, told):
    """Write to the safeguarding lead, with a name and a number that a browser may like to keep."""
    page.goto(f"{site.address}/talk")
    for field in ("name", "reach", "words"):
        page.fill(f"[name={field}]", told[f"talk, {field}"])
    page.get_by_role("button", name="Send this message").click()
    page.locator("[name=words]").wait_for(state="detached")


def send(page, site):
    """Hand everything in."""
    page.goto(f"{site.address}/answer/check")
    page.get_by_role("button", name="Send").first.click()
    page.wait_for_url("**/thanks")


def step_back(page):
    """Back, whatever the browser says to it: it will not show again what came in answer to a form."""
    with suppress(PlaywrightError):
        page.go_back()


def kept_by(page):
    """What a page can have a browser keep for it."""
    return page.evaluate(
        """async () => ({
            local: Object.keys(localStorage), session: Object.keys(sessionStorage),
            databases: (await indexedDB.databases()).map(one => one.name),
            caches: await caches.keys(), cookie: document.cookie,
            workers: (await navigator.serviceWorker.getRegistrations()).length,
        })"""
    )
