"""How much of a row may be seen at all: nothing, nets alone, or every category.

In: a raw row, and the bases as published. Out: what is shown of it. Of a question that only some
were asked, that counts those asked, and must not tell that all of the row were.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from analysis.bases import Bases
from analysis.cells import FrequencyTable, Row
from analysis.policy import DisclosurePolicy
from analysis.record_sets import Populations, asked_of_row


class Shown(Enum):
    """How much of a row may be seen."""

    NOTHING = "nothing"  # too few were asked
    HELD_BACK = "held back"  # to show it could tell that all of it were asked
    COARSE = "coarse"
    FULL = "full"

    @property
    def is_something(self) -> bool:
        """Whether the row has numbers."""
        return self in (Shown.COARSE, Shown.FULL)


@dataclass(frozen=True, slots=True)
class ShowRules:
    """The show rules of one release."""

    policy: DisclosurePolicy
    populations: Populations
    bases: Bases

    def shown(self, table: FrequencyTable, row: Row, overall: FrequencyTable | None) -> Shown:
        """What may be seen of a row; ``overall`` is everyone's table, None for that itself."""
        policy, asked = self.policy, asked_of_row(table, row)
        if self._could_be_all(table, row, policy.minimum_publishable_base):
            return Shown.HELD_BACK
        if asked < policy.minimum_publishable_base:
            return Shown.NOTHING
        if overall is None:
            return Shown.FULL
        if not self._has(overall, overall.rows[0], policy.overall_only_base_below):
            return Shown.NOTHING
        is_full = self._has(table, row, policy.small_group_base_below)
        return Shown.FULL if is_full else Shown.COARSE

    def _has(self, table: FrequencyTable, row: Row, least: int) -> bool:
        """Whether so many were asked, and it does not tell that all of the row were."""
        return asked_of_row(table, row) >= least and not self._could_be_all(table, row, least)

    def _could_be_all(self, table: FrequencyTable, row: Row, least: int) -> bool:
        """Whether "so many were asked" could tell that all were, and so what they answered before.

        Who is in a row may be known. The base as published decides, so that this tells nothing
        new; and as a base is never published far above the truth, that many people are there.
        """
        asked = self.populations.asked(table.item, table.group, row.level)
        if not asked.route or not self.bases.has(asked.everyone):
            return False
        base = self.bases.multiple(asked.everyone) * self.policy.rounding_base
        return base < least + self.policy.further_people_when_routed
