"""The list of children whom a person has to be asked about, with the rule and the evidence.

In: questions, and the return once more if there is to be evidence. Out: rows, and a CSV file that
only its owner can read. The site keeps no evidence: it is read from the return each time.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from surveys.inspections.questions import Question
from surveys.inspections.ssda903 import Child

_COLUMNS = ("reference", "survey", "version", "rule", "why", "evidence", "answer", "by", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ask_rows(questions: Iterable[Question], children: Mapping[str, Child]) -> list[tuple[str, ...]]:
    """A row for each question, the open ones first. A hard stop is none: nobody may decide it."""
    asked = [question for question in questions if not question.rule.is_hard_stop]
    ordered = sorted(asked, key=lambda one: (one.answer is not None, one.rule, one.child))
    return [_row(question, children.get(question.child)) for question in ordered]


def write_ask_list(rows: Iterable[tuple[str, ...]], path: Path) -> None:
    """Write the rows to a new file, readable by its owner only. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows([_plain(cell) for cell in row] for row in rows)


def evidence_of(child: Child) -> str:
    """What made the rule fit: the last episode, and what is said of being in touch."""
    if not child.episodes:
        return ""
    last = max(child.episodes, key=lambda one: (one.ended is None, one.ended, one.began))
    until = f"ended {last.ended}" if last.ended else "not ended"
    parts = [
        f"episodes: {len(child.episodes)}",
        f"the last began {last.began}, {until}",
        f"legal status {last.legal_status or 'not given'}",
        f"reason {last.ending or 'not given'}",
    ]
    if child.in_touch:
        parts.append(f"in touch {child.in_touch}")
    return "; ".join(parts)


def _row(question: Question, child: Child | None) -> tuple[str, ...]:
    return (
        question.child,
        question.survey,
        question.audience,
        question.rule.value,
        question.rule.words,
        evidence_of(child) if child else "",
        question.answer or "",
        question.decided_by,
        question.reason,
    )


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
