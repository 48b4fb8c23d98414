"""Sections, pages and batteries, from the tree of rows.

In: the outline of the sheet ``survey``. Out: what a version file says under ``welcome`` and
``sections``. When a group is asked on a condition, so is everything in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count, takewhile

from questionnaires.interchange import columns, messages, texts
from questionnaires.interchange.groups import Group, Outline, Part
from questionnaires.interchange.page_groups import in_yaml, is_page_group, read_page_group
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.reading_questions import QuestionReader
from questionnaires.interchange.row_types import (
    NOTE,
    QUESTIONS,
    Typed,
    check_appearance,
    check_only,
)
from questionnaires.interchange.tables import Row
from questionnaires.model import Condition

_BATTERY_MARK = re.compile(rf"{columns.BATTERY_MARK}(-\d+)?$")
_OUTSIDE = "questions"
_GROUP_CELLS = ("type", "name", "relevant", "appearance")


class PageReader:
    """Turns groups and rows into sections and pages."""

    def __init__(self, questions: QuestionReader, form_title: str) -> None:
        self._questions = questions
        self._texts = questions.texts
        self._notes = questions.notes
        self._form_title = form_title

    def welcome(self, outline: Outline) -> list[str]:
        """Notes before everything else, taken out of the outline; they greet the respondent."""
        notes = list(takewhile(_is_greeting, outline.parts))
        del outline.parts[: len(notes)]
        said = (self._texts.text(note.row, "label") for note in notes if isinstance(note, Typed))
        return [text for text in said if text]

    def sections(self, outline: Outline) -> list[Placed]:
        """Every section. What stands outside of groups makes sections of its own."""
        sections: list[Placed] = []
        outside: list[Part] = []
        numbers = count(1)
        for part in outline.parts:
            if isinstance(part, Group) and not (_is_table(part) or is_page_group(part)):
                sections += self._outside(outside, numbers)
                outside = []
                sections.append(self._section(part))
            else:
                outside.append(part)
        return [*sections, *self._outside(outside, numbers)]

    def _outside(self, parts: Sequence[Part], numbers: Iterable[int]) -> list[Placed]:
        if not parts:
            return []
        number = next(iter(numbers))
        name = _OUTSIDE if number == 1 else f"{_OUTSIDE}_{number}"
        pages = [page for part in parts for page in self._pages(part, None)]
        values = {"id": name, "title": self._form_title, "pages": pages}
        return [Placed(_first_row(parts[0]), values)]

    def _section(self, group: Group) -> Placed:
        row = group.opening.row
        when = self._questions.condition(row)
        check_appearance(row, (), self._notes)
        check_only(row, (*_GROUP_CELLS, "label"), self._notes)
        if not group.parts:
            self._questions.note(row, messages.EMPTY_GROUP, name=group.opening.name)
        title = self._texts.text(row, "label")
        pages = [page for part in group.parts for page in self._pages(part, when)]
        name = group.opening.name.removesuffix(columns.SECTION_MARK)
        return Placed(row, {"id": name, "title": title, "pages": pages})

    def _pages(self, part: Part, when: Condition | None) -> list[Placed]:
        if isinstance(part, Typed):
            return [self._page(part, _both(when, self._questions.condition(part.row)))]
        when = _both(when, self._questions.condition(part.opening.row))
        if is_page_group(part):
            page = read_page_group(part, self._questions)
            return [_asked(page, when)] if page else []
        if {"table-list", "field-list"} & set(part.opening.row.word("appearance").split()):
            return [self._battery(part, when)]
        self._questions.note(part.opening.row, messages.NESTED)
        return [page for inner in part.parts for page in self._pages(inner, when)]

    def _page(self, found: Typed, when: Condition | None) -> Placed:
        if found.command != NOTE:
            page = self._questions.question(found)
        else:
            heading = self._texts.text(found.row, "label")
            body = self._texts.parts(found.row, "hint", texts.paragraphs)
            values = {"information": found.name, "heading": heading, "body": list(body)}
            page = Placed(found.row, values)
        return _asked(page, when)

    def _battery(self, group: Group, when: Condition | None) -> Placed:
        row = group.opening.row
        check_appearance(row, ("table-list", "field-list"), self._notes)
        members: list[Placed] = []
        for part in group.parts:
            if isinstance(part, Typed) and part.command not in QUESTIONS:
                self._questions.note(part.row, messages.IN_BATTERY, type=part.command)
            else:
                members += self._pages(part, None)
        lists = {(str(m.get("scale")), str(m.get("non_answers"))) for m in members}
        if not members:
            self._questions.note(row, messages.EMPTY_GROUP, name=group.opening.name)
        elif len(lists) > 1 or any("scale" not in member for member in members):
            named = ", ".join(sorted({typed.list_name or typed.command for typed in _typed(group)}))
            self._questions.note(row, messages.BATTERY_LISTS, lists=named)
        shared = {key: members[0].get(key) for key in ("scale", "non_answers") if members}
        for member in members:
            for key in shared:
                member.pop(key, None)
            if member.get("type") == "choice":
                del member["type"]  # it is the usual type in a battery
        values = {
            "battery": _BATTERY_MARK.sub("", group.opening.name),
            "text": self._texts.text(row, "label"),
            "hint": self._texts.text(row, "hint"),
            **shared,
            "questions": members,
        }
        return _asked(Placed(row, values), when)


def _is_greeting(part: Part) -> bool:
    if not isinstance(part, Typed) or part.command != NOTE:
        return False
    return not any(column.startswith(("relevant", "hint")) for column in part.row.cells)


def _is_table(group: Group) -> bool:
    return "table-list" in group.opening.row.word("appearance").split()


def _first_row(part: Part) -> Row:
    return part.opening.row if isinstance(part, Group) else part.row


def _typed(group: Group) -> Iterable[Typed]:
    return (part for part in group.parts if isinstance(part, Typed))


def _both(first: Condition | None, second: Condition | None) -> Condition | None:
    if first and second:
        return Condition(all_=(first, second))
    return first or second


def _asked(page: Placed, when: Condition | None) -> Placed:
    if when:
        page["when"] = in_yaml(when)
    return page
