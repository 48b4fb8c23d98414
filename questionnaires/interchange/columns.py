"""Where everything that a questionnaire holds stands in a workbook.

In: nothing. Out: names of sheets and columns, and for every field of the model the place it has.
The standard's own columns come first. What it has no column for stands in columns that begin with
``heard_``, which other tools leave alone; ``heard::`` would not do, because two colons mean a
language or an attribute there, and the standard's own converter stops at them on ``choices``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from questionnaires.model import (
    ONE_OPTION,
    Battery,
    Condition,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Survey,
    Variant,
)

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
OWN = "heard_"
TYPE_COLUMN = f"{OWN}type"
PLACES_COLUMN = f"{OWN}places"
TITLE_COLUMN = f"{OWN}title"
NOT_SHOWN_COLUMN = f"{OWN}not_shown_to"
TRANSLATED = ("label", "hint")
TRANSLATED_SETTINGS = (TITLE_COLUMN, NOT_SHOWN_COLUMN)

CONTINUED = "…"
"""The label of a row that continues the rows above it, in the same group, in every language."""
PAGE_MARK, SECTION_MARK, BATTERY_MARK = "-page", "-section", "-battery"
NOTHING_LIST_MARK, PIPE_MARK = "-nonanswer", "-from-"

LIST_TYPES: Mapping[QuestionType, str] = {
    QuestionType.CHOICE: "select_one",
    QuestionType.YES_NO: "select_one",
    QuestionType.BAND: "select_one",
    QuestionType.CHOICES: "select_multiple",
    QuestionType.RANKING: "rank",
}
PLAIN_TYPES: Mapping[QuestionType, str] = {
    QuestionType.LADDER: "range",
    QuestionType.MONTH: "date",
    QuestionType.TEXT: "text",
}
MONTH_APPEARANCE = "month-year"
APPEARANCES: Mapping[QuestionType, str] = {
    QuestionType.MONTH: MONTH_APPEARANCE,
    QuestionType.TEXT: "multiline",
}
TABLE_TYPES = ONE_OPTION | {QuestionType.CHOICES}
"""Types that a table-list can show in rows."""
LADDER_PARAMETERS = "start=0 end=10 step=1"


@dataclass(frozen=True, slots=True)
class Own:
    """A field that stands in a column of our own."""

    field: str
    write: Callable[[object], str]
    read: Callable[[str], object]
    choices: str = ""
    """What can stand there, for messages."""
    is_code: bool = True
    """Whether spaces around it mean nothing; words keep theirs."""

    @property
    def column(self) -> str:
        """The heading of the column."""
        return f"{OWN}{self.field}"


def _word(field: str) -> Own:
    return Own(field, lambda value: str(value or ""), str)


def _words(field: str) -> Own:
    return Own(field, _joined, str.split)


def _joined(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else ""


def _truth(field: str) -> Own:
    return Own(field, lambda value: "yes" if value else "", _read_truth, "yes, no")


def _read_truth(text: str) -> bool:
    try:
        return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _number(field: str) -> Own:
    return Own(field, lambda value: "" if value is None else str(value), int, "a whole number")


def _unless(field: str, usual: str) -> Own:
    return Own(field, lambda value: "" if value == usual else str(value), str)


OF_QUESTION = (
    Own("short", str, str, is_code=False),
    _word("topic"),
    _words("themes"),
    _word("group"),
    _truth("sensitive"),
    _unless("pictures", "none"),
    _word("symbol"),
    _word("clip"),
    _number("places"),
    _unless("good_end", "high"),
    _words("allow"),
)
OF_OPTION = (_unless("valence", "none"), _word("picture"), _word("symbol"))
OF_QUESTIONNAIRE = ("audience", "audience_label", "look", "reading", "minutes")
OF_SURVEY = ("survey", "survey_title", "respondents")

IN_THE_STANDARD: Mapping[type[BaseModel], Mapping[str, str]] = {
    Survey: {
        "id": "settings: heard_survey",
        "title": "settings: heard_survey_title",
        "respondents": "settings: heard_respondents",
        "questionnaires": "one workbook each",
    },
    Questionnaire: {
        "id": "settings: form_id",
        "title": "settings: form_title",
        "welcome": "notes before the first group",
        "not_shown_to": f"settings: {NOT_SHOWN_COLUMN}",
        "sections": "groups",
        **{field: f"settings: heard_{field}" for field in OF_QUESTIONNAIRE},
    },
    Section: {"id": "group: name", "title": "group: label", "pages": "rows in the group"},
    Page: {
        "id": "name",
        "when": "relevant",
        "question": "row",
        "battery": "group with table-list or field-list",
        "heading": "note: label",
        "body": "note: hint, one paragraph after an empty line",
    },
    Battery: {"id": "group: name", "text": "group: label", "hint": "group: hint"},
    Question: {
        "id": "name",
        "type": "type, heard_type",
        "text": "label",
        "hint": "hint",
        "variants": "notes before the question, in one group with it",
        "piped": "calculate: name-from-other",
        "scale": "name of the list",
        "options": "choices",
        "non_answers": "choices that begin with _",
        "max_length": "constraint",
        "low_label": "hint: 0: ...",
        "high_label": "hint: 10: ...",
        "earliest_year": "constraint",
        "latest_year": "constraint",
        **{own.field: own.column for own in OF_QUESTION},
    },
    Variant: {"when": "note: relevant", "text": "note: label"},
    Option: {
        "code": "choices: name",
        "label": "choices: label",
        "exclusive": "constraint",
        **{own.field: f"choices: {own.column}" for own in OF_OPTION},
    },
    Condition: dict.fromkeys(
        ("question", "is_", "is_not", "answered", "at_least", "at_most", "all_", "any_", "not_"),
        "relevant",
    ),
}
"""Every field of the model, with its place. A field that is not here would be lost on the way."""


def fields_without_a_place() -> tuple[str, ...]:
    """Fields that the model has and this mapping does not know, e.g. ``Question.colour``."""
    return tuple(
        f"{model.__name__}.{field}"
        for model, known in IN_THE_STANDARD.items()
        for field in model.model_fields
        if field not in known
    )
