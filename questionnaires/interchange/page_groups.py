"""A question that takes several rows: its wordings, itself, and its ways of giving no answer.

In: the group of these rows. Out: what a version file says of the question. The rows depend on each
other, so each has to say exactly what follows from the others; else it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from questionnaires.interchange import columns, messages
from questionnaires.interchange.expressions import write_condition
from questionnaires.interchange.groups import Group
from questionnaires.interchange.layout import wording_conditions
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.reading_questions import QuestionReader
from questionnaires.interchange.row_types import (
    NOTE,
    QUESTIONS,
    SELECTS,
    Typed,
    check_appearance,
    check_only,
)
from questionnaires.model import Condition

_BESIDE = ("type", "name", "label", "relevant")


def is_page_group(group: Group) -> bool:
    """Whether the group stands for one page."""
    return group.opening.name.endswith(columns.PAGE_MARK)


def read_page_group(group: Group, questions: QuestionReader) -> Placed | None:
    """The question, without when it is asked; None after noting that the rows are not as expected.

    The condition of the question stands on the group, so that all of its rows share it.
    """
    opening = group.opening
    name = opening.name.removesuffix(columns.PAGE_MARK)
    check_appearance(opening.row, ("field-list",), questions.notes)
    check_only(opening.row, ("type", "name", "relevant", "appearance"), questions.notes)
    rows = [part for part in group.parts if isinstance(part, Typed)]
    wordings = list(takewhile(lambda found: found.command == NOTE, rows))
    asked = next(iter(rows[len(wordings) :]), None)
    after = rows[len(wordings) + 1 :]
    is_as_expected = (
        asked is not None
        and (asked.name, asked.command in QUESTIONS) == (name, True)
        and [row.name for row in after] in ([], [f"{name}{columns.NOTHING_LIST_MARK}"])
        and len(wordings) != 1
        and not group.groups
    )
    if asked is None or not is_as_expected:
        questions.note(opening.row, messages.PAGE_GROUP, name=opening.name, question=name)
        return None
    return _page(wordings, asked, after, questions)


def _page(
    wordings: Sequence[Typed], asked: Typed, after: Sequence[Typed], questions: QuestionReader
) -> Placed:
    if asked.row.word("relevant"):
        values = {"column": "relevant", "type": asked.row.word("type")}
        questions.note(asked.row, messages.NOT_HERE, **values)
    page = questions.question(asked)
    if wordings:
        page.update(_wordings(wordings, asked, questions))
        page.setdefault("short", page["text"])
    for found in after:
        page["non_answers"] = _non_answers(found, asked, questions)
    return page


def _wordings(notes: Sequence[Typed], asked: Typed, questions: QuestionReader) -> dict[str, object]:
    """The variants and the plain wording. Each is shown when those before it are not."""
    _check_mark(asked, questions)
    for note in notes:
        check_only(note.row, _BESIDE, questions.notes)
    written = [questions.condition(note.row) for note in notes]
    whens = (*written[:1], *(_last(condition) for condition in written[1:]))[:-1]
    known = tuple(when for when in whens if when)
    said = [questions.wording(note.row, asked.name) for note in notes]
    if len(known) == len(whens):
        for note, condition, right in zip(notes, written, wording_conditions(known), strict=True):
            if condition != right:
                expected = write_condition(right, questions.vocabulary)
                values = {"question": asked.name, "expected": expected}
                questions.note(note.row, messages.WORDING_ORDER, **values)
    variants = [
        Placed(note.row, {"when": in_yaml(when), "text": text})
        for note, when, text in zip(notes, whens, said, strict=False)
    ]
    return {"text": said[-1], "variants": variants}


def _last(condition: Condition | None) -> Condition | None:
    """The condition of a wording, without that the wordings before it are not shown."""
    return condition.all_[-1] if condition and condition.all_ else condition


def _non_answers(found: Typed, asked: Typed, questions: QuestionReader) -> Placed:
    _check_mark(found, questions)
    check_only(found.row, _BESIDE, questions.notes)
    expected = Condition(question=asked.name, answered=False)
    if questions.condition(found.row) != expected:
        text = write_condition(expected, questions.vocabulary)
        questions.note(found.row, messages.NOT_BEFORE, expected=text)
    listed = questions.list_of(found)
    if listed and (listed.options or found.command not in SELECTS):
        values = {"list": listed.name, "choices": "_dont_know, _rather_not_say"}
        questions.note(found.row, messages.ONLY_NON_ANSWERS, **values)
    return Placed(found.row, listed.non_answers if listed else {})


def _check_mark(found: Typed, questions: QuestionReader) -> None:
    if not questions.texts.is_everywhere(found.row, "label", columns.CONTINUED):
        questions.note(found.row, messages.CONTINUED_LABEL, mark=columns.CONTINUED)


def in_yaml(condition: Condition | None) -> object:
    """The condition as it stands in a version file, None for none."""
    return (
        condition.model_dump(mode="json", by_alias=True, exclude_none=True) if condition else None
    )
