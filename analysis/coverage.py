"""How many were invited and how many responded, protected like everything else.

In: the protected tables of respondents, and invitations by version. Out: rows for the Summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.cells import Cell, ProtectedTable, published, withheld
from analysis.plan import EVERYONE, RESPONDENTS, Plan
from analysis.rounding import Equation, NoRounding, controlled_rounding
from analysis.summary import CoverageRow
from analysis.targets import Targets


def coverage_rows(
    tables: Iterable[ProtectedTable],
    invited: Mapping[str, int],
    plan: Plan,
    targets: Targets,
) -> tuple[CoverageRow, ...]:
    """Everyone, then each version. Raises ProtectionFailed when the solver fails."""
    rounded = round_invited(
        {audience: invited.get(audience, 0) for audience, _ in plan.audiences}, targets
    )
    return tuple(
        CoverageRow(
            level=row.level, label=row.label, invited=rounded[row.level], responded=row.base
        )
        for table in tables
        if table.item == RESPONDENTS
        for row in table.rows
    )


def round_invited(invited: Mapping[str, int], targets: Targets) -> dict[str, Cell]:
    """Numbers of invitations, and of all together, as multiples that add up where they can.

    Who was invited is in the authority's own register: there is no secret in these, but a
    difference from the number of respondents should not be exact either.
    """
    policy = targets.policy
    counts = {**invited, EVERYONE: sum(invited.values())}
    shown = [name for name, count in counts.items() if count >= policy.minimum_publishable_base]
    cells = [targets.nearest(counts[name]) for name in shown]
    equations = _adding_up(counts, shown)
    seconds = policy.seconds_per_question
    try:
        multiples = controlled_rounding(cells, equations, seconds=seconds).multiples
    except NoRounding:
        multiples = controlled_rounding(cells, [], seconds=seconds).multiples
    found = dict(zip(shown, multiples, strict=True))
    return {
        name: published(found[name] * policy.rounding_base) if name in found else withheld()
        for name in counts
    }


def _adding_up(counts: Mapping[str, int], shown: list[str]) -> list[Equation]:
    """One equation, unless some version is too small to be shown."""
    hidden = [name for name in counts if name not in shown and counts[name] > 0]
    if hidden or EVERYONE not in shown:
        return []
    parts = tuple(place for place, name in enumerate(shown) if name != EVERYONE)
    return [Equation(parts, (shown.index(EVERYONE),))]
