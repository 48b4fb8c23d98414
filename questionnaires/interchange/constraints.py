"""What limits an answer, as XPath constraints, and back.

In: the limits of one question, or the text of a cell. Out: the other one. There are three limits:
the length of a text, the years of a month, and options that are chosen alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from questionnaires.interchange import messages
from questionnaires.interchange.xpath import (
    Call,
    Comparison,
    ExpressionRefused,
    Itself,
    Joined,
    Literal,
    Node,
    parse,
)

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def write_length(most: int) -> str:
    """At most so many characters."""
    return f"string-length(.) <= {most}"


def read_length(text: str) -> int:
    """The inverse of write_length; ``<`` is understood too. Raises ExpressionRefused."""
    match _tree(text, write_length(500)):
        case Comparison("<=", Call("string-length", (Itself(),)), Literal(most, True)):
            return int(most)
        case Comparison("<", Call("string-length", (Itself(),)), Literal(most, True)):
            return int(most) - 1
    raise _refused(write_length(500))


def write_years(earliest: int, latest: int) -> str:
    """A day of these years, the first and the last included."""
    return f". >= date('{earliest}-01-01') and . <= date('{latest}-12-31')"


def read_years(text: str) -> tuple[int, int]:
    """The inverse of write_years. Raises ExpressionRefused."""
    match _tree(text, write_years(2015, 2030)):
        case Joined(
            "and", (Comparison(">=", Itself(), earliest), Comparison("<=", Itself(), latest))
        ):
            first, last = _day(earliest), _day(latest)
            if first[1:] == ("01", "01") and last[1:] in (("12", "31"), ("12", "01")):
                return int(first[0]), int(last[0])
    raise _refused(write_years(2015, 2030))


def _day(node: Node) -> tuple[str, ...]:
    match node:
        case Call("date", (Literal(text, False),)) | Literal(text, False):
            found = _DATE.fullmatch(text)
            return found.groups() if found else ("", "", "")
    return ("", "", "")


def write_alone(codes: Iterable[str]) -> str:
    """Each of these options is chosen alone or not at all."""
    return " and ".join(f"not(selected(., '{code}') and count-selected(.) > 1)" for code in codes)


def read_alone(text: str) -> tuple[str, ...]:
    """The inverse of write_alone. Raises ExpressionRefused."""
    tree = _tree(text, write_alone(["none"]))
    parts = tree.parts if isinstance(tree, Joined) and tree.word == "and" else (tree,)
    return tuple(_alone(part) for part in parts)


def _alone(node: Node) -> str:
    match node:
        case Call("not", (Joined("and", (selected, several)),)):
            if several == Comparison(">", Call("count-selected", (Itself(),)), Literal("1", True)):
                match selected:
                    case Call("selected", (Itself(), Literal(code, _))):
                        return code
    raise _refused(write_alone(["none"]))


def _tree(text: str, expected: str) -> Node:
    try:
        return parse(text)
    except ExpressionRefused:
        raise _refused(expected) from None


def _refused(expected: str) -> ExpressionRefused:
    return ExpressionRefused(messages.CONSTRAINT_NOT_EXPRESSIBLE, expected=expected)
