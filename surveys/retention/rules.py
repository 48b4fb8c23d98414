"""What a council decides about keeping: how many months sealed answers stay after the close.

In: the table ``[retention]`` of site.toml. Out: RetentionRules. How long contact data stay is no
setting: five working days after the close, for everybody.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

CONTACT_WORKING_DAYS = 5
LONGEST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """For how many months after its closing day the answers of a new wave are kept.

    ``opt_outs_months``: for how many months it is kept that an address wants no mail.
    """

    answers_months: int = 24
    opt_outs_months: int = 60

    def __post_init__(self) -> None:
        """Raise ValueError, in words, for a span that nobody can mean."""
        if not 1 <= self.answers_months <= LONGEST_MONTHS:
            raise ValueError(f"answers_months is from 1 to {LONGEST_MONTHS}")
        if not 1 <= self.opt_outs_months <= LONGEST_MONTHS:
            raise ValueError(f"opt_outs_months is from 1 to {LONGEST_MONTHS}")

    def keep_until(self, closes_on: date) -> date:
        """The first day on which answers of a wave that closes then are erased."""
        return months_after(closes_on, self.answers_months)


def retention_from(table: Mapping[str, Any]) -> RetentionRules:
    """The rules in a table of settings. Raises TypeError or ValueError, in words."""
    if any(type(value) is not int for value in table.values()):
        raise ValueError("a number of months is a whole number, without quotes")
    return RetentionRules(**table)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
