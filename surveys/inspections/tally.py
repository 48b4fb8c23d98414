"""Counts decisions so that they add up to the children of the return.

In: decisions. Out: numbers by rule, by survey and audience, and what the rules give by the letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from surveys.inspections.eligibility import AFTERCARE, CARE4ME, Answer, Decision
from surveys.inspections.rules import Outcome, Rule, Warned

AUDIENCES = {CARE4ME: ("8-10", "11-15", "16-17"), AFTERCARE: ("8-10", "11-15", "16+")}
_OUT_BY_THE_LETTER = frozenset(
    {Rule.SHORT_BREAKS, Rule.DIED, Rule.OTHER_COUNCIL, Rule.DIED_SINCE, Rule.REFUSED_CONTACT}
)


@dataclass(frozen=True)
class Tally:
    """What became of every child. Each child is in exactly one cell of ``by_rule``."""

    children: int
    by_rule: dict[Rule, int]
    by_audience: dict[tuple[str, str, Outcome], int]
    included: int
    warnings: dict[Warned, int]
    by_answer: dict[Answer | None, int] = field(default_factory=dict)

    @property
    def reconciles(self) -> bool:
        """Whether every child is counted exactly once, by rule and by what became of them."""
        return sum(self.by_rule.values()) == sum(self.outcomes) == self.children

    @property
    def outcomes(self) -> tuple[int, int, int, int, int]:
        """To be asked by rule, by a person's answer; left out by answer, not answered, by rule."""
        by_rule = {one: self._of(one) for one in Outcome}
        taken, out = self.by_answer.get(Answer.INCLUDE, 0), self.by_answer.get(Answer.EXCLUDE, 0)
        waiting = by_rule[Outcome.ASK] - taken - out
        return by_rule[Outcome.ELIGIBLE], taken, out, waiting, by_rule[Outcome.EXCLUDED]

    def _of(self, outcome: Outcome) -> int:
        return sum(count for rule, count in self.by_rule.items() if rule.outcome is outcome)

    def count(self, survey: str, outcome: Outcome) -> int:
        """How many children of a survey, over all audiences, have an outcome."""
        cells = self.by_audience.items()
        return sum(n for (of, _, what), n in cells if of == survey and what is outcome)


def tally(decisions: Iterable[Decision], children: int) -> Tally:
    """Count decisions. ``children`` is how many the return holds, counted by its reader."""
    decided = tuple(decisions)
    return Tally(
        children,
        dict(Counter(decision.rule for decision in decided)),
        dict(
            Counter(
                (decision.survey, decision.audience, decision.outcome)
                for decision in decided
                if decision.survey and decision.audience
            )
        ),
        sum(decision.included for decision in decided),
        dict(Counter(warned for decision in decided for warned in decision.warnings)),
        dict(Counter(one.answer for one in decided if one.rule.outcome is Outcome.ASK)),
    )


def by_the_letter(decisions: Iterable[Decision]) -> dict[str, dict[str, int]]:
    """What the rules give before a person is asked and contradictions are held back, by age.

    ``care4me_all`` and ``aftercare_any_ending`` are the populations; ``care4me`` and ``aftercare``
    leave out short breaks, deaths and moves to another council.
    """
    decided = [decision for decision in decisions if decision.survey]
    return {
        "care4me_all": _by_age(decided, lambda one: one.survey == CARE4ME),
        "care4me": _by_age(decided, lambda one: one.survey == CARE4ME and _stays(one)),
        "aftercare_any_ending": _by_age(decided, lambda one: one.survey == AFTERCARE),
        "aftercare": _by_age(decided, lambda one: one.survey == AFTERCARE and _stays(one)),
    }


def _stays(decision: Decision) -> bool:
    return decision.rule not in _OUT_BY_THE_LETTER


def _by_age(decisions: list[Decision], chosen: Callable[[Decision], bool]) -> dict[str, int]:
    ages = [decision.age or 0 for decision in decisions if chosen(decision)]
    return {"total": len(ages), **Counter(_band(age) for age in ages)}


def _band(age: int) -> str:
    bands = ((11, "8-10"), (16, "11-15"), (18, "16-17"))
    return next((band for below, band in bands if age < below), "18+")
