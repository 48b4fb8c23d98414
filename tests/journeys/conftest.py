"""A browser, and sites that it can reach. Skipped without Chromium unless REQUIRE_BROWSER=1."""

import logging
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "answering"))

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")  # as install_chromium.sh has


@pytest.fixture(scope="session")
def browser():
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        why = "Chromium is not installed: sudo apt-get install chromium"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(why)
    playwright = sync_playwright().start()
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
    opened = playwright.chromium.launch(executable_path=found, args=flags)
    yield opened
    opened.close()
    playwright.stop()


@pytest.fixture(scope="session")
def serve():
    """Serve an app on a free port of this machine; give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    servers = []

    def start(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory, serve):
    """The whole site, served, with three surveys of every shape: see acceptance_site.py."""
    from acceptance_site import AcceptanceSite

    site = AcceptanceSite(tmp_path_factory.mktemp("acceptance"))
    site.address = serve(site.app)
    yield site
    site.site.engine.dispose()


@pytest.fixture(scope="session")
def walk(whole_site):
    """Every page of that site, as everybody meets it: see acceptance_pages.py."""
    from acceptance_pages import Walk
    from acceptance_site import LANGUAGES

    return Walk(whole_site, LANGUAGES)


@pytest.fixture(scope="session")
def tour(browser, walk):
    """All of those pages, measured in the browser: see acceptance_tour.py."""
    from acceptance_tour import Tour

    walk.site.app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # so that it asks for a file once
    made = Tour(browser, walk, walk.site.address)
    walk.site.app.config["SEND_FILE_MAX_AGE_DEFAULT"] = None
    return made


@pytest.fixture
def visitor(browser):
    """Open a page of one's own in a context of one's own, closed at the end."""
    contexts = []

    def come(size=(820, 1180), **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield come
    for context in contexts:
        context.close()
