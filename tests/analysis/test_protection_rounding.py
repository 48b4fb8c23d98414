"""The solver's part: equations hold, wishes are met best, and the reserve is the last resort."""

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import rounding
from analysis.rounding import (
    Allowance,
    Equation,
    NoRounding,
    ProtectionFailed,
    controlled_rounding,
)
from analysis.targets import Target

RESERVE = Allowance(1, 20)


def either(low, *, up=False, weight=1.0):
    return Target(low, low + 1, low + up, weight)


def settled(multiple):
    return Target(multiple, multiple, multiple, 0.0)


def test_wishes_are_granted_when_everything_adds_up():
    cells = [either(1, up=True), either(2), settled(4)]
    assert controlled_rounding(cells, [Equation((0, 1), (2,))], seconds=5).multiples == (2, 2, 4)


def test_cheapest_wish_is_refused():
    cells = [either(1, up=True, weight=1.6), either(1, up=True, weight=1.2), settled(0)]
    assert controlled_rounding(cells, [Equation((0, 1), (), 3)], seconds=5).multiples == (2, 1, 0)


def test_reserve_goes_one_further_and_is_reported():
    cells = [either(1), settled(2)]
    with pytest.raises(NoRounding):
        controlled_rounding(cells, [Equation((0, 1), (), 5)], seconds=5)
    solution = controlled_rounding(cells, [Equation((0, 1), (), 5)], seconds=5, allowance=RESERVE)
    assert (sum(solution.multiples), len(solution.beyond)) == (5, 1)


def test_nothing_stays_nothing_even_with_the_reserve():
    with pytest.raises(NoRounding):
        controlled_rounding([settled(0)], [Equation((0,), (), 1)], seconds=5, allowance=RESERVE)


def test_no_count_goes_below_nothing():
    with pytest.raises(NoRounding):
        controlled_rounding([either(0)], [Equation((0,), (), -1)], seconds=5, allowance=RESERVE)


def test_no_cells_are_no_problem_unless_something_is_demanded():
    assert controlled_rounding([], [Equation(())], seconds=5).multiples == ()
    with pytest.raises(NoRounding):
        controlled_rounding([], [Equation((), (), 1)], seconds=5)


def test_equation_must_name_cells_that_are_there():
    with pytest.raises(ProtectionFailed, match="not there"):
        controlled_rounding([either(0)], [Equation((0, 1))], seconds=5)


@pytest.mark.parametrize(
    "status", [highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kUnknown]
)
def test_anything_but_a_proven_best_is_a_failure(monkeypatch, status):
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda solver: status)
    with pytest.raises(ProtectionFailed, match="stopped early"):
        controlled_rounding([either(0)], [], seconds=5)


@pytest.mark.parametrize("values", [[3.0, 1.0], [1.0, 1.0], [-1.0, 3.0]])
def test_solvers_answer_is_counted_again(monkeypatch, values):
    monkeypatch.setattr(rounding, "_run_highs", lambda *arguments: rounding.numpy.array(values))
    with pytest.raises(ProtectionFailed):
        controlled_rounding([either(0), either(1)], [Equation((0, 1), (), 2)], seconds=5)


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=5),
    st.lists(st.integers(0, 60), min_size=2, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_table_with_free_margins_can_always_be_rounded(first, second):
    """Two rows, their column totals and row totals, all to neighbouring multiples."""
    width = min(len(first), len(second))
    rows = [first[:width], second[:width]]
    counts = [*rows[0], *rows[1], *(a + b for a, b in zip(*rows, strict=True)), *map(sum, rows)]
    cells = [Target(c // 5, -(-c // 5), -(-c // 5), 1.0) for c in counts]
    equations = [Equation((n, width + n), (2 * width + n,)) for n in range(width)]
    equations += [
        Equation(tuple(range(start, start + width)), (3 * width + start // width,))
        for start in (0, width)
    ]
    multiples = controlled_rounding(cells, equations, seconds=5).multiples
    assert all(abs(5 * m - c) < 5 for m, c in zip(multiples, counts, strict=True))
