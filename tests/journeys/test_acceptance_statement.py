"""The accessibility statement says what was tested, and every test that it rests on is there."""

import pytest
from acceptance_site import ROOT, Stage, signed_in
from ruamel.yaml import YAML

from surveys.answering.accessibility import FILE, statement

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def document():
    return YAML(typ="safe").load(FILE)


def test_every_file_of_acceptance_tests_is_named_and_every_name_is_a_file():
    named = {entry["by"] for entry in document()["tested"]}
    assert [name for name in named if not (ROOT / name).is_file()] == []
    written = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("tests/journeys/test_acceptance_*.py")
    }
    itself = {"tests/journeys/test_acceptance_statement.py"}
    assert written - named == itself


def test_the_page_says_all_of_it_and_when(whole_site, visitor):
    page = visitor()
    page.goto(f"{whole_site.address}/accessibility")
    words = page.locator("main").inner_text()
    found = statement()
    for text in (*found.tested, *found.not_tested, *found.known_gaps):
        assert text in words
    assert f"{found.tested_on.day} " in words and str(found.tested_on.year) in words
    assert "partially compliant" in words and "Exampleshire County Council" in words


def test_it_can_be_reached_from_the_front_door_and_from_the_desk(whole_site, visitor):
    page = visitor()
    page.goto(whole_site.address)
    page.get_by_role("link", name="Accessibility statement").click()
    assert page.locator("h1").inner_text() == "Accessibility statement"
    whole_site.take_over(whole_site.person(Stage("", "desk", signed_in)), page)
    page.goto(f"{whole_site.address}/staff/")
    page.get_by_role("link", name="Accessibility statement").click()
    assert page.locator("h1").inner_text() == "Accessibility statement"


def test_untranslated_it_is_marked_as_english(whole_site, visitor):
    person = whole_site.person(Stage("", "desk", signed_in), "ar")
    page = visitor()
    whole_site.take_over(person, page)
    page.goto(f"{whole_site.address}/accessibility")
    heading = page.locator("h1")
    in_english = heading.inner_text() == "Accessibility statement"
    tongue = heading.evaluate("h1 => h1.closest('[lang]').lang")
    assert tongue == ("en" if in_english else "ar")
