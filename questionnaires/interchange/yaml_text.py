"""Plain values as the YAML text of a version, in the order and the style of the files here.

In: names, values and lists. Out: text in which every value stands on one line, so that a line of
the text leads back to a row of the workbook.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_ORDER = (
    *("questionnaire", "survey", "audience", "audience_label", "id", "title", "respondents"),
    *(
        "look",
        "reading",
        "minutes",
        "versions",
        "not_shown_to",
        "welcome",
        "question",
        "information",
        "battery",
    ),
    *("topic", "themes", "group", "type", "scale", "heading", "body", "text", "hint", "piped"),
    *("variants", "short", "sensitive"),
)
_LAST = ("when", "questions", "pages", "sections")
_ON_ONE_LINE = ("non_answers", "piped")
_A_LINE_BEFORE = re.compile(r"(?<!:\n)^( *- (?:id|question|information|battery): )", re.MULTILINE)
_PLAIN = re.compile(r"\w(?:[\w '’‘?!().,;/–—-]*[\w?!.)])?")
"""Words that need no quotes wherever they stand."""


def yaml_text(values: Mapping[str, object]) -> str:
    """The text of a file. Reading it gives the same values."""
    yaml = YAML()
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(_styled(values), text)
    return _A_LINE_BEFORE.sub(r"\n\1", text.getvalue())


def _styled(value: object) -> object:
    if isinstance(value, Mapping):
        styled = CommentedMap((key, _styled_field(key, value[key])) for key in _ordered(value))
        if "code" in value or _is_test(value):
            styled.fa.set_flow_style()
        return styled
    if isinstance(value, list | tuple):
        items = CommentedSeq(_styled(item) for item in value)
        if all(isinstance(item, str) and re.fullmatch(r"\w+", item) for item in value):
            items.fa.set_flow_style()
        return items
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else DoubleQuotedScalarString(value)
    return value


def _styled_field(key: str, value: object) -> object:
    styled = _styled(value)
    if key in _ON_ONE_LINE and isinstance(styled, CommentedMap):
        styled.fa.set_flow_style()
    return styled


def _is_test(value: Mapping[str, object]) -> bool:
    """A condition on one question, which fits a line."""
    return "question" in value and "text" not in value and "short" not in value


def _ordered(value: Mapping[str, object]) -> list[str]:
    if "code" in value or _is_test(value):
        return list(value)
    known = {key: place for place, key in enumerate(_ORDER)}
    last = {key: 1000 + place for place, key in enumerate(_LAST)}
    return sorted(value, key=lambda key: last.get(key, known.get(key, 500)))
