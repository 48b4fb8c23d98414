"""The rows of the sheet ``survey`` as groups within groups.

In: the table. Out: a tree of rows, calculations aside; notes where groups do not begin or end, and
where a name stands twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from questionnaires.interchange import messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.row_types import BEGIN, CALCULATE, END, NOTE, Typed, typed
from questionnaires.interchange.tables import Table


@dataclass
class Group:
    """A group and what stands in it, in order."""

    opening: Typed
    parts: list[Part] = field(default_factory=list)

    @property
    def groups(self) -> list[Group]:
        """The groups in it."""
        return [part for part in self.parts if isinstance(part, Group)]


Part = Typed | Group


@dataclass
class Outline:
    """The whole sheet: what is asked, and the calculations by name."""

    parts: list[Part] = field(default_factory=list)
    calculations: dict[str, Typed] = field(default_factory=dict)

    def rows(self) -> Iterator[Typed]:
        """Every row that is no group and no calculation, in order."""
        yield from _rows(self.parts)


def _rows(parts: list[Part]) -> Iterator[Typed]:
    for part in parts:
        if isinstance(part, Group):
            yield from _rows(part.parts)
        else:
            yield part


def read_outline(table: Table, notes: Notes) -> Outline:
    """The tree of the sheet. What cannot be placed is noted and left out."""
    outline, opened = Outline(), list[Group]()
    names: dict[str, int] = {}
    for row in table.rows:
        found = typed(row, notes)
        if found is None:
            continue
        if found.command == END:
            if opened:
                opened.pop()
            else:
                notes.note(row.sheet, row.number, "", messages.NOT_OPENED)
            continue
        _check_name(found, names, notes)
        here = opened[-1].parts if opened else outline.parts
        if found.command == BEGIN:
            opened.append(Group(found))
            here.append(opened[-1])
        elif found.command == CALCULATE:
            outline.calculations[found.name] = found
        else:
            here.append(found)
    for group in opened:
        row, name = group.opening.row, group.opening.name
        notes.note(row.sheet, row.number, name, messages.NOT_CLOSED, name=name)
    return outline


def _check_name(found: Typed, names: dict[str, int], notes: Notes) -> None:
    row = found.row
    if not found.name:
        if found.command != NOTE:
            notes.note(row.sheet, row.number, "", messages.NO_NAME)
    elif found.name in names:
        values = {"name": found.name, "row": names[found.name]}
        notes.note(row.sheet, row.number, found.name, messages.REPEATED_NAME, **values)
    names.setdefault(found.name, row.number)
