"""Whether an answer is low, so that the next page says where somebody is to talk to.

In: a question and an answer. Out: true or false, in memory only: it is never stored or logged.
"""

from __future__ import annotations

from flask_babel import gettext

from questionnaires.model import Question, Valence
from questionnaires.responses import Answer, Chosen, Number

_LOW_RUNGS = range(5)  # as results count them: 0 to 4


def words_after_low() -> str:
    """What the next page says after any low answer, always the same, in the page's language."""
    return gettext("If that is hard for you, you can talk to someone. Press Help.")


def is_low(question: Question, answer: Answer | None) -> bool:
    """True for an option that is bad news, and for the bad end of a ladder."""
    match answer:
        case Chosen(codes):
            return any(
                option.code in codes and option.valence is Valence.NEGATIVE
                for option in question.options
            )
        case Number(value):
            return (value if question.good_end == "high" else 10 - value) in _LOW_RUNGS
    return False
