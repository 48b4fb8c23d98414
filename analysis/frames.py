"""Responses as a frame: one row per respondent, one categorical column per item.

In: responses and their survey. Out: a DataFrame of small integers whose rows are sorted by their
content, so that nothing is left of the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy
import pandas
from numpy.typing import NDArray

from analysis.items import HOW_ANSWERED, LADDER_BANDS, NOT_CHOSEN, ItemDefinition, items_of
from analysis.leaving_out import LeftOut
from questionnaires.model import NonAnswer, QuestionType, Survey
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Response

AUDIENCE = "audience"
_BAND_OF = {rung: category.code for rungs, category in LADDER_BANDS for rung in rungs}


class ResponseDoesNotFit(Exception):
    """A response is not one to this survey. Deliberately says no more than that."""


@dataclass(frozen=True, slots=True)
class _Column:
    """Where an item stands in the row, and the small integer of each of its categories."""

    place: int
    item: ItemDefinition
    codes: Mapping[str, int]


# its number, the columns that it fills by question, and its questions in own words
_Version = tuple[int, Mapping[str, list[_Column]], frozenset[str]]


def build_frame(
    responses: Iterable[Response], survey: Survey, left_out: LeftOut | None = None
) -> pandas.DataFrame:
    """One column per item, and ``audience``. Raises ResponseDoesNotFit, or leaves out and counts.

    A question that the respondent was not asked, for whichever reason, is NOT_ASKED.
    """
    columns = [
        _Column(place, item, _codes(item)) for place, item in enumerate(items_of(survey), start=1)
    ]
    audiences = [version.audience for version in survey.questionnaires]
    names = [AUDIENCE, *(column.item.id for column in columns)]
    categories = [audiences, *(list(column.codes) for column in columns)]
    rows = _sorted(b"".join(_rows(responses, survey, columns, left_out)), len(names))
    return pandas.DataFrame(
        {
            name: pandas.Categorical.from_codes(rows[:, place], pandas.Index(categories[place]))
            for place, name in enumerate(names)
        }
    )


def _codes(item: ItemDefinition) -> dict[str, int]:
    codes = [category.code for category in item.categories]
    if NonAnswer.NOT_ASKED not in codes:
        codes.append(NonAnswer.NOT_ASKED.value)
    return {code: number for number, code in enumerate(codes)}


def _sorted(data: bytes, width: int) -> NDArray[numpy.int8]:
    rows = numpy.frombuffer(data, dtype=numpy.int8).reshape(-1, width)
    return rows[numpy.lexsort(rows.T[::-1])]


def _rows(
    responses: Iterable[Response],
    survey: Survey,
    columns: list[_Column],
    left_out: LeftOut | None,
) -> Iterator[bytes]:
    """Each response as one byte per column."""
    unasked = bytes([0, *(column.codes[NonAnswer.NOT_ASKED] for column in columns)])
    versions = {
        version.id: (number, _asked_by(version.audience, columns), _free_text(survey, number))
        for number, version in enumerate(survey.questionnaires)
    }
    for response in responses:
        try:
            row = _row(response, versions, unasked)
        except ResponseDoesNotFit:
            if left_out is None:
                raise
            left_out.count += 1
        else:
            yield row


def _row(response: Response, versions: Mapping[str, _Version], unasked: bytes) -> bytes:
    if response.questionnaire not in versions:
        raise ResponseDoesNotFit("a response to another survey")
    number, asked, written = versions[response.questionnaire]
    row = bytearray(unasked)
    row[0] = number
    answers = {**response.answers, HOW_ANSWERED: Chosen((response.mode.value,))}
    _fill(row, answers, asked, written)
    return bytes(row)


def _asked_by(audience: str, columns: Iterable[_Column]) -> dict[str, list[_Column]]:
    """The columns that a version fills, by question."""
    found: dict[str, list[_Column]] = {}
    for column in columns:
        if audience in column.item.asked_of:
            found.setdefault(column.item.question, []).append(column)
    return found


def _free_text(survey: Survey, number: int) -> frozenset[str]:
    questions = survey.questionnaires[number].questions
    return frozenset(q.id for q in questions if q.type is QuestionType.TEXT)


def _fill(
    row: bytearray,
    answers: Mapping[str, Answer],
    asked: Mapping[str, list[_Column]],
    written: frozenset[str],
) -> None:
    for question, columns in asked.items():
        answer = answers.get(question, NonAnswer.NOT_ASKED)
        _refuse_unknown_ticks(answer, columns)
        for column in columns:
            row[column.place] = _code(column, answer)
    if not answers.keys() <= asked.keys() | written:
        raise ResponseDoesNotFit("an answer to a question that was not asked")


def _refuse_unknown_ticks(answer: Answer, columns: Iterable[_Column]) -> None:
    """Each tick of a list is a column of its own, so only all of them together can tell."""
    options = {column.item.option for column in columns}
    if options == {None} or not isinstance(answer, Chosen | Ranked):
        return
    if not answer.codes or not options.issuperset(answer.codes):
        raise ResponseDoesNotFit("a tick that the question does not have")


def _code(column: _Column, answer: Answer) -> int:
    code = _category(column.item, answer)
    unroutable = code == NonAnswer.NOT_ASKED and not column.item.routed
    if code is None or code not in column.codes or unroutable:
        raise ResponseDoesNotFit("an answer that the question does not have")
    return column.codes[code]


def _category(item: ItemDefinition, answer: Answer) -> str | None:
    match answer:
        case NonAnswer():
            return answer.value
        case Number(value) if item.type is QuestionType.LADDER:
            return _BAND_OF.get(value)
        case Chosen(codes) | Ranked(codes) if item.type is QuestionType.CHOICES:
            return item.option if item.option in codes else NOT_CHOSEN
        case Month(year, _):
            return str(year)
        case Chosen((code,)) if item.type is QuestionType.CHOICE:
            return code
    return None
