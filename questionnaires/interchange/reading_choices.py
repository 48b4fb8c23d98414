"""The lists of options on the sheet ``choices``.

In: its rows. Out: lists by name, each with options and ways of giving no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.tables import Row, Table
from questionnaires.interchange.texts import Texts
from questionnaires.interchange.vocabulary import NOTHING_MARK, nothing_code
from questionnaires.model import NonAnswer
from questionnaires.structure import OFFERABLE

_NOTHING = {nothing_code(code): code for code in OFFERABLE}


@dataclass
class ChoiceList:
    """One list, in the order of the sheet."""

    name: str
    row: Row
    options: list[Placed] = field(default_factory=list)
    non_answers: dict[str, str] = field(default_factory=dict)

    @property
    def nothing(self) -> tuple[str, ...]:
        """Its ways of giving no answer, as they are written in expressions."""
        return tuple(nothing_code(NonAnswer(code)) for code in self.non_answers)


def read_lists(table: Table, texts: Texts, notes: Notes) -> dict[str, ChoiceList]:
    """Every list by name."""
    lists: dict[str, ChoiceList] = {}
    for row in table.rows:
        name = row.word("list_name")
        missing = [column for column in ("list_name", "name") if not row.word(column)]
        for column in missing:
            help_ = "Every option has a list and a code."
            notes.note(row.sheet, row.number, name, messages.MISSING, column=column, help=help_)
        if not missing:
            _add(lists.setdefault(name, ChoiceList(name, row)), row, texts, notes)
    return lists


def _add(choices: ChoiceList, row: Row, texts: Texts, notes: Notes) -> None:
    code, label = row.word("name"), texts.text(row, "label")
    element = f"{choices.name}, {code}"
    if code in choices.nothing or any(option["code"] == code for option in choices.options):
        saying = messages.REPEATED_CHOICE
        notes.note(row.sheet, row.number, element, saying, name=code, list=choices.name)
    if code.startswith(NOTHING_MARK):
        _add_nothing(choices, row, code, label, notes)
    else:
        if choices.non_answers:
            first = choices.nothing[0]
            notes.note(row.sheet, row.number, element, messages.NON_ANSWER_FIRST, name=first)
        own = read_own(row, columns.OF_OPTION, notes)
        choices.options.append(Placed(row, {"code": code, "label": label, **own}))


def _add_nothing(choices: ChoiceList, row: Row, code: str, label: str, notes: Notes) -> None:
    if code not in _NOTHING:
        known = ", ".join(_NOTHING)
        saying = messages.UNKNOWN_NON_ANSWER
        notes.note(row.sheet, row.number, choices.name, saying, name=code, choices=known)
        return
    for own in columns.OF_OPTION:
        if row.word(own.column):
            saying = messages.NOT_HERE
            notes.note(row.sheet, row.number, code, saying, column=own.column, type=code)
    if not label:
        help_ = "Write what the respondent reads."
        notes.note(row.sheet, row.number, code, messages.MISSING, column="label", help=help_)
    choices.non_answers[_NOTHING[code].value] = label


def read_own(row: Row, fields: Iterable[columns.Own], notes: Notes) -> Mapping[str, object]:
    """What a row says in columns of our own. Faults are noted."""
    said: dict[str, object] = {}
    for own in fields:
        written = row.word(own.column) if own.is_code else row.text(own.column)
        if not written:
            continue
        try:
            said[own.field] = own.read(written)
        except ValueError:
            values = {"column": own.column, "value": written, "choices": own.choices}
            notes.note(row.sheet, row.number, row.word("name"), messages.BAD_VALUE, **values)
    return said
