"""Every page that anybody can meet, in English and Arabic, in every look, colour and size.

The pages are found by walking the site, so that a new one is measured from its first day. What they
are measured for stands in acceptance_measures.js; the criteria are those of the accessibility
statement.
"""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_every_route_that_can_be_opened_was_met(walk):
    """A new page has to be linked from another, or open at its bare address to some stage."""
    assert walk.routes() - walk.answered == set()


def test_every_look_and_language_was_met(tour, walk):
    assert tour.visited == len(walk.pages) > 200
    assert {met.look for met in walk.pages} == {"child", "young", "desk", "staff"}
    assert {met.language for met in walk.pages} == {"en", "ar"}


@pytest.mark.parametrize(
    "criterion",
    [
        pytest.param("axe", id="A1 axe finds nothing and is sure of every contrast"),
        pytest.param("contrast", id="A2 words 7 to 1 and lines 3 to 1 in every choice of colours"),
        pytest.param("reflow", id="A6 nothing is cut at any size"),
        pytest.param("spacing", id="A7 nothing is cut with space between letters"),
        pytest.param("zoom", id="A8 zoom is not blocked"),
        pytest.param("motion", id="A10 nothing moves when motion is off"),
        pytest.param("targets", id="A12 what can be pressed is large and apart"),
        pytest.param("direction", id="A13 pages are mirrored and name their language"),
        pytest.param("errors", id="A15 no script fails and the policy is not broken"),
    ],
)
def test_criterion(tour, criterion):
    assert tour.faults[criterion] == []


def test_nothing_is_asked_of_another_host_and_no_cookie_is_set(tour):
    assert tour.foreign == set()
    assert tour.cookies == []
