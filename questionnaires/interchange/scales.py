"""Scales: lists that several questions share, under one name.

In: names of lists, and their options. Out: what scales.yaml will say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from questionnaires.interchange import messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.tables import Row

_NUMBERED = re.compile(r"([a-z][a-z0-9_]{0,59})(?:-\d+)?")


class Scales:
    """Collects scales, and notes where lists of one scale differ."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.written: dict[str, Placed] = {}

    def name_of(self, question: str, list_name: str) -> str | None:
        """The scale that a list stands for; None for a question's own list.

        ``often``, ``often-2`` and so on are one scale, with other ways of giving no answer. A list
        that cannot be called so by us is written out for every question.
        """
        found = _NUMBERED.fullmatch(list_name)
        return found[1] if found and list_name != question else None

    def add(self, scale: str, options: Sequence[Placed], row: Row) -> None:
        """Keep the options of a scale, or note that they are not those kept already."""
        kept = self.written.setdefault(scale, Placed(row, {"options": list(options)}))
        if kept.get("options", []) != list(options):
            name = row.word("list_name")
            self._notes.note(row.sheet, row.number, name, messages.SCALE_DIFFERS, scale=scale)
