"""The coordinator's list of who hands a card to whom: one row a child, with the helper's name.

In: a CSV file with the columns ``child`` and ``helper``, and the members of the cohort. Out: the
helper of each member, or every row that is wrong. It is read for one print and kept nowhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from surveys.inspections.cohorts import Member

LONGEST_NAME = 60
_COLUMNS = ("child", "helper")


class HelpersUnfit(Exception):
    """The list cannot be used. Each problem names a row, never a child."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_helpers(path: Path, members: Iterable[Member]) -> dict[bytes, str]:
    """Who hands out the card of which member. Raises HelpersUnfit with every problem there is."""
    known = {member.child: member.id for member in members}
    rows = _rows(path)
    problems = tuple(_problems(rows, known))
    if problems:
        raise HelpersUnfit(problems)
    return {known[child]: helper for _, child, helper in rows}


def _rows(path: Path) -> list[tuple[int, str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
                raise HelpersUnfit((f"The column {min(missing)!r} is missing from the first row.",))
            return [(reader.line_num, *_cells(row)) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise HelpersUnfit(("This is not a table. Save it as CSV UTF-8.",)) from None


def _cells(row: Mapping[str, str | None]) -> tuple[str, str]:
    child, helper = ((row[name] or "").strip() for name in _COLUMNS)
    return child, " ".join(helper.split())


def _problems(rows: list[tuple[int, str, str]], known: Mapping[str, bytes]) -> Iterator[str]:
    seen: set[str] = set()
    for line, child, helper in rows:
        if child not in known:
            yield f"Row {line}: no child of this wave has this identifier."
        elif child in seen:
            yield f"Row {line}: this child stands in an earlier row as well."
        if not helper:
            yield f"Row {line}: no helper is named."
        elif len(helper) > LONGEST_NAME:
            yield f"Row {line}: a helper's name has {LONGEST_NAME} letters at the most."
        seen.add(child)
