"""Sites whose pages can be heard, small sounds, and a browser that plays them without a sound card.

Chromium, espeak-ng and soundfile are asked for: without one of them a test is skipped, unless
REQUIRE_BROWSER=1, and then it fails.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from answering_site import ROOT, AnsweringSite

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def demand(found, why):
    """Skip, or fail where nothing may be skipped, unless something was found."""
    if not found:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(why)
    return found


@pytest.fixture
def espeak():
    return demand(shutil.which("espeak-ng"), "sudo apt-get install espeak-ng")


@pytest.fixture(scope="session")
def tone():
    """Half a second of a quiet tone, as MP3 or whatever format is asked for."""
    import io
    import math

    numpy = pytest.importorskip("numpy")
    try:
        import soundfile
    except ImportError:
        demand(None, "pip install soundfile")

    def make(seconds=0.5, kind="MP3", loud=0.3, rate=24000, channels=1):
        samples = numpy.sin(numpy.arange(int(rate * seconds)) * 2 * math.pi * 440 / rate) * loud
        made = io.BytesIO()
        soundfile.write(made, numpy.stack([samples] * channels, axis=1), rate, format=kind)
        return made.getvalue()

    return make


@pytest.fixture
def sited(tmp_path):
    """Make a site whose static files are the real ones beside clips of its own."""
    made = []

    def make(survey=None, clips=None, **more):
        site = AnsweringSite(tmp_path / f"site{len(made)}", survey, clips=clips or {}, **more)
        made.append(site)
        site.audio = static_beside(site, tmp_path / f"static{len(made)}")
        return site

    yield make
    for site in made:
        site.site.engine.dispose()


@pytest.fixture(scope="module")
def kept_site(tmp_path_factory):
    """The same for a whole module: what a test does on it must leave nothing to the next one."""
    made = []

    def make(survey=None, clips=None):
        folder = tmp_path_factory.mktemp("kept")
        site = AnsweringSite(folder / "site", survey, clips=clips or {})
        made.append(site)
        site.audio = static_beside(site, folder / "static")
        return site

    yield make
    for site in made:
        site.site.engine.dispose()


def static_beside(site, folder):
    folder.mkdir()
    for entry in (ROOT / "static").iterdir():
        if entry.name != "audio":
            (folder / entry.name).symlink_to(entry)
    (folder / "audio").mkdir()
    site.app.static_folder = str(folder)
    return folder / "audio"


@pytest.fixture(scope="module")
def stage():
    """Play a scene in a browser: ``stage(scene, **options)`` calls ``scene(page)``.

    In a thread of its own, because Playwright runs once in a thread, and other tests have theirs.
    """
    from playwright.sync_api import sync_playwright

    names = map(shutil.which, CHROMIUM_NAMES)
    chromium = demand(next(filter(None, names), None), "sudo apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--mute-audio",
             "--autoplay-policy=no-user-gesture-required", "--no-first-run"]  # fmt: skip
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        launch = playwright.chromium.launch
        browser = thread.submit(launch, executable_path=chromium, args=flags).result()

        def play(scene, script="", **options):
            context = browser.new_context(**options)
            try:
                page = context.new_page()
                page.set_default_timeout(10_000)
                page.add_init_script(script=f"{WATCH}{script}")
                return scene(page)
            finally:
                context.close()

        yield lambda *args, **options: thread.submit(play, *args, **options).result()
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


# Which elements were outlined, in turn, as the page itself would show it.
WATCH = """
window.wasRead = [];
addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (target.classList.contains("being-read")) window.wasRead.push(target.textContent.trim());
  }
}).observe(document, { subtree: true, attributeFilter: ["class"] }));
"""


@pytest.fixture(scope="module")
def serve():
    """Serve an app on a free port of this machine; give its address."""
    import logging
    import threading

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    servers = []

    def start(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        # looking often whether to stop, or every server takes half a second to do so
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def templates():
    """Jinja with templates of a test's own, named answering/NAME.html; __ in a name is a slash."""
    from jinja2 import DictLoader, Environment

    def with_templates(**named):
        sources = {
            f"answering/{name.replace('__', '/')}.html": text for name, text in named.items()
        }
        return Environment(
            loader=DictLoader(sources), extensions=["jinja2.ext.i18n"], autoescape=True
        )

    return with_templates
