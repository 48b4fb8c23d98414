"""Takes the pictures of the documents from a running demonstration: ``make run`` first, then this.

In: the demonstration site in $HEARD_HOME. Out: PNG files in docs/pictures, each page at a size
that its reader would use.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from surveys.rehearsal.commands import offline_of, ready_codes
from surveys.rehearsal.server import serving

PICTURES = Path(__file__).with_name("pictures")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> None:
    """Every picture, made anew."""
    PICTURES.mkdir(exist_ok=True)
    site = create_app().extensions["heard"]
    offline = offline_of(site)
    codes, log_ins = ready_codes(site, offline), offline.remembered()["log_ins"]
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        child_pages(browser, address, codes["Care4Me as a child of 9"])
        inspector_pages(browser, address, log_ins["inspector"])
        coordinator_pages(browser, address, log_ins["coordinator"])
        browser.close()


def child_pages(browser: Browser, address: str, code: str) -> None:
    """The start, the promises, and a question with an answer picked, on a tablet."""
    page = _page(browser, 820, 1000)
    page.goto(address)
    _take(page, "start")
    page.fill("#words", code)
    page.click("button.next")
    _take(page, "welcome")
    page.get_by_role("button", name="Yes, I’ll take part").click()
    while not page.locator("input[type=radio]").count():
        page.locator(".foot-row button.next").click()
    page.locator("input[type=radio]").first.check(force=True)
    _take(page, "question")


def inspector_pages(browser: Browser, address: str, password: str) -> None:
    """Coverage first, then a theme."""
    page = _page(browser, 1280, 1000)
    _log_in(page, address, "inspector", password)
    page.goto(f"{address}/results/care4me/1/")
    _take(page, "coverage")
    page.goto(f"{address}/results/care4me/1/L6")
    page.locator(".chart svg").first.wait_for()
    _take(page, "theme")


def coordinator_pages(browser: Browser, address: str, password: str) -> None:
    """The board with today's place in the calendar."""
    page = _page(browser, 1280, 1000)
    _log_in(page, address, "coordinator", password)
    page.goto(f"{address}/coordinator/")
    _take(page, "board")


def _log_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/staff/log-in")
    page.fill("input[name=name]", name)
    page.fill("input[type=password]", password)
    page.locator("main button").click()
    page.wait_for_load_state()


def _page(browser: Browser, width: int, height: int) -> Page:
    return browser.new_context(viewport={"width": width, "height": height}).new_page()


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


def chromium() -> str:
    """Where Chromium is, or the end of the program."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("The pictures need Chromium: sudo apt-get install chromium")


if __name__ == "__main__":
    main()
