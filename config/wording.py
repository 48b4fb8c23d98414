"""Finds the words people read in config/*.yaml, so that they are translated with the rest.

In: a YAML file. Out: Babel messages. Keys that carry words are listed here; codes are not words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_WORDED = {
    "support_lines": frozenset({"name", "words", "hours"}),
    "frameworks": frozenset({"title", "label", "event", "deliverable"}),
    "accessibility": frozenset({"text"}),
}
Message = tuple[int, str, str, list[str]]


def extract(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[Message]:
    """Babel's extractor interface: (line, function, message, comments) for every text."""
    kind = next(kind for kind in _WORDED if kind in file.name)
    yield from _texts(YAML(typ="safe").compose(file), _WORDED[kind])


def _texts(node: Node, worded: frozenset[str]) -> Iterator[Message]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _texts(item, worded)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value in worded and isinstance(value, ScalarNode) and value.value != "always":
                yield value.start_mark.line + 1, "gettext", value.value, []
            else:
                yield from _texts(value, worded)
