"""The range that a page states covers the share of all invited at least 95 times in 100."""

import numpy
import pytest

from analysis.cells import CellStatus
from analysis.measures import Share
from analysis.uncertainty import likely_range, population_of
from tests.analysis.sample_summary import sample_summary

DESIGNS = [
    (invited, responded, share)
    for invited, responded in ((40, 20), (100, 60), (220, 140), (300, 100), (2000, 500), (60, 55))
    for share in (0.1, 0.5, 0.85)
]
UP = numpy.array([0, 0.05, 0.35, 0.65, 0.95])


def rounded(counts, generator):
    rest = counts % 5
    return counts - rest + 5 * (generator.random(counts.shape) < UP[rest])


@pytest.mark.parametrize(("invited", "responded", "share"), DESIGNS)
def test_the_stated_range_covers_what_everybody_invited_would_have_said(invited, responded, share):
    generator = numpy.random.default_rng(20261120)
    positive = round(invited * share)
    draws = generator.hypergeometric(positive, invited - positive, responded, size=2000)
    parts = rounded(draws, generator)
    bases = rounded(numpy.full(2000, responded), generator)
    kept = 0
    ranges = {}
    for part, base in zip(parts.tolist(), bases.tolist(), strict=True):
        pair = (min(part, base), base)
        if pair not in ranges:
            ranges[pair] = likely_range(Share(CellStatus.PUBLISHED, *pair), invited)
        low, high = ranges[pair]
        kept += low <= 100 * positive / invited <= high
    assert kept / 2000 >= 0.95


def test_a_range_worked_by_hand():
    # 80 of 100, of 165 invited: effective base 100*164/65 = 252.3; ends at 77 and at 83
    assert likely_range(Share(CellStatus.PUBLISHED, 80, 100), 165) == (71, 88)


def test_a_census_leaves_only_the_rounding():
    assert likely_range(Share(CellStatus.PUBLISHED, 50, 100), 100) == (47, 54)


def test_a_withheld_share_has_no_range():
    with pytest.raises(ValueError, match="withheld"):
        likely_range(Share(CellStatus.NETTED), 100)


@pytest.mark.parametrize(
    ("item", "population"),
    [("safe_home:f4", 165), ("complain:yes", 220), ("safe_home:a3", 55), ("say_in_move:yes", None)],
)
def test_the_population_is_those_invited_to_be_asked(item, population):
    summary = sample_summary()
    found = next(i for i in summary.items if i.id == item)
    assert population_of(found, summary) == population
