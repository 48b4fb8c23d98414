"""Answers and responses, and their one canonical form in bytes.

In: what a respondent chose. Out: bytes to seal, and back. Answers that are off the final path
never reach these bytes; see routing.on_path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.model import NonAnswer, Question, Questionnaire, QuestionType


@dataclass(frozen=True, slots=True)
class Chosen:
    """One or several options, by code, in the order of the questionnaire."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Options in order, the most important first; some places may have stayed empty."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, e.g. (2026, 5)."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Number:
    """A rung of a ladder."""

    value: int


@dataclass(frozen=True, slots=True)
class Written:
    """Free text, exactly as written."""

    text: str


_NON_ANSWER_CODES = frozenset(NonAnswer)

Answer = Chosen | Ranked | Number | Month | Written | NonAnswer


class Mode(StrEnum):
    """How a response was given. Kept with the response, never with a person."""

    SCREEN = "screen"
    OFFLINE = "offline"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Response:
    """A whole questionnaire answered: which version, the answers on its final path, and how."""

    questionnaire: str
    answers: Mapping[str, Answer]
    mode: Mode = Mode.SCREEN


class ResponseFormatError(ValueError):
    """The bytes are not a response that this version can read."""


def answer_to_json(answer: Answer) -> object:
    """One JSON value per answer.

    A list of codes, a number, {"r": codes in order}, {"m": [year, month]}, {"t": text} or
    {"x": non-answer}.
    """
    match answer:
        case Chosen(codes):
            return list(codes)
        case Ranked(codes):
            return {"r": list(codes)}
        case Number(value):
            return value
        case Month(year, month):
            return {"m": [year, month]}
        case Written(text):
            return {"t": text}
        case NonAnswer():
            return {"x": answer.value}


def answer_from_json(value: object) -> Answer:
    """The inverse of answer_to_json. Raises ResponseFormatError on anything else."""
    match value:
        case list() if all(isinstance(code, str) for code in value):
            return Chosen(tuple(value))
        case int() if not isinstance(value, bool):
            return Number(value)
        case {"r": list(codes), **rest} if not rest and all(isinstance(c, str) for c in codes):
            return Ranked(tuple(codes))
        case {"m": [int(year), int(month)], **rest} if not rest and not _boolean(year, month):
            return Month(year, month)
        case {"t": str(text), **rest} if not rest:
            return Written(text)
        case {"x": str(code), **rest} if code in _NON_ANSWER_CODES and not rest:
            return NonAnswer(code)
    raise ResponseFormatError("not an answer")


def _boolean(*values: object) -> bool:
    return any(isinstance(value, bool) for value in values)


def response_to_bytes(response: Response) -> bytes:
    """Canonical UTF-8 JSON: sorted keys, no spaces, so equal responses are equal bytes."""
    answers = {key: answer_to_json(answer) for key, answer in response.answers.items()}
    document = {"a": answers, "m": response.mode.value, "q": response.questionnaire, "v": 2}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def response_from_bytes(data: bytes) -> Response:
    """Read what response_to_bytes wrote. Raises ResponseFormatError otherwise."""
    try:
        document = json.loads(data)
        answers = {key: answer_from_json(value) for key, value in document["a"].items()}
        if document["v"] != 2 or not isinstance(document["q"], str):
            raise ResponseFormatError("unknown response version")
        mode = Mode(document["m"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResponseFormatError("not a response") from error
    return Response(document["q"], answers, mode)


_WORST_CHARACTER = "\U0001f600"
"""Four bytes; nothing that may be written takes more, since control characters may not."""


def largest_response_bytes(questionnaire: Questionnaire) -> int:
    """How long response_to_bytes can get for any valid response to this questionnaire.

    Every question is counted as asked and answered at its longest, whatever the routing, so that
    the length of a sealed response tells nothing about the answers.
    """
    answers = {question.id: _longest_answer(question) for question in questionnaire.questions}
    longest = max(Mode, key=lambda mode: len(mode.value))
    return len(response_to_bytes(Response(questionnaire.id, answers, longest)))


def _longest_answer(question: Question) -> Answer:
    candidates: list[Answer] = list(NonAnswer)
    match question.type:
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.BAND:
            candidates += [Chosen((option.code,)) for option in question.options]
        case QuestionType.CHOICES:
            candidates.append(Chosen(tuple(option.code for option in question.options)))
        case QuestionType.RANKING:
            codes = sorted((option.code for option in question.options), key=len, reverse=True)
            candidates.append(Ranked(tuple(codes[: question.places])))
        case QuestionType.MONTH:
            candidates.append(Month(question.latest_year or 0, 12))
        case QuestionType.LADDER:
            candidates.append(Number(10))
        case QuestionType.TEXT:
            candidates.append(Written(_WORST_CHARACTER * (question.max_length or 0)))
    return max(candidates, key=lambda answer: len(json.dumps(answer_to_json(answer))))
