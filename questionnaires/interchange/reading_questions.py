"""One question, from its row and the rows around it.

In: rows, lists, texts. Out: what a version file says of the question; notes for all that it cannot
say. Which options belong to a scale is told by the name of the list: it is the question's own list
when both have one name, else it is a scale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.fitting import did_you_mean
from questionnaires.interchange import columns, constraints, messages, texts
from questionnaires.interchange.expressions import read_condition
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.layout import pipe_calculation, pipe_name
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.reading_choices import ChoiceList, read_own
from questionnaires.interchange.row_types import SELECTS, Typed
from questionnaires.interchange.scales import Scales
from questionnaires.interchange.tables import Row
from questionnaires.interchange.texts import Texts
from questionnaires.interchange.vocabulary import NOTHING_MARK, Kind, Vocabulary
from questionnaires.interchange.xpath import ExpressionRefused, parse
from questionnaires.messages import Saying
from questionnaires.model import Condition

USUAL_LENGTH = 500
_REFERENCE = re.compile(r"\$\{([^}]*)\}?")
_ONE_TYPES = ("choice", "yes_no", "band")
_TYPES = {"select_multiple": "choices", "rank": "ranking", "range": "ladder", "date": "month"}
_RANGE = {"start": "0", "end": "10", "step": "1"}


@dataclass
class QuestionReader:
    """Reads the rows of questions."""

    texts: Texts
    lists: Mapping[str, ChoiceList]
    scales: Scales
    calculations: Mapping[str, Typed]
    vocabulary: Vocabulary
    notes: Notes

    def __post_init__(self) -> None:
        self.used_lists: set[str] = set()
        self.used_calculations: set[str] = set()

    def question(self, found: Typed) -> Placed:
        """What the row of a question says, its text aside when its label only continues others."""
        row = found.row
        piped = self._piped(found)
        values: dict[str, object] = {
            "question": found.name,
            "type": self._type(found),
            **self._text_and_hint(found),
            **read_own(row, columns.OF_QUESTION, self.notes),
            "piped": Placed(row, piped),
        }
        if found.list_name:
            values |= self._options(found)
        values |= self._limits(found, values)
        values.setdefault("short", values.get("text"))
        return Placed(row, values)

    def wording(self, row: Row, question: str) -> str:
        """The label of a row that words a question, with our form of what it names."""
        return self.texts.text(row, "label", lambda text: self._named(text, row, question))

    def _type(self, found: Typed) -> str:
        written = found.row.word(columns.TYPE_COLUMN)
        allowed = _ONE_TYPES if found.command == "select_one" else (self._plain_type(found),)
        if written and written not in allowed:
            values = {"column": columns.TYPE_COLUMN, "value": written}
            self.note(found.row, messages.BAD_VALUE, **values, choices=", ".join(allowed))
        return written or allowed[0]

    def _plain_type(self, found: Typed) -> str:
        return _TYPES.get(found.command, found.command)

    def _text_and_hint(self, found: Typed) -> dict[str, object]:
        row = found.row
        said: dict[str, object] = {}
        if not self.texts.is_everywhere(row, "label", columns.CONTINUED):
            said["text"] = self.wording(row, found.name)
        if found.command == "range":
            return {**said, **self._ladder_words(found)}
        hint = self.texts.text(row, "hint", lambda text: self._named(text, row, found.name))
        return {**said, "hint": hint}

    def _ladder_words(self, found: Typed) -> dict[str, object]:
        row = found.row
        parts = self.texts.parts(
            row, "hint", texts.ends, lambda text: self._named(text, row, found.name)
        )
        if not parts:
            self.note(row, messages.LADDER_ENDS)
            return {}
        *hint, low, high = parts
        return {"hint": "".join(hint), "low_label": low, "high_label": high}

    def _named(self, text: str, row: Row, question: str) -> str:
        """The text with ``{id}`` for every reference to the words of an answer."""

        def ours(found: re.Match[str]) -> str:
            name = found[1].strip()
            start = pipe_name(question, "")
            if name.startswith(start) and name in self.calculations:
                return f"{{{name.removeprefix(start)}}}"
            self.note(row, messages.LABEL_REFERENCE, name=name, question=question)
            return found[0]

        return _REFERENCE.sub(ours, text)

    def _piped(self, found: Typed) -> dict[str, object]:
        start = pipe_name(found.name, "")
        piped: dict[str, object] = {}
        for name, calculation in self.calculations.items():
            if name.startswith(start):
                other = name.removeprefix(start)
                self.used_calculations.add(name)
                self._check_calculation(calculation, other)
                piped[other] = self.texts.text(calculation.row, "label")
        return piped

    def _check_calculation(self, found: Typed, other: str) -> None:
        asked = self.vocabulary.get(other)
        if asked is None or asked.kind is not Kind.ONE:
            help_ = did_you_mean(other, self.vocabulary)
            self.note(found.row, messages.UNKNOWN_REFERENCE, name=other, help=help_)
            return
        expected = pipe_calculation(other, self.vocabulary)
        try:
            is_expected = parse(found.row.text("calculation")) == parse(expected)
        except ExpressionRefused:
            is_expected = False
        if not is_expected:
            self.note(found.row, messages.CALCULATION, expected=expected)

    def _options(self, found: Typed) -> dict[str, object]:
        listed = self.list_of(found)
        if listed is None:
            return {}
        options = listed.options
        alone = self._alone(found, listed)
        options = [
            Placed(option.row, {**option, "exclusive": option["code"] in alone})
            for option in options
        ]
        non_answers = listed.non_answers
        if non_answers and found.command not in SELECTS:
            values = {"list": listed.name, "name": listed.nothing[0]}
            self.note(found.row, messages.NON_ANSWER_NOT_HERE, **values)
            non_answers = {}
        scale = self.scales.name_of(found.name, listed.name)
        if scale is None:
            return {"options": options, "non_answers": non_answers}
        self.scales.add(scale, options, listed.row)
        return {"scale": scale, "non_answers": non_answers}

    def list_of(self, found: Typed) -> ChoiceList | None:
        """The list that a row names; None after noting that there is none."""
        self.used_lists.add(found.list_name)
        listed = self.lists.get(found.list_name)
        if listed is None:
            help_ = did_you_mean(found.list_name, self.lists)
            self.note(found.row, messages.UNKNOWN_LIST, list=found.list_name, help=help_)
        return listed

    def _alone(self, found: Typed, listed: ChoiceList) -> tuple[str, ...]:
        """Options that are chosen alone. Ways of giving no answer always are."""
        if found.command != "select_multiple" or not found.row.word("constraint"):
            return ()
        try:
            codes = constraints.read_alone(found.row.text("constraint"))
        except ExpressionRefused as refusal:
            self.refuse(found.row, refusal)
            return ()
        known = [*(option["code"] for option in listed.options), *listed.nothing]
        for code in codes:
            if code not in known:
                values = {"name": code, "help": did_you_mean(code, map(str, known))}
                self.note(found.row, messages.UNKNOWN_OPTION, **values, list=listed.name)
        return tuple(code for code in codes if not code.startswith(NOTHING_MARK))

    def _limits(self, found: Typed, values: Mapping[str, object]) -> dict[str, object]:
        match found.command:
            case "text":
                return {"max_length": self._length(found)}
            case "date":
                return self._years(found)
            case "range":
                self._check_range(found)
            case "rank" if "places" not in values:
                return {"places": self._places(found)}
        return {}

    def _length(self, found: Typed) -> int | None:
        if not found.row.word("constraint"):
            self.note(found.row, messages.LENGTH_ASSUMED, length=USUAL_LENGTH)
            return USUAL_LENGTH
        try:
            return constraints.read_length(found.row.text("constraint"))
        except ExpressionRefused as refusal:
            self.refuse(found.row, refusal)
            return USUAL_LENGTH

    def _years(self, found: Typed) -> dict[str, object]:
        if columns.MONTH_APPEARANCE not in found.row.word("appearance").split():
            self.note(found.row, messages.MONTHS_ONLY, appearance=columns.MONTH_APPEARANCE)
        try:
            earliest, latest = constraints.read_years(found.row.text("constraint"))
        except ExpressionRefused as refusal:
            self.refuse(found.row, refusal)
            return {}
        return {"earliest_year": earliest, "latest_year": latest}

    def _check_range(self, found: Typed) -> None:
        written = re.split(r"[\s,;]+", found.row.word("parameters"))
        said = dict(part.partition("=")[::2] for part in written if part)
        if {**_RANGE, **said} != _RANGE:
            self.note(found.row, messages.LADDER_RANGE)

    def _places(self, found: Typed) -> int | None:
        listed = self.lists.get(found.list_name)
        count = len(listed.options) if listed else 2
        if count > 6:
            values = {"count": count, "column": columns.PLACES_COLUMN}
            self.note(found.row, messages.TOO_MANY_TO_RANK, **values)
            return None
        column = columns.PLACES_COLUMN
        self.note(found.row, messages.PLACES_ASSUMED, places=count - 1, column=column)
        return count - 1

    def condition(self, row: Row) -> Condition | None:
        """When a row is shown; None for always, and after noting that it cannot be said."""
        if not row.word("relevant"):
            return None
        try:
            return read_condition(row.text("relevant"), self.vocabulary)
        except ExpressionRefused as refusal:
            self.refuse(row, refusal)
            return None

    def note(self, row: Row, saying: Saying, **values: object) -> None:
        """Note what is wrong with a row."""
        self.notes.note(row.sheet, row.number, row.word("name"), saying, **values)

    def refuse(self, row: Row, refusal: ExpressionRefused) -> None:
        """Note why an expression of a row cannot be kept."""
        self.note(row, refusal.saying, **refusal.values)
