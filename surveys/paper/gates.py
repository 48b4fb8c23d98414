"""Routing for people who hold a pen: a condition as plain questions about what they ticked.

In: a condition and the questionnaire it stands in. Out: a Rule, whose every part can be asked of
the reader, and whether a yes means that they go on or that they leave out. The words themselves are
in templates/paper/words.html.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.allowed_answers import LADDER
from questionnaires.codebook import numbers
from questionnaires.model import Condition, Question, Questionnaire, QuestionType

Translate = Callable[[str], str]


class Asks(StrEnum):
    """What a reader is asked about one question."""

    TICKED = "ticked"  # at least one of the labels
    UNTICKED = "unticked"  # none of the labels
    ANSWERED = "answered"  # and not with one of the labels
    EMPTY = "empty"  # or one of the labels
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that the reader can see on their own paper, about the question of a number."""

    asks: Asks
    number: int
    labels: tuple[str, ...] = ()
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Several rules, of which ``all`` or at least one (``any``) must be true."""

    how: str
    parts: tuple[Rule, ...]


Rule = Ask | Joined


class Asking:
    """Conditions of one questionnaire, asked in one language."""

    def __init__(self, questionnaire: Questionnaire, translate: Translate) -> None:
        self._questions = {question.id: question for question in questionnaire.questions}
        self._numbers = numbers(questionnaire)
        self._translate = translate

    def rule(self, condition: Condition) -> tuple[Rule, bool]:
        """The condition as a rule, and whether it holds when the reader says yes (or else no)."""
        if condition.not_ is not None:
            rule, opens = self.rule(condition.not_)
            return rule, not opens
        if condition.answered is False:
            return self._answered(condition), False
        return self._true(condition), True

    def _true(self, condition: Condition) -> Rule:
        """A rule that is true when the condition holds."""
        if condition.all_ is not None:
            return Joined("all", tuple(map(self._true, condition.all_)))
        if condition.any_ is not None:
            return Joined("any", tuple(map(self._true, condition.any_)))
        if condition.not_ is not None:
            return self._false(condition.not_)
        if condition.answered is not None:
            return self._answered(condition) if condition.answered else self._empty(condition)
        if condition.is_ is not None:
            return self._ticked(condition, condition.is_)
        if condition.is_not is not None:
            return self._ticked_another(condition, condition.is_not)
        return self._reached(condition)

    def _false(self, condition: Condition) -> Rule:
        """A rule that is true when the condition does not hold, also because of silence."""
        if condition.all_ is not None:
            return Joined("any", tuple(map(self._false, condition.all_)))
        if condition.any_ is not None:
            return Joined("all", tuple(map(self._false, condition.any_)))
        if condition.not_ is not None:
            return self._true(condition.not_)
        if condition.answered is not None:
            return self._empty(condition) if condition.answered else self._answered(condition)
        if condition.is_ is not None:
            return self._unticked(condition, condition.is_)
        if condition.is_not is not None:
            return self._not_another(condition, condition.is_not)
        return Ask(Asks.UNTICKED, self._number(condition), self._rungs(condition))

    def _ticked(self, condition: Condition, codes: tuple[str, ...]) -> Ask:
        return Ask(Asks.TICKED, self._number(condition), self._labels(condition, codes))

    def _unticked(self, condition: Condition, codes: tuple[str, ...]) -> Ask:
        return Ask(Asks.UNTICKED, self._number(condition), self._labels(condition, codes))

    def _ticked_another(self, condition: Condition, codes: tuple[str, ...]) -> Rule:
        """Something was ticked, and none of these."""
        others = self._ticked(condition, self._others(condition, codes))
        if self._question(condition).type is not QuestionType.CHOICES:
            return others
        return Joined("all", (others, self._unticked(condition, codes)))

    def _not_another(self, condition: Condition, codes: tuple[str, ...]) -> Rule:
        """Nothing was ticked, or one of these."""
        others = self._unticked(condition, self._others(condition, codes))
        if self._question(condition).type is not QuestionType.CHOICES:
            return others
        return Joined("any", (others, self._ticked(condition, codes)))

    def _answered(self, condition: Condition) -> Ask:
        return Ask(Asks.ANSWERED, self._number(condition), self._kinds_of_nothing(condition))

    def _empty(self, condition: Condition) -> Ask:
        return Ask(Asks.EMPTY, self._number(condition), self._kinds_of_nothing(condition))

    def _reached(self, condition: Condition) -> Ask:
        if condition.at_least is not None:
            return Ask(Asks.AT_LEAST, self._number(condition), value=condition.at_least)
        return Ask(Asks.AT_MOST, self._number(condition), value=condition.at_most)

    def _rungs(self, condition: Condition) -> tuple[str, ...]:
        least = condition.at_least if condition.at_least is not None else LADDER.start
        most = condition.at_most if condition.at_most is not None else LADDER.stop - 1
        return tuple(str(rung) for rung in LADDER if least <= rung <= most)

    def _others(self, condition: Condition, codes: tuple[str, ...]) -> tuple[str, ...]:
        options = self._question(condition).options
        return tuple(option.code for option in options if option.code not in codes)

    def _labels(self, condition: Condition, codes: tuple[str, ...]) -> tuple[str, ...]:
        options = self._question(condition).options
        return tuple(self._translate(option.label) for option in options if option.code in codes)

    def _kinds_of_nothing(self, condition: Condition) -> tuple[str, ...]:
        return tuple(map(self._translate, self._question(condition).non_answers.values()))

    def _question(self, condition: Condition) -> Question:
        return self._questions[str(condition.question)]

    def _number(self, condition: Condition) -> int:
        return self._numbers[str(condition.question)]
