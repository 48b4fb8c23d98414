"""The fixed texts of a page that can be heard, read from its template without making the page.

In: Jinja's environment, a template, the questionnaire that it belongs to. Out: messages for
translation. A message counts when it passes through the filter ``hear``, or stands in a part
where ``_`` means ``heard``; of alternatives by look, only those that fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, TemplateNotFound, nodes

from questionnaires.model import Questionnaire, QuestionType

_TYPES = frozenset(kind.value for kind in QuestionType)
_GETTEXT = frozenset({"_", "gettext"})


@dataclass(frozen=True)
class PageWords:
    """Reads templates as the respondents of one questionnaire meet them."""

    environment: Environment
    questionnaire: Questionnaire

    def heard_in(self, template: str) -> list[str]:
        """The messages of a template that can be heard, in order; includes are followed."""
        return list(dict.fromkeys(self._walk(self._parsed(template), heard=False)))

    def all_in(self, template: str) -> list[str]:
        """Every message of a template."""
        return list(dict.fromkeys(self._walk(self._parsed(template), heard=True)))

    def _parsed(self, template: str) -> nodes.Node:
        if self.environment.loader is None:
            raise ValueError("the environment has no loader")
        source, _, _ = self.environment.loader.get_source(self.environment, template)
        return self.environment.parse(source)

    def _included(self, named: nodes.Node) -> nodes.Node:
        """The template that is included: of several, the first that there is."""
        for candidate in named.items if isinstance(named, nodes.List) else [named]:
            try:
                return self._parsed(str(self._value(candidate)))
            except TemplateNotFound:
                continue
        raise TemplateNotFound(str(named))

    def _walk(self, node: nodes.Node, *, heard: bool) -> Iterator[str]:
        if heard and (message := _message(node)) is not None:
            yield message
        heard = heard or _begins_hearing(node)
        if isinstance(node, nodes.Include):
            yield from self._walk(self._included(node.template), heard=heard)
        for child in self._children(node):
            yield from self._walk(child, heard=heard)

    def _children(self, node: nodes.Node) -> list[nodes.Node]:
        """What is below a node, without what this questionnaire has no use for."""
        if isinstance(node, nodes.Macro) and self._is_of_no_use(node.name):
            return []
        if isinstance(node, nodes.CondExpr):
            branches: tuple[list[nodes.Node], list[nodes.Node]] = (
                [node.expr1],
                [node.expr2] if node.expr2 else [],
            )
        elif isinstance(node, nodes.If):
            branches = (node.body, [*node.elif_, *node.else_])
        else:
            return list(node.iter_child_nodes())
        taken = self._told(node.test)
        if taken is None:
            return [*branches[0], *branches[1]]
        return list(branches[0 if taken else 1])

    def _is_of_no_use(self, macro: str) -> bool:
        """Whether a macro draws a type of question that this questionnaire does not have."""
        asked = {question.type.value for question in self.questionnaire.questions}
        return macro in _TYPES - asked

    def _told(self, test: nodes.Node) -> bool | None:
        """What a test on the questionnaire says; None when it is about something else."""
        if not isinstance(test, nodes.Compare) or len(test.ops) != 1:
            return None
        ours, theirs = self._value(test.expr), self._value(test.ops[0].expr)
        if ours is None or theirs is None:
            return None
        return {"eq": ours == theirs, "ne": ours != theirs}.get(test.ops[0].op)

    def _value(self, node: nodes.Node) -> Any:
        """The value of a constant, of what a questionnaire is, or of these put together."""
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Concat):
            parts = [self._value(part) for part in node.nodes]
            return None if None in parts else "".join(parts)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            asked = self.questionnaire
            known = {
                ("dress", "style"): asked.look,
                ("questionnaire", "reading"): asked.reading,
                ("questionnaire", "id"): asked.id,
            }
            return known.get((node.node.name, node.attr))
        return None


def _message(node: nodes.Node) -> str | None:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return None
    if node.node.name not in _GETTEXT or not isinstance(node.args[0], nodes.Const):
        return None
    return str(node.args[0].value)


def _begins_hearing(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name == "hear"
    if isinstance(node, nodes.FilterBlock):
        return node.filter.name == "hear"
    if isinstance(node, nodes.With):
        named = zip(node.targets, node.values, strict=True)
        return any(
            isinstance(target, nodes.Name) and target.name == "_"
            and isinstance(value, nodes.Name) and value.name == "heard"
            for target, value in named
        )  # fmt: skip
    return False
