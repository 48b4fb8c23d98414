"""A20 and A21: charts as they are drawn and printed, for an inspector of the whole site.

How figures, sentences and tables agree in the page that is sent is tested in tests/analysis; this
looks at what a browser and a printer make of it.
"""

import json
import re

import pytest
from acceptance_site import Stage, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.journey]

THEME = "/results/care4me/1/L6"
CHARTED = [THEME, "/results/care4me/1/question/safe_home"]


@pytest.fixture
def inspector(whole_site, visitor):
    page = visitor((1280, 900))
    whole_site.take_over(whole_site.person(Stage("", "desk", signed_in)), page)
    return page


def open_chart(page, site, path):
    page.goto(site.address + path)
    for chart in page.locator(".chart").all():
        chart.locator("svg.main-svg[aria-hidden]").first.wait_for(state="attached")
    return page.locator("figure").all()


@pytest.mark.parametrize("path", CHARTED)
def test_a20_what_is_drawn_is_what_the_sentence_and_the_table_say(whole_site, inspector, path):
    figures = open_chart(inspector, whole_site, path)
    assert figures
    for figure in figures:
        chart = figure.get_by_role("img")
        assert chart.get_attribute("aria-label").endswith(".")
        drawn = set(re.findall(r"\d+%", " ".join(chart.locator("svg text").all_text_contents())))
        table = " ".join(figure.locator("table td").all_text_contents())
        assert drawn and drawn <= set(re.findall(r"\d+%", table)) | {"100%"}
        assert figure.get_by_role("link", name="CSV").count() == 1


@pytest.mark.parametrize("path", CHARTED)
def test_a20_nothing_in_a_chart_can_be_pressed_or_sent_away(whole_site, inspector, path):
    open_chart(inspector, whole_site, path)
    draw = json.loads(inspector.locator("#draw").text_content())
    assert draw["showSendToCloud"] is False and draw["plotlyServerURL"] == ""
    assert inspector.locator(".modebar").count() == 0
    assert inspector.locator(".chart a, .chart button, .chart [tabindex]").count() == 0


@pytest.mark.parametrize("path", CHARTED)
def test_a21_the_printed_page_is_tagged_and_has_the_tables(whole_site, inspector, path):
    open_chart(inspector, whole_site, path)
    tables = inspector.locator("figure table").count()
    printed = inspector.pdf(format="A4", landscape=True, tagged=True)
    assert b"StructTreeRoot" in printed and b"/Lang" in printed
    assert len(re.findall(rb"/S\s*/Table\b", printed)) >= tables >= 1
    assert len(re.findall(rb"/S\s*/TH\b", printed)) >= 4 * tables
