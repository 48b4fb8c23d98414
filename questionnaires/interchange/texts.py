"""Take texts out of the columns of every language.

In: rows. Out: texts in the questionnaire's own language; what they are in the others is kept, as a
catalogue of translations. One text has one translation in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain

from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.languages import SOURCE, code_in
from questionnaires.interchange.tables import Row, Table
from questionnaires.messages import Saying

Split = Callable[[str], tuple[str, ...] | None]
"""The texts that one cell holds, None when it does not have the shape expected."""

_ENDS = re.compile(r"(?:(?P<hint>.*)\n)?0: (?P<low>[^\n]+)\n10: (?P<high>[^\n]+)", re.DOTALL)


def whole(text: str) -> tuple[str, ...]:
    """One text, as it is."""
    return (text,)


def paragraphs(text: str) -> tuple[str, ...]:
    """Texts with an empty line between them."""
    return tuple(text.split("\n\n"))


def ends(text: str) -> tuple[str, ...] | None:
    """The hint of a ladder, if there is one, and the words at both ends."""
    found = _ENDS.fullmatch(text)
    return tuple(part for part in found.groups() if part is not None) if found else None


class Texts:
    """Reads texts, and collects what they are called in other languages."""

    def __init__(self, tables: Iterable[Table], default_language: str, notes: Notes) -> None:
        self._notes = notes
        self._headed = _headings(tables)
        suffixes = dict.fromkeys(chain.from_iterable(self._headed.values()))
        self._source = self._choose_source(tuple(suffixes), default_language)
        self._codes = dict(self._name_languages(suffixes))
        self.translations: dict[str, dict[str, str]] = {c: {} for c in self._codes.values()}

    def _choose_source(self, suffixes: tuple[str, ...], default_language: str) -> str:
        """The part of the headings after ``::`` that is the questionnaire's own language."""
        named = [suffix for suffix in suffixes if suffix]
        for chosen in ([default_language], [one for one in named if code_in(one) == SOURCE]):
            if len(chosen) == 1 and chosen[0] in named:
                return chosen[0]
        if all("" in headed for headed in self._headed.values()):
            return ""
        if len(named) > 1:
            self._notes.note(columns.SETTINGS, 0, "", messages.WHICH_LANGUAGE)
        return named[0]

    def _name_languages(self, suffixes: Iterable[str]) -> Iterable[tuple[str, str]]:
        for (sheet, column), headed in self._headed.items():
            if self._source and {"", self._source} <= set(headed):
                saying = messages.LANGUAGE_WITHOUT_CODE
                self._notes.note(sheet, 1, "", saying, column=column)
        for suffix in suffixes:
            code = code_in(suffix)
            if suffix not in ("", self._source) and code is None:
                saying = messages.LANGUAGE_WITHOUT_CODE
                self._notes.note(columns.SURVEY, 1, "", saying, column=f"label::{suffix}")
            elif suffix not in ("", self._source) and code:
                yield suffix, code

    def source(self, row: Row, column: str) -> str:
        """The cell in the questionnaire's own language."""
        is_named = self._source in self._headed.get((row.sheet, column), ())
        return row.text(f"{column}::{self._source}" if self._source and is_named else column)

    def parts(
        self,
        row: Row,
        column: str,
        split: Split = whole,
        adapt: Callable[[str], str] | None = None,
    ) -> tuple[str, ...]:
        """The texts that a cell holds; () when it is empty or has not the shape expected.

        ``adapt`` turns references to answers into ours; without it there may be none.
        """
        adapt = adapt or partial(self._without_reference, row)
        written = self.source(row, column)
        texts = split(adapt(written)) if written else ()
        if texts is None:
            return ()
        for suffix, code in self._codes.items():
            translation = row.text(f"{column}::{suffix}")
            if translation:
                self._keep(row, column, code, texts, split(adapt(translation)) or ())
        return texts

    def text(self, row: Row, column: str, adapt: Callable[[str], str] | None = None) -> str:
        """The one text of a cell, "" when it is empty."""
        return "".join(self.parts(row, column, adapt=adapt))

    def setting(self, row: Row, column: str, own: str) -> str:
        """A text of the settings; its translations may stand under another heading than itself."""
        written = row.text(column)
        for suffix, code in self._codes.items():
            translation = row.text(f"{own}::{suffix}")
            if translation:
                self._keep(row, own, code, (written,), (translation,))
        return written

    def is_everywhere(self, row: Row, column: str, text: str) -> bool:
        """Whether the cell says this, and nothing else in any language."""
        said = (row.word(f"{column}::{suffix}") for suffix in self._codes)
        return self.source(row, column).strip() == text and all(one in ("", text) for one in said)

    def _without_reference(self, row: Row, text: str) -> str:
        if "${" in text:
            self._note(row, messages.NO_REFERENCE)
        return text

    def _keep(
        self, row: Row, column: str, code: str, texts: tuple[str, ...], others: tuple[str, ...]
    ) -> None:
        if not all(texts) or not texts:
            self._note(row, messages.TRANSLATION_OF_NOTHING, column=column)
        elif len(texts) != len(others):
            self._note(row, messages.PARTS_DIFFER, column=column)
        for text, other in zip(texts, others, strict=False):
            if self.translations[code].setdefault(text, other) != other:
                self._note(row, messages.TRANSLATED_TWICE, text=text)

    def _note(self, row: Row, saying: Saying, **values: object) -> None:
        self._notes.note(row.sheet, row.number, row.word("name"), saying, **values)


def _headings(tables: Iterable[Table]) -> dict[tuple[str, str], tuple[str, ...]]:
    """By sheet and column: what stands after ``::`` in the headings, "" when nothing does."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for table in tables:
        for heading in table.columns:
            column, colons, suffix = heading.partition("::")
            if any(heading in row.cells for row in table.rows) and (
                column in columns.TRANSLATED or (colons and column in columns.TRANSLATED_SETTINGS)
            ):
                place = (table.name, column)
                found[place] = (*found.get(place, ()), suffix)
    return found
