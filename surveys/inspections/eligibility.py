"""Who may be asked what, on a reference date, and by which rule everybody else is left out.

In: the children of a return. Out: exactly one Decision for each child. Pure: no file, no clock,
no database. Order of the rules: usable record, age, in care, left care; the first that fits names
the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from surveys.inspections.rules import ASK_BY_ENDING, ENDINGS, Outcome, Rule, Warned
from surveys.inspections.ssda903 import UNKNOWN, Child, Episode

CARE4ME = "care4me"
AFTERCARE = "aftercare"
YOUNGEST = 8
ADULT = 18
_OLDEST_ON_LEAVING = 19  # care ends at 18, so within a year of leaving nobody is 19
_SHORT_BREAKS = frozenset({"V3", "V4"})
_DIED, _OTHER_COUNCIL = "E2", "E3"


@dataclass(frozen=True, slots=True)
class EligibilityPolicy:
    """What an authority may decide. Hard stops are not here, because nobody may decide them."""

    include_asked: bool = False
    include_short_breaks: bool = False


CAUTIOUS = EligibilityPolicy()
"""The default: whoever a person should be asked about waits until a person was asked."""


class Answer(StrEnum):
    """What a person decided about a child whom a rule would have them asked about."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one child.

    ``survey`` is the population that the child's record belongs to (in care, or left within the
    last twelve months), also when a rule leaves the child out; None when it belongs to neither.
    ``answer`` is a person's, where the rule is to ask one. ``in_touch_said`` tells whether a care
    leavers' file spoke of the child.
    """

    child: str
    rule: Rule
    included: bool
    survey: str | None = None
    age: int | None = None
    warnings: tuple[Warned, ...] = ()
    answer: Answer | None = None
    in_touch_said: bool = False

    @property
    def outcome(self) -> Outcome:
        """Eligible, for a person to decide, or left out by a rule."""
        return self.rule.outcome

    @property
    def audience(self) -> str | None:
        """The questionnaire version for the child's age, where there is a survey."""
        return audience_for(self.survey, self.age) if self.survey and self.age else None


@dataclass(frozen=True, slots=True)
class _Period:
    """The twelve months that end with the reference date, and the policy in force."""

    start: date
    end: date
    policy: EligibilityPolicy


def decide(
    children: Mapping[str, Child],
    reference_date: date,
    policy: EligibilityPolicy = CAUTIOUS,
) -> tuple[Decision, ...]:
    """One decision for every child, in the order of the return."""
    period = _Period(_a_year_before(reference_date), reference_date, policy)
    return tuple(_decide_for(name, child, period) for name, child in children.items())


def completed_years(born: date, on: date) -> int:
    """Age in completed years; a child born on 29 February completes one on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def audience_for(survey: str, age: int) -> str:
    """The version for an age of 8 or more: the two surveys differ only in their oldest band."""
    if age <= 10:
        return "8-10"
    if age <= 15:
        return "11-15"
    return "16-17" if survey == CARE4ME else "16+"


def _decide_for(name: str, child: Child, period: _Period) -> Decision:
    born = child.date_of_birth
    unusable = _unusable(child)
    if unusable or born is None:
        return Decision(name, unusable or Rule.NO_DATE_OF_BIRTH, included=False)
    age = completed_years(born, period.end)
    begun = [episode for episode in child.episodes if episode.began <= period.end]
    if not begun or age < YOUNGEST:
        rule = Rule.UNDER_8 if begun else Rule.NOT_YET_IN_CARE
        return Decision(name, rule, included=False, age=age)
    open_episodes = [episode for episode in begun if _is_open(episode, period)]
    rule, survey = (
        (_rule_in_care(child, open_episodes, period), CARE4ME)
        if open_episodes
        else _rule_after_care(child, begun, period)
    )
    return Decision(
        name,
        rule,
        _is_included(rule, period.policy),
        survey,
        age,
        _warnings(survey, age, open_episodes),
        in_touch_said=bool(child.in_touch),
    )


def _unusable(child: Child) -> Rule | None:
    if child.has_unusable_row:
        return Rule.UNREADABLE
    if child.episodes:
        return None
    return Rule.LEAVERS_LIST_ONLY if child.is_on_leavers_list else Rule.NO_EPISODES


def _rule_in_care(child: Child, open_episodes: list[Episode], period: _Period) -> Rule:
    if _only_short_breaks(open_episodes, period.policy):
        return Rule.SHORT_BREAKS
    if _death_on_record(child):
        return Rule.DEATH_ON_RECORD
    return Rule.DIED_SINCE if child.in_touch == "DIED" else Rule.IN_CARE


def _rule_after_care(
    child: Child, begun: list[Episode], period: _Period
) -> tuple[Rule, str | None]:
    last = max(begun, key=lambda episode: (episode.ended or date.min, episode.began))
    if last.ended is None or last.ended <= period.start:
        return Rule.LEFT_EARLIER, None
    if not last.ending.startswith("E"):
        return Rule.NOT_AN_ENDING, None
    return _excluded_ending(child, last, period) or _asked_about(child, last), AFTERCARE


def _excluded_ending(child: Child, last: Episode, period: _Period) -> Rule | None:
    tests = (
        (last.ending == _DIED, Rule.DIED),
        (last.ending == _OTHER_COUNCIL, Rule.OTHER_COUNCIL),
        (_only_short_breaks([last], period.policy), Rule.SHORT_BREAKS),
        (_death_on_record(child), Rule.DEATH_ON_RECORD),
        (child.in_touch == "DIED", Rule.DIED_SINCE),
        (child.in_touch == "REFU", Rule.REFUSED_CONTACT),
    )
    return next((rule for holds, rule in tests if holds), None)


def _asked_about(child: Child, last: Episode) -> Rule:
    if child.in_touch == UNKNOWN:
        return Rule.ASK_IN_TOUCH
    if last.ending not in ENDINGS:
        return Rule.ASK_UNKNOWN_ENDING
    return ASK_BY_ENDING.get(last.ending, Rule.LEFT_CARE)


def _death_on_record(child: Child) -> bool:
    return any(episode.ending == _DIED for episode in child.episodes)


def _only_short_breaks(episodes: list[Episode], policy: EligibilityPolicy) -> bool:
    if policy.include_short_breaks:
        return False
    return all(episode.legal_status in _SHORT_BREAKS for episode in episodes)


def _is_open(episode: Episode, period: _Period) -> bool:
    return episode.ended is None or episode.ended > period.end


def _is_included(rule: Rule, policy: EligibilityPolicy) -> bool:
    asked = rule.outcome is Outcome.ASK and policy.include_asked
    return rule.outcome is Outcome.ELIGIBLE or asked


def _warnings(survey: str | None, age: int, open_episodes: list[Episode]) -> tuple[Warned, ...]:
    tests = (
        (survey == CARE4ME and age >= ADULT, Warned.ADULT_IN_CARE),
        (survey == AFTERCARE and age >= _OLDEST_ON_LEAVING, Warned.TOO_OLD_TO_HAVE_LEFT),
        (len(open_episodes) > 1, Warned.SEVERAL_OPEN),
        (
            any(e.ended is None and e.ending.startswith("E") for e in open_episodes),
            Warned.OPEN_WITH_ENDING,
        ),
    )
    return tuple(warned for holds, warned in tests if holds)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
