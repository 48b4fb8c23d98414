"""Makes contact sheets: every kind of page that a respondent meets, small, one sheet for each size.

In: nothing; a throw-away site is made and walked as the acceptance tests walk it. Out: PNG files in
docs/pictures/contact: phone, tablet and desk, and the tablet in Arabic and in the dark.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "surveys" / "answering"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "journeys"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "surveys" / "staff"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from acceptance_pages import Met, Walk
from acceptance_site import AcceptanceSite
from make_pictures import ARGUMENTS, chromium
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from surveys.audiences import Audience

CONTACT = Path(__file__).with_name("pictures") / "contact"
RESPONDENTS = {Audience.PUBLIC, Audience.RESPONDENT}
GROUND, INK, GAP, CAPTION, COLOURS = "#5c6470", "#ffffff", 12, 18, 48


@dataclass(frozen=True)
class Sheet:
    """What one picture shows, and how."""

    name: str
    window: tuple[int, int]
    looks: tuple[str, ...]
    thumbnail: int
    columns: int
    language: str = "en"
    colours: str = ""


SHEETS = (
    Sheet("phone", (390, 844), ("child", "young"), 150, 13),
    Sheet("tablet", (820, 1180), ("child",), 236, 8),
    Sheet("desk", (1280, 800), ("desk", "young"), 300, 7),
    Sheet("arabic", (390, 844), ("child",), 168, 10, language="ar"),
    Sheet("dark", (820, 1180), ("child",), 236, 8, colours="dark"),
)


def main() -> None:
    """Every sheet, made anew."""
    CONTACT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = AcceptanceSite(folder, demo=False, single_custodian=False)
        logging.disable(logging.CRITICAL)  # the walk looks at pages of errors too
        walk = Walk(site, ("en", "ar"))
        server = make_server("127.0.0.1", 0, site.app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for sheet in SHEETS:
            lay_out(taken(browser, f"http://127.0.0.1:{server.port}", walk, sheet), sheet)
        browser.close()
        server.shutdown()


def taken(
    browser: Browser, address: str, walk: Walk, sheet: Sheet
) -> list[tuple[str, Image.Image]]:
    """The pictures of a sheet, each with its caption."""
    width, height = sheet.window
    page = browser.new_page(viewport={"width": width, "height": height})
    views = walk.site.app.view_functions
    met = [one for one in kinds(walk.pages, sheet) if views[one.endpoint].audiences & RESPONDENTS]
    return [(caption(one), take(page, address + walk.address(one), sheet)) for one in met]


def kinds(pages: list[Met], sheet: Sheet) -> list[Met]:
    """The first page of each kind: those made of the same parts are one kind."""
    found: dict[object, Met] = {}
    for met in pages:
        parts = frozenset(re.findall(r'class="([a-z -]+)"', met.html))
        if met.look in sheet.looks and met.language == sheet.language:
            found.setdefault((met.look, met.endpoint, parts), met)
    return list(found.values())


def caption(met: Met) -> str:
    """A few letters that say which page it is."""
    return f"{met.look}: {met.endpoint.partition('.')[2] or met.path.strip('/')}"


def take(page: Page, address: str, sheet: Sheet) -> Image.Image:
    """The first screen of a page, made small."""
    page.goto(address)
    if sheet.colours:
        page.evaluate("worn => { document.documentElement.dataset.colours = worn }", sheet.colours)
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    height = round(taken.height * sheet.thumbnail / taken.width)
    return taken.resize((sheet.thumbnail, height), Image.Resampling.LANCZOS)


def lay_out(pictures: list[tuple[str, Image.Image]], sheet: Sheet) -> None:
    """All pictures on one sheet, with captions, in few colours so that the file stays small."""
    across, down = sheet.thumbnail + GAP, pictures[0][1].height + GAP + CAPTION
    rows = -(-len(pictures) // sheet.columns)
    whole = Image.new("RGB", (sheet.columns * across + GAP, rows * down + GAP), GROUND)
    draw = ImageDraw.Draw(whole)
    for place, (words, picture) in enumerate(pictures):
        left = GAP + place % sheet.columns * across
        top = GAP + place // sheet.columns * down
        draw.text((left, top), words, fill=INK)
        whole.paste(picture, (left, top + CAPTION))
    small = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(CONTACT / f"{sheet.name}.png", optimize=True)


if __name__ == "__main__":
    main()
