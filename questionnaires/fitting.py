"""Fit what an author wrote to a model, and say in the author's words what does not fit.

In: plain values, with the Source they stand in. Out: a model, or None with faults noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires import messages
from questionnaires.messages import Saying
from questionnaires.yaml_source import Route, Source, Step

Model = TypeVar("Model", bound=BaseModel)
Details = Mapping[str, Any]

_HELP = {
    "text": "It is the question itself, as the respondent reads it.",
    "short": "Write a few words for charts and tables, e.g. Feels safe at school.",
    "type": "Choose one of: choice, yes_no, band, choices, ranking, ladder, month, text.",
    "title": "It is what the respondent sees.",
    "label": "It is what the respondent reads.",
    "code": "A code is what is stored, e.g. most_of_the_time. It never changes.",
    "audience": 'It is the group this version is worded for, e.g. "8-10".',
    "audience_label": "It is the audience in words, e.g. Aged 8 to 10.",
    "look": "Choose one of: child, young, desk.",
    "reading": "Choose one of: 8-10, 11-15, 16+, adult.",
    "minutes": "Say how long it takes, from 1 to 60.",
    "welcome": "Write a list of sentences that say what this is.",
    "sections": "A questionnaire is a list of sections, each with an id, a title and pages.",
    "pages": "A section is a list of pages, each a question or information.",
    "max_length": "Text can be from 1 to 4000 characters long.",
    "options": "Each option stands on its own line: - {code: yes, label: Yes}.",
    "question": "It is the name of the question, e.g. feels_safe_at_school.",
    "questionnaire": "It is the name of this version, e.g. care4me-8-10.",
    "respondents": "Write who answers, in words for reports, e.g. children in care.",
}
_MODEL_WORDS = {"is_": "is", "all_": "all", "any_": "any", "not_": "not"}


def fit(
    model: type[Model],
    source: Source,
    route: Route,
    values: Mapping[str, object],
    *,
    element: str,
    renamed: Mapping[str, str] | None = None,
) -> Model | None:
    """The model, or None after noting every fault on the source.

    ``renamed`` tells which model field is written under another name, e.g. id as question.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        known = _field_names(model)
        details = error.errors()
        for detail in details:
            if detail["type"] == "too_short" and _is_shorter_for_another(detail, details):
                continue
            _note(source, route, detail, element=element, renamed=renamed or {}, known=known)
        return None


def _is_shorter_for_another(detail: Details, details: Iterable[Details]) -> bool:
    """True when a list only seems short because some of its things did not fit."""
    place = detail["loc"]
    return any(len(d["loc"]) > len(place) and d["loc"][: len(place)] == place for d in details)


def _field_names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _note(
    source: Source,
    route: Route,
    detail: Details,
    *,
    element: str,
    renamed: Mapping[str, str],
    known: Iterable[str],
) -> None:
    steps = tuple(_written(step, renamed) for step in detail["loc"] if step != "[key]")
    field = next((step for step in reversed(steps) if isinstance(step, str)), element)
    saying, values = _saying(detail, field, known)
    where = element if not steps else f"{element}, {_words(steps)}"
    source.faults.append(source.fault((*route, *steps), where, saying, field=field, **values))


def _written(step: Step, renamed: Mapping[str, str]) -> Step:
    if isinstance(step, int):
        return step
    return renamed.get(step, _MODEL_WORDS.get(step, step))


def _words(steps: Iterable[Step]) -> str:
    """``("options", 1, "label")`` as ``options 2 label``: people count from one."""
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in steps)


_BY_PATTERN = {
    "[a-z][a-z0-9_]": messages.BAD_NAME,
    "[a-z0-9][a-z0-9_]": messages.BAD_CODE,
    "[LSX]": messages.BAD_THEME,
    "[a-z0-9]+(-": messages.BAD_QUESTIONNAIRE_NAME,
}
_PLAIN = {
    "missing": messages.MISSING,
    "int_type": messages.NOT_A_NUMBER,
    "int_parsing": messages.NOT_A_NUMBER,
    "int_from_float": messages.NOT_A_NUMBER,
    "bool_type": messages.NOT_TRUE_OR_FALSE,
    "bool_parsing": messages.NOT_TRUE_OR_FALSE,
    "tuple_type": messages.NOT_A_LIST,
    "dict_type": messages.NOT_NAMES_AND_VALUES,
    "model_type": messages.NOT_NAMES_AND_VALUES,
    "model_attributes_type": messages.NOT_NAMES_AND_VALUES,
    "string_too_short": messages.EMPTY,
    "too_short": messages.TOO_FEW,
    "value_error": messages.CONDITION_FORM,
}
_LIMITS = {
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than_equal": ("le", "must be at most {}"),
}


def _saying(detail: Details, field: str, known: Iterable[str]) -> tuple[Saying, dict[str, object]]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    values: dict[str, object] = {
        "value": _shown(value),
        "plain": str(value),
        "help": _HELP.get(field, ""),
    }
    if kind == "extra_forbidden":
        return messages.UNKNOWN_FIELD, {"help": did_you_mean(field, known)}
    if kind == "string_type":
        return _not_words(value)
    if kind in _LIMITS:
        name, limit = _LIMITS[kind]
        return messages.OUT_OF_RANGE, {**values, "limit": limit.format(context[name])}
    if kind in {"enum", "literal_error"}:
        return messages.NOT_ONE_OF, {**values, "choices": _listed(context["expected"])}
    if kind == "string_pattern_mismatch":
        return _pattern_saying(str(context["pattern"])), values
    if kind in _PLAIN:
        return _PLAIN[kind], values
    return messages.OTHER, {**values, "problem": detail["msg"].lower()}


def _pattern_saying(pattern: str) -> Saying:
    for beginning, saying in _BY_PATTERN.items():
        if pattern.removeprefix("^").startswith(beginning):
            return saying
    return messages.BAD_NAME


def _listed(expected: object) -> str:
    return str(expected).replace("'", "").replace(" or ", ", ")


_KINDS = {bool: "true or false", int: "a number", float: "a number", list: "a list"}


def _not_words(value: object) -> tuple[Saying, dict[str, object]]:
    if value is None:
        return messages.EMPTY, {"help": "Write it, or take the line away."}
    kind = _KINDS.get(type(value), "names and values")
    return messages.NOT_WORDS, {"value": _shown(value), "kind": kind, "plain": _shown(value)}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest known word, or all of them when none is near."""
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"These can be used: {', '.join(names)}." if names else ""
