"""Our closed conditions as XPath relevance, and back: the same meaning, and the same form.

In: a condition, or the text of a cell, and the vocabulary. Out: the other one. Everything that our
conditions cannot say is refused. ``and true()`` and ``or false()`` say nothing to other tools; here
they mark a list of conditions that would otherwise be read as a shorter form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from questionnaires.fitting import did_you_mean
from questionnaires.interchange import messages
from questionnaires.interchange.vocabulary import NOTHING_MARK, Asked, Kind, Vocabulary
from questionnaires.interchange.xpath import (
    Call,
    Comparison,
    ExpressionRefused,
    Joined,
    Literal,
    Node,
    Reference,
    parse,
)
from questionnaires.model import Condition

_NEUTRAL = {"and": "true", "or": "false"}


def write_condition(condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition as text that ``read_condition`` turns into an equal one."""
    return _write(condition, vocabulary)[0]


def read_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition that a cell holds. Raises ExpressionRefused."""
    return _Reader(vocabulary).condition(parse(text))


def _write(condition: Condition, vocabulary: Vocabulary) -> tuple[str, bool]:
    """The text, and whether it has to stand in brackets beside something else."""
    if condition.not_ is not None:
        return f"not({write_condition(condition.not_, vocabulary)})", False
    for word, parts in (("and", condition.all_), ("or", condition.any_)):
        if parts is not None:
            text = _join(word, (_write(part, vocabulary) for part in parts))
            if _reads_otherwise(text, condition, vocabulary):
                text = f"{text} {word} {_NEUTRAL[word]}()"
            return text, True
    return _write_test(condition, vocabulary)


def _reads_otherwise(text: str, condition: Condition, vocabulary: Vocabulary) -> bool:
    try:
        return read_condition(text, vocabulary) != condition
    except ExpressionRefused:
        return True


def _join(word: str, parts: Iterable[tuple[str, bool]]) -> str:
    return f" {word} ".join(f"({text})" if is_joined else text for text, is_joined in parts)


def _write_test(condition: Condition, vocabulary: Vocabulary) -> tuple[str, bool]:
    name = str(condition.question)
    asked = vocabulary[name]
    if condition.at_least is not None:
        return f"${{{name}}} >= {condition.at_least}", False
    if condition.at_most is not None:
        return f"${{{name}}} <= {condition.at_most}", False
    if condition.is_ is not None:
        return _terms("or", [_has(name, asked, code) for code in condition.is_])
    if condition.answered is False:
        return _terms("or", [f"${{{name}}} = ''", *(_has(name, asked, n) for n in asked.nothing)])
    codes = (*(condition.is_not or ()), *asked.nothing)
    return _terms("and", [f"${{{name}}} != ''", *(_has_not(name, asked, c) for c in codes)])


def _terms(word: str, terms: list[str]) -> tuple[str, bool]:
    return f" {word} ".join(terms), len(terms) > 1


def _has(name: str, asked: Asked, code: str) -> str:
    if asked.kind is Kind.SEVERAL:
        return f"selected(${{{name}}}, '{code}')"
    return f"${{{name}}} = '{code}'"


def _has_not(name: str, asked: Asked, code: str) -> str:
    if asked.kind is Kind.SEVERAL:
        return f"not(selected(${{{name}}}, '{code}'))"
    return f"${{{name}}} != '{code}'"


@dataclass(frozen=True, slots=True)
class _Term:
    """Whether one question has one answer: the smallest thing that an expression says."""

    name: str
    value: str
    is_denied: bool
    is_equality: bool = False


class _Reader:
    """Turns the tree of an expression into a condition."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def condition(self, node: Node) -> Condition:
        """The condition that the node says. Raises ExpressionRefused."""
        term = _term(node)
        if term is not None:
            return self._single(term)
        match node:
            case Joined(word, parts):
                return self._joined(word, parts)
            case Call("not", (part,)):
                return Condition(not_=self.condition(part))
            case Comparison(">=" | "<=" as operator, Reference(name), Literal(text, True)):
                return self._on_ladder(name, operator, int(text))
        raise _refused(node)

    def _joined(self, word: str, parts: tuple[Node, ...]) -> Condition:
        is_as_written = parts[-1] == Call(_NEUTRAL[word], ())
        if is_as_written:
            parts = parts[:-1]
        else:
            short = self._in_short(word, [_term(part) for part in parts])
            if short is not None:
                return short
        conditions = tuple(self.condition(part) for part in parts)
        return Condition(all_=conditions) if word == "and" else Condition(any_=conditions)

    def _in_short(self, word: str, found: list[_Term | None]) -> Condition | None:
        """One condition on one question, where the parts say nothing but which answers it has."""
        terms = [term for term in found if term is not None]
        is_denied = word == "and"
        if len(terms) < len(found) or any(
            (term.name, term.is_denied) != (terms[0].name, is_denied) for term in terms
        ):
            return None
        name = terms[0].name
        silence = {"", *self._known(name).nothing}
        codes = tuple(term.value for term in terms if term.value not in silence)
        said = [term.value for term in terms if term.value in silence]
        is_all_silence = len(said) == len(silence) and set(said) == silence
        for term in terms:
            self._check_operator(term)
        if is_all_silence and not codes:
            return _test(name, answered=is_denied)
        if is_denied:
            return _test(name, is_not=codes) if is_all_silence else None
        is_options = not said and not any(code.startswith(NOTHING_MARK) for code in codes)
        return _test(name, is_=codes) if is_options else None

    def _single(self, term: _Term) -> Condition:
        asked = self._known(term.name)
        if term.value == "" and not asked.nothing:
            return _test(term.name, answered=term.is_denied)
        if term.value == "" or term.value.startswith(NOTHING_MARK):
            raise self._silence_refused(term)
        self._check_operator(term)
        chosen = _test(term.name, is_=(term.value,))
        return Condition(not_=chosen) if term.is_denied else chosen

    def _silence_refused(self, term: _Term) -> ExpressionRefused:
        answered, silent = (
            write_condition(Condition(question=term.name, answered=said), self._vocabulary)
            for said in (True, False)
        )
        return ExpressionRefused(
            messages.COUNTS_AS_SILENCE,
            name=term.name,
            answered=answered,
            silent=silent,
        )

    def _check_operator(self, term: _Term) -> None:
        kind = self._known(term.name).kind
        if term.value and kind not in (Kind.ONE, Kind.SEVERAL):
            raise ExpressionRefused(messages.NOT_COMPARABLE, name=term.name)
        if term.value and term.is_equality and kind is Kind.SEVERAL:
            raise ExpressionRefused(messages.NEEDS_SELECTED, name=term.name, code=term.value)

    def _on_ladder(self, name: str, operator: str, rung: int) -> Condition:
        if self._known(name).kind is not Kind.NUMBER:
            raise ExpressionRefused(messages.NOT_COMPARABLE, name=name)
        return _test(name, **{"at_least" if operator == ">=" else "at_most": rung})

    def _known(self, name: str) -> Asked:
        if name not in self._vocabulary:
            help_ = did_you_mean(name, self._vocabulary)
            raise ExpressionRefused(messages.UNKNOWN_REFERENCE, name=name, help=help_)
        return self._vocabulary[name]


def _test(name: str, **test: object) -> Condition:
    """A condition on one question. Raises ExpressionRefused for names that are not ours."""
    try:
        return Condition.model_validate({"question": name, **test})
    except ValidationError as error:
        written = str(error.errors()[0]["input"])
        raise ExpressionRefused(messages.NOT_OUR_NAME, name=written) from error


def _term(node: Node) -> _Term | None:
    match node:
        case Comparison("=" | "!=" as operator, Reference(name), Literal(value, _)):
            return _Term(name, value, operator == "!=", is_equality=True)
        case Call("selected", (Reference(name), Literal(value, _))) if value:
            return _Term(name, value, False)
        case Call("not", (Call("selected", (Reference(name), Literal(value, _))),)) if value:
            return _Term(name, value, True)
    return None


def _refused(node: Node) -> ExpressionRefused:
    return ExpressionRefused(messages.NOT_EXPRESSIBLE, text=in_text(node))


def in_text(node: Node) -> str:
    """The node as it would be written, for messages."""
    match node:
        case Reference(name):
            return f"${{{name}}}"
        case Literal(text, is_number):
            return text if is_number else f"'{text}'"
        case Call(name, arguments):
            return f"{name}({', '.join(map(in_text, arguments))})"
        case Comparison(operator, left, right):
            return f"{in_text(left)} {operator} {in_text(right)}"
        case Joined(word, parts):
            return f" {word} ".join(map(in_text, parts))
    return "."
