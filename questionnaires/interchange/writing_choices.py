"""The lists of options that a questionnaire needs, each with a name of its own.

In: questions. Out: names of lists, and the rows of the sheet ``choices``. A list is called after
its scale, or after its question when it has none. A second list on the same scale, with other ways
of giving no answer, is called ``scale-2``.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.interchange.columns import NOTHING_LIST_MARK, OF_OPTION, TRANSLATED
from questionnaires.interchange.said import Said
from questionnaires.interchange.vocabulary import has_nothing_in_list, nothing_code
from questionnaires.model import NonAnswer, Option, Question

_Key = tuple[str, tuple[Option, ...], tuple[tuple[NonAnswer, str], ...]]


class Lists:
    """Gives equal lists one name, and writes each of them down once."""

    def __init__(self, said: Said, taken: frozenset[str]) -> None:
        self._said = said
        self._taken = taken
        self._names: dict[_Key, str] = {}
        self._counts: dict[str, int] = {}
        self.rows: list[dict[str, str]] = []

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the sheet, in order."""
        labels = self._said.columns(TRANSLATED[0])
        return ("list_name", "name", *labels, *(own.column for own in OF_OPTION))

    def of_options(self, question: Question) -> str:
        """The list that a question's options stand in, with its ways of giving no answer."""
        nothing = question.non_answers if has_nothing_in_list(question.type) else {}
        key = (question.scale or "", question.options, tuple(nothing.items()))
        if question.scale is None:
            return self._write(question.id, question.options, nothing)
        if key not in self._names:
            name = self._name(question.scale)
            self._names[key] = self._write(name, question.options, nothing)
        return self._names[key]

    def of_nothing(self, question: Question) -> str:
        """The list of a question's ways of giving no answer, when its answer is not an option."""
        return self._write(f"{question.id}{NOTHING_LIST_MARK}", (), question.non_answers)

    def _name(self, scale: str) -> str:
        """``scale``, then ``scale-2``; from ``scale-1`` when a question has the same name."""
        count = self._counts.get(scale, 0) + 1
        self._counts[scale] = count
        return scale if count == 1 and scale not in self._taken else f"{scale}-{count}"

    def _write(
        self, name: str, options: tuple[Option, ...], nothing: Mapping[NonAnswer, str]
    ) -> str:
        for option in options:
            own = {own.column: own.write(getattr(option, own.field)) for own in OF_OPTION}
            self._row(name, option.code, option.label, own)
        for code, label in nothing.items():
            self._row(name, nothing_code(code), label, {})
        return name

    def _row(self, name: str, code: str, label: str, own: Mapping[str, str]) -> None:
        cells = self._said.cells(TRANSLATED[0], (label,))
        self.rows.append({"list_name": name, "name": code, **cells, **own})
