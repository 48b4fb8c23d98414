"""A site with the desk where papers are typed in, and Chromium in a thread of its own."""

import os
import re
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import html5lib
import pytest

TESTS = Path(__file__).parents[2]
for room in ("surveys/answering", "questionnaires"):
    if str(TESTS / room) not in sys.path:
        sys.path.insert(0, str(TESTS / room))

from answering_site import ROOT, AnsweringSite  # noqa: E402

from questionnaires.loading import load_survey, load_surveys  # noqa: E402
from surveys.paper.printing import CHROMIUM_NAMES  # noqa: E402

EVERY_TYPE = ROOT / "tests" / "examples" / "valid" / "every_type_of_question"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Nobody logs in with a password here, so none need be stretched."""
    monkeypatch.setattr("surveys.staff.accounts.hash_password", lambda password: "never used")


@pytest.fixture(scope="session")
def every_type():
    return load_survey(EVERY_TYPE)


@pytest.fixture(scope="session")
def shipped():
    """Every survey of the repository, with every version."""
    return load_surveys(ROOT / "questionnaires")


class Desk:
    """Somebody signed in who types papers in: keeps the page that they are on."""

    def __init__(self, site, name="Dana", roles=("data_entry",)):
        from every_role import account_with

        from surveys.staff.accounts import all_accounts
        from surveys.staff.sign_in import sign_in

        self.site, self.page, self.client = site, None, site.client()
        engine = site.site.engine
        known = {account.name: account for account in all_accounts(engine)}
        account = known.get(name) or account_with(engine, name, roles)
        with self.client.session_transaction() as session:
            sign_in(session, account, site.clock())

    def get(self, address):
        return self._keep(self.client.get(address, follow_redirects=True))

    def post(self, address, **values):
        values = {"csrf_token": self.token, **values}
        return self._keep(self.client.post(address, data=values, follow_redirects=True))

    def open(self, code):
        self.get("/paper/entry/")
        return self.post("/paper/entry/", words=code)

    def check(self, **typed):
        values = {"paper": self.paper, "version": self.version, **_fields(typed)}
        return self.post("/paper/entry/check", **values)

    def send(self, paper=None):
        return self.post("/paper/entry/send", paper=paper or self.paper)

    def change(self, paper=None):
        return self.post("/paper/entry/change", paper=paper or self.paper)

    @property
    def status(self):
        return self.page.status_code

    @property
    def text(self):
        return self.page.get_data(as_text=True)

    @property
    def words(self):
        """What the page says, without its markup."""
        text = "".join(self.document.find(".//main").itertext())
        return " ".join(text.split())

    @property
    def document(self):
        return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.text)

    @property
    def heading(self):
        return " ".join("".join(self.document.find(".//h1").itertext()).split())

    @property
    def paper(self):
        return self._hidden("paper")

    @property
    def version(self):
        return self._hidden("version")

    @property
    def token(self):
        return self._hidden("csrf_token")

    def value(self, number):
        """What stands in the list of a question with one answer."""
        found = self.document.find(f".//select[@id='q{number}']/option[@selected]")
        return found.attrib["value"] if found is not None else ""

    def _hidden(self, name):
        return re.search(rf'name="{name}" value="([^"]*)"', self.text)[1]

    def _keep(self, page):
        self.page = page
        if page.mimetype == "text/html":
            assert len(self.document.findall(".//h1")) == 1
            assert " style=" not in self.text
        return self


def _fields(typed):
    """``q3=...`` is the answer of question 3; ``q4_words`` and ``q8_list1`` its other fields."""
    fields = {}
    for name, value in typed.items():
        if not re.match(r"q\d", name):
            fields[name] = value
        elif "_" in name:
            fields[name.replace("_", "-", 1)] = value
        else:
            fields[f"{name}-answer"] = value
    return fields


def with_paper(site):
    """The site with the rooms of paper hung on it."""
    from surveys.paper.entry import blueprint as entry
    from surveys.paper.pages import blueprint as pages

    site.app.register_blueprint(pages)
    site.app.register_blueprint(entry)
    return site


@pytest.fixture
def make_site(tmp_path):
    made = []

    def make(survey, **more):
        site = with_paper(AnsweringSite(tmp_path / f"site{len(made)}", survey, desk=True, **more))
        made.append(site)
        return site

    yield make
    for site in made:
        site.site.engine.dispose()


@pytest.fixture
def site(make_site, every_type):
    return make_site(every_type)


@pytest.fixture
def desk(site):
    return Desk(site)


@pytest.fixture
def make_desk():
    return Desk


def demand_chromium():
    """Where Chromium is. Skips without it, unless REQUIRE_BROWSER=1."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        why = "Chromium is not installed: sudo apt-get install chromium"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(why)
    return found


@pytest.fixture(scope="session")
def chromium():
    return demand_chromium()


@pytest.fixture(scope="module")
def stage():
    """Play a scene in a browser: ``stage(scene, **options)`` calls ``scene(page)``.

    In a thread of its own, because Playwright runs once in a thread, and other tests have theirs.
    """
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    found = demand_chromium()
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        launch = playwright.chromium.launch
        browser = thread.submit(launch, executable_path=found, args=flags).result()

        def play(scene, **options):
            context = browser.new_context(**options)
            try:
                page = context.new_page()
                page.set_default_timeout(15_000)
                return scene(page)
            finally:
                context.close()

        yield lambda scene, **options: thread.submit(play, scene, **options).result()
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture
def served(site):
    """The site's address on this machine."""
    import logging

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
