"""Our own symbols, drawn into the page so that they take the colour of the words beside them.

In: the name of a file in static/symbols. Out: its SVG as safe markup; nothing for an unknown name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

_FOLDER = Path(__file__).parents[2] / "static" / "symbols"
_OPENING = '<svg class="picture symbol" aria-hidden="true" focusable="false"'


@cache
def drawn(name: str) -> Markup:
    """The symbol as inline SVG. Names come from questionnaires, whose pattern allows no path."""
    file = _FOLDER / f"{name}.svg"
    if not file.is_file():
        return Markup("")
    svg = file.read_text(encoding="utf-8").strip().replace("<svg", _OPENING, 1)
    return Markup(svg)  # noqa: S704 - a file of this repository, never anything that was entered
