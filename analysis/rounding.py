"""Controlled rounding: choose multiples so that every equation holds and wishes are met best.

In: cells with the multiples each may take, and equations between them. Out: a multiple for every
cell. Solved as one small integer program by HiGHS; whatever is not proven best is a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy

from analysis.targets import Target


class ProtectionFailed(Exception):
    """Nothing may be published: the counts could not be protected. Carries no count."""


class NoRounding(ProtectionFailed):
    """No choice of multiples makes every equation hold."""


@dataclass(frozen=True, slots=True)
class Equation:
    """The sum of ``parts`` less the sum of ``totals`` is ``constant``; cells by their place."""

    parts: tuple[int, ...]
    totals: tuple[int, ...] = ()
    constant: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far beyond its two multiples a count may go at most, and what each step costs."""

    multiples: int
    penalty: float


@dataclass(frozen=True, slots=True)
class Solution:
    """A multiple for each cell, and which cells went beyond their two."""

    multiples: tuple[int, ...]
    beyond: tuple[int, ...] = ()


def controlled_rounding(
    targets: Sequence[Target],
    equations: Sequence[Equation],
    *,
    seconds: float,
    allowance: Allowance | None = None,
) -> Solution:
    """The best rounding. Raises NoRounding when there is none, else ProtectionFailed.

    With an allowance cells may go beyond their two multiples; nothing (low and high both 0) stays
    nothing all the same.
    """
    if not targets:
        return _nothing(equations)
    low = numpy.array([target.low for target in targets], dtype=numpy.float64)
    program = _Program(targets, allowance)
    values = program.solve(_matrix(equations, len(targets)), equations, low, seconds)
    multiples = numpy.rint(values).astype(int)
    _check(multiples, equations)
    beyond = [
        place
        for place, target in enumerate(targets)
        if not target.low <= multiples[place] <= target.high
    ]
    if beyond and allowance is None:
        raise ProtectionFailed("the solver went beyond what was allowed")
    return Solution(tuple(multiples.tolist()), tuple(beyond))


def _nothing(equations: Sequence[Equation]) -> Solution:
    """Without cells there is nothing to solve, but every equation must hold all the same."""
    if any(equation.constant for equation in equations):
        raise NoRounding("nothing does not add up to something")
    return Solution(())


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The equations by row, as HiGHS takes them."""

    starts: numpy.ndarray
    places: numpy.ndarray
    signs: numpy.ndarray


def _matrix(equations: Sequence[Equation], cells: int) -> _Matrix:
    lengths = [len(equation.parts) + len(equation.totals) for equation in equations]
    places = [place for equation in equations for place in (*equation.parts, *equation.totals)]
    signs = [
        sign
        for equation in equations
        for sign in (*(1.0,) * len(equation.parts), *(-1.0,) * len(equation.totals))
    ]
    if places and not 0 <= min(places) <= max(places) < cells:
        raise ProtectionFailed("an equation names a cell that is not there")
    return _Matrix(
        numpy.cumsum([0, *lengths]), numpy.array(places, dtype=int), numpy.array(signs, dtype=float)
    )


class _Program:
    """The integer program: a 0-or-1 step up for each cell, and further steps at a price.

    The step up is variable i of cell i. With an allowance, steps further up and down follow it.
    """

    def __init__(self, targets: Sequence[Target], allowance: Allowance | None) -> None:
        self._size = len(targets)
        self._allowance = allowance
        steps = [float(target.high - target.low) for target in targets]
        prefers_up = [target.wish > target.low for target in targets]
        costs = [
            -target.weight if up else target.weight
            for target, up in zip(targets, prefers_up, strict=True)
        ]
        self.upper = numpy.array(steps, dtype=numpy.float64)
        self.costs = numpy.array(costs, dtype=numpy.float64)
        if allowance:
            self._allow(targets, allowance)

    def _allow(self, targets: Sequence[Target], allowance: Allowance) -> None:
        some = numpy.array([target.high > 0 for target in targets])
        low = numpy.array([target.low for target in targets], dtype=numpy.float64)
        most = float(allowance.multiples)
        further_up = numpy.where(some, most, 0.0)
        further_down = numpy.where(some, numpy.minimum(low, most), 0.0)
        self.upper = numpy.concatenate([self.upper, further_up, further_down])
        prices = numpy.full(2 * self._size, allowance.penalty)
        self.costs = numpy.concatenate([self.costs, prices])

    def solve(
        self, matrix: _Matrix, equations: Sequence[Equation], low: numpy.ndarray, seconds: float
    ) -> numpy.ndarray:
        """The value of every cell, in multiples."""
        constants = numpy.array([equation.constant for equation in equations], dtype=float)
        places, signs, starts = self._widened(matrix)
        at_low = numpy.zeros(len(equations))
        rows = numpy.repeat(numpy.arange(len(equations)), numpy.diff(matrix.starts))
        numpy.add.at(at_low, rows, matrix.signs * low[matrix.places])
        steps = _run_highs(
            self.costs, self.upper, constants - at_low, (starts, places, signs), seconds
        )
        return low + self._net(steps)

    def _widened(self, matrix: _Matrix) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """The same equations with the further steps of every cell in them."""
        if self._allowance is None:
            return matrix.places, matrix.signs, matrix.starts
        places = numpy.stack(
            [matrix.places, matrix.places + self._size, matrix.places + 2 * self._size], axis=1
        )
        signs = numpy.stack([matrix.signs, matrix.signs, -matrix.signs], axis=1)
        return places.ravel(), signs.ravel(), matrix.starts * 3

    def _net(self, steps: numpy.ndarray) -> numpy.ndarray:
        if self._allowance is None:
            return steps
        up, further_up, further_down = steps.reshape(3, self._size)
        return up + further_up - further_down


def _run_highs(
    costs: numpy.ndarray,
    upper: numpy.ndarray,
    sides: numpy.ndarray,
    matrix: tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray],
    seconds: float,
) -> numpy.ndarray:
    """Minimise the costs over whole numbers from 0 to ``upper``. Raises as said above."""
    starts, places, signs = matrix
    solver = _new_solver(seconds)
    size = len(costs)
    passed = solver.passModel(
        size,
        len(sides),
        len(places),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        costs,
        numpy.zeros(size),
        upper,
        sides,
        sides,
        starts[:-1].astype(numpy.int32),
        places.astype(numpy.int32),
        signs,
        numpy.full(size, int(highspy.HighsVarType.kInteger), dtype=numpy.int32),
    )
    if passed == highspy.HighsStatus.kError:
        raise ProtectionFailed("the solver did not take the problem")
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise NoRounding("no rounding adds up")
    if status != highspy.HighsModelStatus.kOptimal:
        raise ProtectionFailed(f"the solver stopped early: {solver.modelStatusToString(status)}")
    return numpy.array(solver.getSolution().col_value)


def _new_solver(seconds: float) -> highspy.Highs:
    """One thread and a fixed seed, so that the same problem always has the same solution."""
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
    ):
        solver.setOptionValue(option, value)
    return solver


def _check(multiples: numpy.ndarray, equations: Sequence[Equation]) -> None:
    """Whatever the solver says, count again."""
    for equation in equations:
        parts = sum(int(multiples[place]) for place in equation.parts)
        totals = sum(int(multiples[place]) for place in equation.totals)
        if parts - totals != equation.constant:
            raise ProtectionFailed("the solver's answer does not add up")
    if (multiples < 0).any():
        raise ProtectionFailed("the solver's answer has a count below nothing")
