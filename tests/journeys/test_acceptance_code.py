"""A14, A15, A18, A19 and A23: reading ages are checked, one cookie, valid code, light pages, no
button for sound where there is none.
"""

import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import html5lib
import pytest
from acceptance_pages import UNSEEN
from acceptance_site import ROOT, AcceptanceSite, Stage, answering

from surveys.languages import NAMES

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FIRST_PAGE, NEXT_PAGE = 150 * 1024, 20 * 1024
SHEETS = sorted((ROOT / "static").glob("*.css"))
REFUSED = """([declarations, conditions]) => [
  ...declarations.filter(([name, value]) => !CSS.supports(name, value)).map((pair) => pair.join(": ")),
  ...conditions.filter((one) => matchMedia(one).media === "not all"),
]"""
PRINTED_ONLY = {"break-inside", "break-after", "break-before", "size", "marks", "page"}


def test_a14_reading_ages_are_checked():
    checked = subprocess.run(
        [sys.executable, "-m", "questionnaires", "check"], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a15_before_start_there_is_one_sealed_cookie_that_ends_with_the_browser(
    whole_site, visitor
):
    page = visitor()
    page.goto(whole_site.address)
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["expires"], cookie["sameSite"]) == ("heard", -1, "Strict")
    assert cookie["httpOnly"] is True
    for path in ("/help", "/privacy", "/accessibility", "/away"):
        page.goto(whole_site.address + path)
        assert [each["name"] for each in page.context.cookies()] == ["heard"]


def test_a18_every_page_is_valid_html(walk):
    """By the parser of the standard, which stops at the first error; and no id stands twice."""
    seen = set()
    for met in walk.pages:
        kind = met.language, re.sub(r">[^<]*<", "><", UNSEEN.sub("", met.html))
        if kind in seen:
            continue
        seen.add(kind)
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        try:
            document = parser.parse(met.html)
        except html5lib.html5parser.ParseError as error:
            pytest.fail(f"{met.name}: {error}")
        ids = [e.attrib["id"] for e in document.iter() if "id" in getattr(e, "attrib", {})]
        assert len(ids) == len(set(ids)), met.name
        for label in document.iter("label"):
            assert label.attrib.get("for", ids[0] if ids else "") in ids, met.name


@pytest.mark.skipif(not os.environ.get("VNU_JAR"), reason="VNU_JAR names no checker")
def test_a18_the_checker_of_the_standard_has_nothing_to_say(walk, tmp_path):
    for number, met in enumerate(walk.pages):
        (tmp_path / f"{number}.html").write_text(met.html, encoding="utf-8")
    command = ["java", "-jar", os.environ["VNU_JAR"], "--errors-only", "--skip-non-html", tmp_path]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a18_the_browser_knows_every_line_of_the_style_sheets(visitor, sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    assert text.count("{") == text.count("}")
    blocks = re.findall(r"\{([^{}]*)\}", text)
    lines = [line for block in blocks for line in re.split(r";(?![^(]*\))", block) if line.strip()]
    declarations = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
    assert all(len(pair) == 2 for pair in declarations), "a colon is missing"
    ordinary = [pair for pair in declarations if pair[0] not in PRINTED_ONLY]
    plain = [(name, value.removesuffix("!important").strip()) for name, value in ordinary]
    conditions = re.findall(r"@media ([^{]+)\{", text)
    page = visitor()
    assert page.evaluate(REFUSED, [plain, [one.strip() for one in conditions]]) == []


class Scales:
    """Weighs what a page fetches, headers included, without what the browser had already."""

    def __init__(self, page):
        self._lengths, self._addresses, self._unchanged = {}, {}, set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._named)
        session.on("Network.responseReceivedExtraInfo", self._answered)
        session.on("Network.loadingFinished", self._weighed)

    def _named(self, event):
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _answered(self, event):
        if event["statusCode"] == 304:
            self._unchanged.add(event["requestId"])

    def _weighed(self, event):
        self._lengths[event["requestId"]] = event["encodedDataLength"]

    def weight(self):
        """What was fetched since this was last asked."""
        lengths, self._lengths = self._lengths, {}
        weights = [
            (urlsplit(self._addresses.get(request, "")).path, length)
            for request, length in lengths.items()
            if request not in self._unchanged
        ]
        return sum(length for _, length in weights), weights


@pytest.fixture(scope="module")
def many_languages(tmp_path_factory, serve):
    """As a demonstration offers them: all languages on the front page."""
    site = AcceptanceSite(tmp_path_factory.mktemp("languages"), tuple(NAMES))
    site.address = serve(site.app)
    yield site
    site.site.engine.dispose()


@pytest.mark.parametrize(
    ("look", "size"), [("child", (820, 1180)), ("young", (390, 844)), ("desk", (1280, 800))]
)
def test_a19_pages_are_light(many_languages, visitor, look, size):
    for path in ("/", "/answer/welcome", "/answer/1"):  # each as the first that a browser meets
        page = visitor(size)
        person = many_languages.person(Stage("", look, answering(look)))
        many_languages.take_over(person, page)
        scales = Scales(page)
        page.goto(many_languages.address + path, wait_until="networkidle")
        first, parts = scales.weight()
        assert 20_000 < first <= FIRST_PAGE, parts
        assert page.locator("button[name=language]").count() >= 10
    while not page.url.endswith("/check"):
        before = page.url
        page.locator(".foot-row button").last.click()
        page.wait_for_url(lambda url, before=before: url != before)
        page.wait_for_load_state("load")
        following, parts = scales.weight()
        assert 1_000 < following <= NEXT_PAGE, parts


def test_a23_without_clips_nobody_sees_a_button_for_sound(walk, tour, whole_site, visitor):
    """Headless Chromium has no voice, and this site no clips."""
    assert not whole_site.site.clips.get("en")
    with_button = [met for met in walk.pages if 'id="listen"' in met.html]
    assert len(with_button) > 20
    assert all(re.search(r'<button[^>]*id="listen"[^>]* hidden', met.html) for met in with_button)
    page = visitor()
    page.goto(whole_site.address)
    assert page.locator("#listen").is_hidden()
