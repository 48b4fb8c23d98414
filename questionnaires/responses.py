"""Answers and responses, and their one canonical form in bytes.

In: what a respondent chose. Out: bytes to seal, and back. Answers that are off the final path
never reach these bytes; see routing.on_path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import NonAnswer


@dataclass(frozen=True, slots=True)
class Chosen:
    """One or several options, by code, in the order of the questionnaire."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A rung of a ladder."""

    value: int


@dataclass(frozen=True, slots=True)
class Written:
    """Free text, exactly as written."""

    text: str


_NON_ANSWER_CODES = frozenset(NonAnswer)

Answer = Chosen | Number | Written | NonAnswer


@dataclass(frozen=True, slots=True)
class Response:
    """A whole questionnaire answered: which version, and the answers on its final path."""

    questionnaire: str
    answers: Mapping[str, Answer]


class ResponseFormatError(ValueError):
    """The bytes are not a response that this version can read."""


def answer_to_json(answer: Answer) -> object:
    """One JSON value per answer: list of codes, number, {"t": text} or {"x": non-answer}."""
    match answer:
        case Chosen(codes):
            return list(codes)
        case Number(value):
            return value
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
        case {"t": str(text)}:
            return Written(text)
        case {"x": str(code)} if code in _NON_ANSWER_CODES:
            return NonAnswer(code)
    raise ResponseFormatError("not an answer")


def response_to_bytes(response: Response) -> bytes:
    """Canonical UTF-8 JSON: sorted keys, no spaces, so equal responses are equal bytes."""
    answers = {key: answer_to_json(answer) for key, answer in response.answers.items()}
    document = {"a": answers, "q": response.questionnaire, "v": 1}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def response_from_bytes(data: bytes) -> Response:
    """Read what response_to_bytes wrote. Raises ResponseFormatError otherwise."""
    try:
        document = json.loads(data)
        answers = {key: answer_from_json(value) for key, value in document["a"].items()}
        if document["v"] != 1 or not isinstance(document["q"], str):
            raise ResponseFormatError("unknown response version")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResponseFormatError("not a response") from error
    return Response(document["q"], answers)
