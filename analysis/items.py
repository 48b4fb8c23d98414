"""The items of a survey: what is tabulated. In: a Survey. Out: one definition per item.

An item is a question on one scale, over all versions that ask it so. A question that lets several
options be chosen gives one yes-or-no item per option; so does a ranking, whose items say what was
put among the first places. A month is tabulated by its year. Free text gives none: it is read
elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.cells import Category
from questionnaires.model import (
    ONE_OPTION,
    Condition,
    NonAnswer,
    Option,
    Question,
    QuestionType,
    Survey,
    Valence,
)
from questionnaires.piping import plain_text
from questionnaires.responses import Mode

OPTION, NON_ANSWER = "option", "non_answer"
NOT_CHOSEN = "not_chosen"
HOW_ANSWERED = "how_answered"
_MODES = {
    Mode.SCREEN: "On a screen",
    Mode.OFFLINE: "On a tablet without internet",
    Mode.PAPER: "On paper, typed in by staff",
}

LADDER_BANDS = (
    (range(5), Category("low", "0 to 4", OPTION, Valence.NEGATIVE)),
    (range(5, 7), Category("middle", "5 to 6", OPTION, Valence.NEUTRAL)),
    (range(7, 11), Category("high", "7 to 10", OPTION, Valence.POSITIVE)),
)
"""A ladder from 0 to 10 is tabulated in three bands; its rungs are dropped when it is opened."""

_PLAIN_LABELS = {
    NonAnswer.NOT_ASKED: "Not asked",
    NonAnswer.SKIPPED: "Left out",
    NonAnswer.DONT_KNOW: "Don't know",
    NonAnswer.DONT_UNDERSTAND: "Don't understand",
    NonAnswer.RATHER_NOT_SAY: "Rather not say",
    NonAnswer.DOES_NOT_APPLY: "Does not apply",
}


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A column of the frame and the rows of its tables, before anything is opened.

    ``route`` has, for each version of ``asked_of``, the condition under which the question is
    asked, or "" when it is asked of everybody. ``option`` is set on the items of a question that
    lets several options be chosen.
    """

    id: str
    question: str
    scale: str | None
    option: str | None
    type: QuestionType
    short: str
    texts: tuple[tuple[str, str], ...]
    topic: str | None
    themes: tuple[str, ...]
    pictures: str
    group: str | None
    asked_of: tuple[str, ...]
    route: tuple[str, ...]
    categories: tuple[Category, ...]

    @property
    def routed(self) -> bool:
        """Whether some of those who met its version were not asked it."""
        return any(self.route)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question as one version asks it."""

    audience: str
    question: Question
    when: Condition | None


def items_of(survey: Survey) -> tuple[ItemDefinition, ...]:
    """Every item of the survey, in the order in which its versions bring up their questions; and
    last, how the answers were given.
    """
    found: list[ItemDefinition] = []
    for question, askings in _askings(survey).items():
        by_scale = _by_scale(askings)
        for same in by_scale:
            found += _items(_item_id(question, same, alone=len(by_scale) == 1), same)
    return (*found, _how_answered(survey))


def _how_answered(survey: Survey) -> ItemDefinition:
    audiences = tuple(version.audience for version in survey.questionnaires)
    return ItemDefinition(
        id=HOW_ANSWERED,
        question=HOW_ANSWERED,
        scale=None,
        option=None,
        type=QuestionType.CHOICE,
        short="How the answers were given",
        texts=(),
        topic=None,
        themes=(),
        pictures="none",
        group=None,
        asked_of=audiences,
        route=("",) * len(audiences),
        categories=tuple(Category(mode.value, _MODES[mode], OPTION) for mode in Mode),
    )


def _askings(survey: Survey) -> dict[str, list[_Asking]]:
    """The versions' askings of each question that can be tabulated, by question."""
    found: dict[str, list[_Asking]] = {}
    for version in survey.questionnaires:
        for page in version.pages:
            if page.question and page.question.type is not QuestionType.TEXT:
                asking = _Asking(version.audience, page.question, page.when)
                found.setdefault(page.question.id, []).append(asking)
    return found


def _by_scale(askings: Iterable[_Asking]) -> list[list[_Asking]]:
    """Askings with the same answers to choose from, whatever their scale is called."""
    found: dict[object, list[_Asking]] = {}
    for asking in askings:
        options = tuple((option.code, option.valence) for option in asking.question.options)
        years = (asking.question.earliest_year, asking.question.latest_year)
        found.setdefault((tabulated_as(asking.question.type), options, years), []).append(asking)
    return list(found.values())


def tabulated_as(type_: QuestionType) -> QuestionType:
    """CHOICE for all that have one answer of several, CHOICES for all that have ticks."""
    if type_ in ONE_OPTION | {QuestionType.MONTH}:
        return QuestionType.CHOICE
    return QuestionType.CHOICES if type_ is QuestionType.RANKING else type_


def _item_id(question: str, same: list[_Asking], *, alone: bool) -> str:
    if alone:
        return question
    return f"{question}:{same[0].question.scale or same[0].audience}"


def _items(item_id: str, same: list[_Asking]) -> list[ItemDefinition]:
    question = same[0].question
    if tabulated_as(question.type) is QuestionType.CHOICES:
        return [_item(f"{item_id}.{option.code}", same, option) for option in question.options]
    return [_item(item_id, same)]


def _item(item_id: str, same: list[_Asking], option: Option | None = None) -> ItemDefinition:
    first = same[0].question
    route = tuple(_condition(asking.when) for asking in same)
    return ItemDefinition(
        id=item_id,
        question=first.id,
        scale=first.scale,
        option=option.code if option else None,
        type=tabulated_as(first.type),
        short=first.short,
        texts=tuple((asking.audience, plain_text(asking.question)) for asking in same),
        topic=first.topic,
        themes=first.themes,
        pictures=first.pictures,
        group=first.group,
        asked_of=tuple(asking.audience for asking in same),
        route=route,
        categories=(*_options(first, option), *_non_answers(same, routed=any(route))),
    )


def _condition(condition: Condition | None) -> str:
    """The same text for the same condition."""
    if condition is None:
        return ""
    document = condition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(document, sort_keys=True)


def _options(question: Question, option: Option | None) -> tuple[Category, ...]:
    if option is not None:
        # A tick in a list says what is so, not whether that is good: it has no valence.
        not_chosen = Category(NOT_CHOSEN, "Not chosen", OPTION)
        return Category(option.code, option.label, OPTION), not_chosen
    if question.type is QuestionType.MONTH:
        years = range(question.earliest_year or 0, (question.latest_year or 0) + 1)
        return tuple(Category(str(year), str(year), OPTION) for year in years)
    if question.type is QuestionType.LADDER:
        return _ladder_bands(question)
    return tuple(Category(o.code, o.label, OPTION, o.valence) for o in question.options)


def _ladder_bands(question: Question) -> tuple[Category, ...]:
    """The bands, with good news at the end where the question has it: much worry is bad news."""
    bands = tuple(category for _, category in LADDER_BANDS)
    if question.good_end == "high":
        return bands
    valences = [band.valence for band in reversed(bands)]
    return tuple(replace(band, valence=v) for band, v in zip(bands, valences, strict=True))


def _non_answers(same: list[_Asking], *, routed: bool) -> tuple[Category, ...]:
    """Every way of not answering that any of the versions has, in one fixed order."""
    labels: dict[NonAnswer, str] = {NonAnswer.SKIPPED: _PLAIN_LABELS[NonAnswer.SKIPPED]}
    for asking in same:
        labels = {**asking.question.non_answers, **labels}
    if routed:
        labels[NonAnswer.NOT_ASKED] = _PLAIN_LABELS[NonAnswer.NOT_ASKED]
    order = [kind for kind in NonAnswer if kind is not NonAnswer.NOT_ASKED]
    return tuple(
        Category(kind.value, labels[kind], NON_ANSWER)
        for kind in (*order, NonAnswer.NOT_ASKED)
        if kind in labels
    )
