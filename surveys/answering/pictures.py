"""Which picture stands on an answer: faces for feelings, filled circles for how often.

In: an option and its question. Out: the name of a picture in templates/answering/icons.html.
"""

from __future__ import annotations

from questionnaires.model import Option, Question

_FACES = {
    2: ("wide", "down"),
    3: ("wide", "flat", "down"),
    4: ("wide", "small", "down_small", "down"),
    5: ("wide", "small", "flat", "down_small", "down"),
}
_AMOUNTS = {2: (4, 0), 3: (4, 2, 0), 4: (4, 3, 1, 0), 5: (4, 3, 2, 1, 0)}


def picture_of(option: Option, question: Question) -> str:
    """The option's own picture, else the one for its place on the scale, else none.

    A scale is written with its best or most first; so are its pictures.
    """
    place = question.options.index(option)
    if option.picture:
        return option.picture
    kinds = _FACES if question.pictures == "faces" else _AMOUNTS
    pictures = kinds.get(len(question.options), ())
    prefix = "face" if question.pictures == "faces" else "amount"
    return f"{prefix}_{pictures[place]}" if pictures else ""
