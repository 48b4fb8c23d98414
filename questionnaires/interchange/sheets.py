"""Which sheets and columns a workbook may have, and what to say of the others.

In: an opened workbook. Out: notes. What has a meaning that cannot be kept is a fault; what has none
here is a warning; nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.opening import Opened
from questionnaires.interchange.tables import Table

SHEETS = (columns.SURVEY, columns.CHOICES, columns.SETTINGS)
_WITH_A_MEANING = ("external_choices", "entities", "osm")

KNOWN: Mapping[str, frozenset[str]] = {
    columns.SURVEY: frozenset(
        {
            *("type", "name", "label", "hint", "relevant", "constraint", "appearance"),
            *("parameters", "calculation", "required", columns.TYPE_COLUMN),
            *(own.column for own in columns.OF_QUESTION),
        }
    ),
    columns.CHOICES: frozenset(
        {"list_name", "name", "label", *(own.column for own in columns.OF_OPTION)}
    ),
    columns.SETTINGS: frozenset(
        {
            *("form_title", "form_id", "version", "default_language", *columns.TRANSLATED_SETTINGS),
            *(columns.OWN + field for field in columns.OF_QUESTIONNAIRE + columns.OF_SURVEY),
        }
    ),
}
_PICTURES = "Pictures and sounds are added here, not in the workbook."
_REFUSED: Mapping[str, Mapping[str, str]] = {
    columns.SURVEY: {
        "default": "No answer is filled in beforehand.",
        "choice_filter": "Every option is always offered.",
        "repeat_count": "Write each question once.",
        "guidance_hint": "Move the words to the hint.",
        "read_only": "Make it a note.",
        "disabled": "Take the row away.",
        **dict.fromkeys(("trigger", "save_to"), "Nothing is calculated here."),
        **dict.fromkeys(("body", "bind", "instance", "intent"), "Clear the column."),
        **dict.fromkeys(("media", "image", "big-image", "audio", "video"), _PICTURES),
    },
    columns.CHOICES: dict.fromkeys(("media", "image", "big-image", "audio", "video"), _PICTURES),
    columns.SETTINGS: {},
}
_OWN_WORDS = "The site says in its own words what is missing."
_NOT_OURS = "It tells another tool how to handle forms."
_UNUSED: Mapping[str, Mapping[str, str]] = {
    columns.SURVEY: dict.fromkeys(("constraint_message", "required_message"), _OWN_WORDS),
    columns.CHOICES: {},
    columns.SETTINGS: dict.fromkeys(
        (
            *("style", "instance_name", "submission_url", "public_key", "auto_send"),
            *("auto_delete", "allow_choice_duplicates", "name", "clean_text_values"),
        ),
        _NOT_OURS,
    ),
}


def check_sheets(opened: Opened, notes: Notes) -> None:
    """Note sheets that are missing, empty, misspelt or of a kind that cannot be used."""
    for name in (columns.SURVEY, columns.SETTINGS):
        if name not in opened.tables:
            notes.note(name, 0, "", messages.NO_SHEET, sheet=name)
        elif not opened.tables[name].rows:
            notes.note(name, 0, "", messages.EMPTY_SHEET)
    for name in opened.others:
        near = get_close_matches(name, SHEETS, n=1, cutoff=0.75)
        if name in _WITH_A_MEANING:
            notes.note(name, 0, "", messages.OTHER_SHEET, sheet=name)
        elif near and near[0] not in opened.tables:
            notes.note(name, 0, "", messages.MISSPELT_SHEET, sheet=name, near=near[0])


def check_columns(tables: Iterable[Table], notes: Notes) -> None:
    """Note every column that is not one of ours, with the rows in which it says something."""
    for table in tables:
        for column in table.columns:
            rows = [row.number for row in table.rows if column in row.cells]
            if rows:
                _check(table.name, column, rows, notes)


def _check(sheet: str, column: str, rows: list[int], notes: Notes) -> None:
    first = column.partition("::")[0]
    is_translatable = first in (*columns.TRANSLATED, *columns.TRANSLATED_SETTINGS)
    if first in KNOWN[sheet] and (is_translatable or first == column):
        return
    if first in _REFUSED[sheet]:
        for row in rows:
            help_ = _REFUSED[sheet][first]
            notes.note(sheet, row, "", messages.CANNOT_BE_SAID, column=column, help=help_)
    elif first in _UNUSED[sheet]:
        help_ = _UNUSED[sheet][first]
        notes.note(sheet, 1, "", messages.COLUMN_NOT_USED, column=column, help=help_)
    else:
        _note_unknown(sheet, column, notes)


def _note_unknown(sheet: str, column: str, notes: Notes) -> None:
    known = {*KNOWN[sheet], *_REFUSED[sheet], *_UNUSED[sheet]}
    near = get_close_matches(column.partition(":")[0], known, n=1, cutoff=0.8)
    if near or column.startswith(columns.OWN):
        at = near[0] if near else ", ".join(sorted(KNOWN[sheet]))
        notes.note(sheet, 1, "", messages.MISSPELT_HEADING, column=column, near=at)
    else:
        notes.note(sheet, 1, "", messages.COLUMN_NOT_READ, column=column)
