"""Whether one question means the same in every version of a survey.

In: a loaded survey. Out: faults where a name has two meanings, since results align by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires import messages
from questionnaires.faults import Fault
from questionnaires.loading import LoadedSurvey
from questionnaires.model import Question, Valence
from questionnaires.structure import PlacedPage


def comparability_faults(loaded: LoadedSurvey) -> Iterator[Fault]:
    """Every difference in meaning between a version and the first that asks the question."""
    first: dict[str, tuple[Question, str]] = {}
    for questionnaire in loaded.survey.questionnaires:
        for placed in loaded.pages[questionnaire.id]:
            question = placed.page.question
            if question is None:
                continue
            if question.id in first:
                yield from _differences(placed, question, *first[question.id])
            first.setdefault(question.id, (question, questionnaire.audience))


def _differences(
    placed: PlacedPage, question: Question, other: Question, audience: str
) -> Iterator[Fault]:
    said: dict[str, object] = {"page": question.id, "other": audience}
    if question.type is not other.type:
        yield placed.fault(
            messages.OTHER_TYPE, "type", type=question.type, other_type=other.type, **said
        )
    if question.topic != other.topic:
        yield placed.fault(
            messages.OTHER_TOPIC, "topic", topic=question.topic, other_topic=other.topic, **said
        )
    if question.group != other.group:
        yield placed.fault(
            messages.OTHER_GROUP, "group", group=question.group, other_group=other.group, **said
        )
    yield from _valences(placed, question, other, audience)


def _valences(
    placed: PlacedPage, question: Question, other: Question, audience: str
) -> Iterator[Fault]:
    known = {option.code: option.valence for option in other.options}
    for place, option in enumerate(question.options):
        if known.get(option.code, option.valence) is not option.valence:
            yield placed.fault(
                messages.OTHER_VALENCE,
                "options",
                place,
                code=option.code,
                valence=_direction(option.valence),
                other_valence=_direction(known[option.code]),
                other=audience,
            )


def _direction(valence: Valence) -> str:
    return "without direction" if valence is Valence.NONE else valence.value
