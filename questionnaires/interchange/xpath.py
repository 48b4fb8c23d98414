"""The part of XPath that conditions and constraints are written in, as a tree.

In: the text of a cell. Out: nodes, or ExpressionRefused for anything outside the part. Nothing is
ever evaluated here. Brackets matter: a joined expression in brackets stays a node of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from questionnaires.interchange import messages
from questionnaires.messages import Saying

DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:
      \$\{\s*(?P<reference>[A-Za-z_][\w.-]*)\s*\}
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<number>\d{1,6})(?![\w.])
    | (?P<operator>!=|>=|<=|=|<|>)
    | (?P<mark>[(),])
    | (?P<name>[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)
    | (?P<self>\.)(?![\w.])
    )""",
    re.VERBOSE,
)
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


class ExpressionRefused(Exception):
    """An expression that cannot be kept; carries what to tell the author."""

    def __init__(self, saying: Saying, **values: object) -> None:
        super().__init__(saying.message)
        self.saying = saying
        self.values = values


@dataclass(frozen=True, slots=True)
class Reference:
    """The answer to a question: ``${name}``."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Words in quotes, or a number as it is written."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Itself:
    """The answer that a constraint is about: ``.``"""


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and the operator between them."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more parts joined by ``and``, or by ``or``."""

    word: str
    parts: tuple[Node, ...]


Node = Reference | Literal | Itself | Call | Comparison | Joined


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of an expression. Raises ExpressionRefused."""
    return _Parser(text.translate(_STRAIGHT)).whole()


class _Parser:
    """Recursive descent: or, and, comparison, value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split(text)
        self._next = 0
        self._depth = 0

    def _split(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise self._refusal(at)
            kind = found.lastgroup
            tokens.append(_Token(kind, found[kind], found.start(kind)))
            at = found.end()
        return tokens

    def _refusal(self, at: int | None = None) -> ExpressionRefused:
        if at is None:
            at = self._peek().at
        rest = self._text[at:].strip() or "the end"
        return ExpressionRefused(messages.NOT_UNDERSTOOD, text=self._text.strip(), at=rest)

    def _peek(self) -> _Token:
        if self._next < len(self._tokens):
            return self._tokens[self._next]
        return _Token("end", "", len(self._text))

    def _take(self, kind: str, text: str | None = None) -> str | None:
        token = self._peek()
        if token.kind != kind or (text is not None and token.text != text):
            return None
        self._next += 1
        return token.text

    def _must(self, mark: str) -> None:
        if self._take("mark", mark) is None:
            raise self._refusal()

    def whole(self) -> Node:
        """Everything that is written. Raises ExpressionRefused."""
        node = self._joined("or")
        if self._peek().kind != "end":
            raise self._refusal()
        return node

    def _joined(self, word: str) -> Node:
        parts = [self._part(word)]
        while self._take("name", word):
            parts.append(self._part(word))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _part(self, word: str) -> Node:
        return self._joined("and") if word == "or" else self._comparison()

    def _comparison(self) -> Node:
        left = self._value()
        operator = self._take("operator")
        return left if operator is None else Comparison(operator, left, self._value())

    def _value(self) -> Node:
        token = self._peek()
        self._next += 1
        match token.kind:
            case "reference":
                return Reference(token.text)
            case "text":
                return Literal(token.text[1:-1])
            case "number":
                return Literal(token.text, is_number=True)
            case "self":
                return Itself()
            case "name":
                return self._call(token.text)
            case "mark" if token.text == "(":
                return self._in_brackets()
        self._next -= 1
        raise self._refusal()

    def _in_brackets(self) -> Node:
        self._deeper()
        node = self._joined("or")
        self._must(")")
        self._depth -= 1
        return node

    def _call(self, name: str) -> Node:
        self._must("(")
        self._deeper()
        arguments: list[Node] = []
        while self._take("mark", ")") is None:
            if arguments:
                self._must(",")
            arguments.append(self._joined("or"))
        self._depth -= 1
        return Call(name, tuple(arguments))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionRefused(messages.TOO_DEEP)
