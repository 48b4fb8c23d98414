"""What kind of row a row of the sheet ``survey`` is, and which cells it may have.

In: rows. Out: the command in the column ``type``, with the list it names; or notes that say why
there can be no such row here.
"""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.fitting import did_you_mean
from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.tables import Row

SELECTS = ("select_one", "select_multiple")
LISTED = (*SELECTS, "rank")
QUESTIONS = (*LISTED, *columns.PLAIN_TYPES.values())
BEGIN, END, NOTE, CALCULATE = "begin_group", "end_group", "note", "calculate"
_COMMANDS = (*QUESTIONS, BEGIN, END, NOTE, CALCULATE)
_TWO_WORDS = ("begin", "end", "select", "lgroup")
_REPEATS = ("begin_repeat", "end_repeat", "begin_loop", "end_loop")
_ABOUT_THE_PERSON = (
    *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
    *("username", "email", "audit", "start-geopoint", "background-audio", "background-geopoint"),
    *("geopoint", "geotrace", "geoshape", "image", "photo", "audio", "video", "file", "barcode"),
)
_FILES = (
    *("select_one_from_file", "select_multiple_from_file", "select_one_external"),
    *("xml-external", "csv-external"),
)
_INSTEAD = dict.fromkeys(
    ("integer", "int", "decimal"),
    "Make it a select_one in bands, or a range from 0 to 10.",
)
_STYLES = (
    *("minimal", "compact", "quick", "quickcompact", "horizontal", "horizontal-compact", "picker"),
    *("vertical", "likert", "label", "list-nolabel", "list", "columns", "columns-pack", "rating"),
    *("no-buttons", "autocomplete", "search", "multiline", "no-ticks", "no-calendar", "pages"),
    *("table-list", "field-list"),
)
_OF_QUESTION = (
    *("type", "name", *columns.TRANSLATED, "relevant", "required", "appearance"),
    *(columns.TYPE_COLUMN, *(own.column for own in columns.OF_QUESTION)),
)
_CELLS = {
    BEGIN: ("type", "name", "label", "hint", "relevant", "appearance"),
    END: ("type", "name"),
    NOTE: ("type", "name", "label", "hint", "relevant", "required"),
    CALCULATE: ("type", "name", "label", "calculation"),
    "range": (*_OF_QUESTION, "parameters"),
    "date": (*_OF_QUESTION, "constraint"),
    "text": (*_OF_QUESTION, "constraint"),
    "select_multiple": (*_OF_QUESTION, "constraint"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A row, its command, and the list that it names."""

    row: Row
    command: str
    list_name: str = ""

    @property
    def name(self) -> str:
        """What the row is called."""
        return self.row.word("name")


def typed(row: Row, notes: Notes) -> Typed | None:
    """The row with its command, None after noting why there can be no such row."""
    words = row.word("type").split()
    if not words:
        is_comment = not row.word("name")
        saying = messages.COMMENT if is_comment else messages.NO_TYPE
        notes.note(row.sheet, row.number, row.word("name"), saying)
        return None
    command, *rest = _joined(words)
    if not _is_known(command, rest, row, notes):
        return None
    if command in LISTED and not rest:
        notes.note(row.sheet, row.number, row.word("name"), messages.NO_LIST)
        return None
    _check_cells(row, command, notes)
    return Typed(row, command, rest[0] if rest else "")


def _joined(words: list[str]) -> list[str]:
    """``select one yes_no`` is ``select_one yes_no``."""
    first = words[0].lower()
    if first in _TWO_WORDS and len(words) > 1:
        return [f"{first}_{words[1].lower()}", *words[2:]]
    return [first, *words[1:]]


def _is_known(command: str, rest: list[str], row: Row, notes: Notes) -> bool:
    written, name = row.word("type"), row.word("name")
    if command in _REPEATS:
        notes.note(row.sheet, row.number, name, messages.REPEAT)
    elif command in _FILES:
        notes.note(row.sheet, row.number, name, messages.EXTERNAL)
    elif command in _ABOUT_THE_PERSON:
        notes.note(row.sheet, row.number, name, messages.RECORDS_THE_PERSON, type=written)
    elif command not in _COMMANDS or len(rest) > (command in LISTED):
        help_ = _INSTEAD.get(command) or did_you_mean(command, _COMMANDS)
        is_other = command in SELECTS and rest[1:] == ["or_other"]
        saying = messages.OR_OTHER if is_other else messages.UNKNOWN_TYPE
        notes.note(row.sheet, row.number, name, saying, type=written, help=help_)
    else:
        return True
    return False


def _check_cells(row: Row, command: str, notes: Notes) -> None:
    """Note cells that say something which a row of this kind cannot."""
    allowed = _CELLS.get(command, _OF_QUESTION)
    name = row.word("name")
    known = {*_OF_QUESTION, "constraint", "parameters", "calculation"}
    for column in row.cells:
        first = column.partition("::")[0]
        if first in known and first not in allowed:
            values = {"column": column, "type": row.word("type")}
            notes.note(row.sheet, row.number, name, messages.NOT_HERE, **values)
    if row.word("required").lower() not in ("", "no", "false", "false()"):
        help_ = "Nobody has to answer. Clear the cell."
        saying = messages.CANNOT_BE_SAID
        notes.note(row.sheet, row.number, name, saying, column="required", help=help_)
    if command != BEGIN:
        expected = {"text": "multiline", "date": "month-year"}.get(command, "")
        check_appearance(row, (expected,), notes)


def check_only(row: Row, allowed: tuple[str, ...], notes: Notes) -> None:
    """Note cells beside these, where a row is one of several that say one thing together."""
    for column in row.cells:
        first = column.partition("::")[0]
        if first in (*_OF_QUESTION, "constraint", "parameters") and first not in allowed:
            values = {"column": column, "type": row.word("type")}
            notes.note(row.sheet, row.number, row.word("name"), messages.NOT_HERE, **values)


def check_appearance(row: Row, expected: tuple[str, ...], notes: Notes) -> None:
    """Note an appearance that is not used here, or that would change what is asked."""
    for word in row.word("appearance").split():
        if word in expected:
            continue
        is_style = word in _STYLES or word.startswith(("columns-", "w1", "w2", "w3", "w4", "w5"))
        saying = messages.STYLE_NOT_USED if is_style else messages.UNKNOWN_APPEARANCE
        notes.note(row.sheet, row.number, row.word("name"), saying, appearance=word)
