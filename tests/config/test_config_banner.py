"""What every page says at its top: a demonstration, single-custodian mode, both or nothing."""

import re
from dataclasses import replace

import pytest

DEMO = "Demonstration: all people and answers here are invented."
SINGLE = "Single-custodian mode."


PAGES = ("/", "/privacy", "/help", "/away", "/staff/log-in", "/staff/nowhere")


def banner_of(client, url):
    """The banner of a page; None when there is none."""
    found = re.findall(
        r'<(?:p|aside) class="site-banner"[^>]*>(.*?)</(?:p|aside)>', client.get(url).text, re.S
    )
    return " ".join(found[0].split()) if found else None


@pytest.mark.parametrize(
    ("demo", "single", "said"),
    [
        (True, True, f"{DEMO} {SINGLE}"),
        (True, False, DEMO),
        (False, True, SINGLE),
        (False, False, None),
    ],
)
def test_every_page_says_what_the_site_is(site_home, demo, single, said):
    from app import create_app
    from config.settings import read_settings

    settings = replace(read_settings(site_home), demo=demo, https=True, single_custodian=single)
    app = create_app(settings)
    client = app.test_client()
    assert {url: banner_of(client, url) for url in PAGES} == dict.fromkeys(PAGES, said)
    assert ("One person holds both keys" in client.get("/privacy").text) is single
    app.extensions["heard"].engine.dispose()
