"""The rows of the sheet ``survey`` that ask one question.

In: a question, and when it is asked. Out: one row, or a group of rows on one screen: its wordings,
the question, and its ways of giving no answer where these are no options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from questionnaires.interchange import columns
from questionnaires.interchange.constraints import write_alone, write_length, write_years
from questionnaires.interchange.expressions import write_condition
from questionnaires.interchange.layout import pipe_calculation, pipe_name, wording_conditions
from questionnaires.interchange.said import Said, with_ends
from questionnaires.interchange.vocabulary import Vocabulary, has_nothing_in_list, nothing_code
from questionnaires.interchange.writing_choices import Lists
from questionnaires.model import Condition, Question, QuestionType

Cells = dict[str, str]


class QuestionWriter:
    """Writes questions, and the lists that they need."""

    def __init__(self, said: Said, lists: Lists, vocabulary: Vocabulary) -> None:
        self._said = said
        self._lists = lists
        self._vocabulary = vocabulary

    def is_one_row(self, question: Question) -> bool:
        """Whether the question needs no row beside its own."""
        needs_list = question.non_answers and not has_nothing_in_list(question.type)
        return not (question.variants or question.piped or needs_list)

    def rows(self, question: Question, when: Condition | None) -> Iterator[Cells]:
        """Every row of a question that is asked when the condition holds."""
        for other, words in question.piped.items():
            yield {
                "type": "calculate",
                "name": pipe_name(question.id, other),
                **self._said.cells("label", (words,)),
                "calculation": pipe_calculation(other, self._vocabulary),
            }
        needs_list = question.non_answers and not has_nothing_in_list(question.type)
        if question.variants or needs_list:
            yield from self._page(question, when)
        else:
            yield {**self._row(question), **self.relevant(when)}

    def relevant(self, when: Condition | None) -> Cells:
        """The cell that says when a row is shown."""
        return {"relevant": write_condition(when, self._vocabulary)} if when else {}

    def _page(self, question: Question, when: Condition | None) -> Iterator[Cells]:
        name = f"{question.id}{columns.PAGE_MARK}"
        opening = {"type": "begin_group", "name": name, "appearance": "field-list"}
        yield {**opening, **self.relevant(when)}
        row = self._row(question)
        if question.variants:
            yield from self._wordings(question)
            row |= self._said.everywhere("label", columns.CONTINUED)
        yield row
        if question.non_answers and not has_nothing_in_list(question.type):
            yield {
                "type": f"select_one {self._lists.of_nothing(question)}",
                "name": f"{question.id}{columns.NOTHING_LIST_MARK}",
                **self._said.everywhere("label", columns.CONTINUED),
                **self.relevant(Condition(question=question.id, answered=False)),
            }
        yield {"type": "end_group", "name": name}

    def _wordings(self, question: Question) -> Iterator[Cells]:
        """A note for every variant, then one for the plain wording; exactly one is shown."""
        conditions = wording_conditions(tuple(variant.when for variant in question.variants))
        texts = (*(variant.text for variant in question.variants), question.text)
        numbers = (*range(1, len(texts)), 0)
        for number, text, condition in zip(numbers, texts, conditions, strict=True):
            yield {
                "type": "note",
                "name": f"{question.id}-{number}",
                **self._said.cells("label", (text,), pipes=_pipes(question)),
                **self.relevant(condition),
            }

    def _row(self, question: Question) -> Cells:
        return {
            "type": self._type(question),
            "name": question.id,
            **self._said.cells("label", (question.text,), pipes=_pipes(question)),
            **self._hint(question),
            **_limits(question),
            **_own(question),
        }

    def _type(self, question: Question) -> str:
        if question.type in columns.LIST_TYPES:
            return f"{columns.LIST_TYPES[question.type]} {self._lists.of_options(question)}"
        return columns.PLAIN_TYPES[question.type]

    def _hint(self, question: Question) -> Cells:
        hint = (question.hint,) if question.hint else ()
        if question.type is QuestionType.LADDER:
            texts = (*hint, question.low_label or "", question.high_label or "")
            return self._said.cells("hint", texts, with_ends, _pipes(question))
        return self._said.cells("hint", hint, pipes=_pipes(question)) if hint else {}


def _pipes(question: Question) -> Mapping[str, str]:
    return {other: pipe_name(question.id, other) for other in question.piped}


def _limits(question: Question) -> Cells:
    """Everything that says which answers there can be, beside the options."""
    cells: Cells = {}
    if question.type in columns.APPEARANCES:
        cells["appearance"] = columns.APPEARANCES[question.type]
    match question.type:
        case QuestionType.LADDER:
            cells["parameters"] = columns.LADDER_PARAMETERS
        case QuestionType.TEXT:
            cells["constraint"] = write_length(question.max_length or 0)
        case QuestionType.MONTH:
            cells["constraint"] = write_years(
                question.earliest_year or 0, question.latest_year or 0
            )
        case QuestionType.CHOICES:
            alone = [option.code for option in question.options if option.exclusive]
            cells["constraint"] = write_alone((*alone, *map(nothing_code, question.non_answers)))
    return cells


def _own(question: Question) -> Cells:
    own = {own.column: own.write(getattr(question, own.field)) for own in columns.OF_QUESTION}
    if question.type in (QuestionType.YES_NO, QuestionType.BAND):
        own[columns.TYPE_COLUMN] = question.type.value
    return own
