"""What invented people think: how likely each option of each question is, for a person's mood.

In: a survey's questions, whose options say which way they point. Out: one option. The shares are
invented too, but shaped like published ones: most children say they are safe, fewer feel heard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy

from questionnaires.model import Question, Survey, Valence

_UNDECIDED = 0.5


def questions_of(survey: Survey) -> dict[tuple[str, tuple[str, ...]], Question]:
    """Every question of every version, found by its id and the codes that its form offers."""
    return {
        (question.id, tuple(option.code for option in question.options)): question
        for version in survey.questionnaires
        for question in version.questions
    }


def choose_option(
    question: Question | None,
    codes: Sequence[str],
    mood: float,
    dice: numpy.random.Generator,
) -> str:
    """One of the codes that a form offers, by mood and by how the question usually goes."""
    if question is None:  # a ladder: its rungs are numbers
        return codes[min(int(dice.beta(1 + 4 * mood, 2) * len(codes)), len(codes) - 1)]
    valences = {option.code: option.valence for option in question.options}
    approval = 0.55 * usual_approval(question.id) + 0.45 * mood
    weights = numpy.array([_weight(valences.get(code, Valence.NONE), approval) for code in codes])
    favoured = weights * numpy.linspace(1.3, 0.7, len(codes)) ** (
        1 if approval > _UNDECIDED else -1
    )
    return str(dice.choice(list(codes), p=favoured / favoured.sum()))


@cache
def usual_approval(question_id: str) -> float:
    """Between 0.35 and 0.97, the same at every rehearsal: some things go well, some do not."""
    number = int.from_bytes(hashlib.sha256(question_id.encode()).digest()[:4])
    return 0.35 + 0.62 * (number / 2**32)


def _weight(valence: Valence, approval: float) -> float:
    return {
        Valence.POSITIVE: approval,
        Valence.NEUTRAL: 0.5 * (1 - approval) + 0.1,
        Valence.NEGATIVE: (1 - approval) ** 1.3,
        Valence.NONE: _UNDECIDED,
    }[valence]
