"""What takes several rows in a workbook: how the writer lays it out and the reader expects it.

In: names and conditions. Out: names, calculations and conditions of the rows around a question.
"""

from __future__ import annotations

from questionnaires.interchange.columns import CONTINUED, PIPE_MARK
from questionnaires.interchange.expressions import write_condition
from questionnaires.interchange.vocabulary import Vocabulary
from questionnaires.model import Condition


def pipe_name(question: str, other: str) -> str:
    """The row that holds the answer to another question, in words."""
    return f"{question}{PIPE_MARK}{other}"


def pipe_calculation(other: str, vocabulary: Vocabulary) -> str:
    """The label of the option chosen, for other tools.

    Where nothing was chosen they show a mark, because a calculation cannot be translated; the words
    that stand there with us are the label of the row.
    """
    silent = write_condition(Condition(question=other, answered=False), vocabulary)
    name = f"jr:choice-name(${{{other}}}, '${{{other}}}')"
    return f"if({silent}, '{CONTINUED}', {name})"


def wording_conditions(when: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """When each variant is shown, and last the plain wording: in turn, the first that fits."""
    shown = []
    for place in range(len(when) + 1):
        parts = (*(Condition(not_=earlier) for earlier in when[:place]), *when[place : place + 1])
        shown.append(parts[0] if len(parts) == 1 else Condition(all_=parts))
    return tuple(shown)
