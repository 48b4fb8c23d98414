"""The languages of a workbook: how their columns are headed, and what stands in them.

In: language codes, catalogues of translations. Out: headings such as ``label::Cymraeg (cy)``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

Translations = Mapping[str, Mapping[str, str]]
"""By language code: every text with its translation."""

SOURCE = "en"
"""The language that our questionnaires are written in."""

_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\)\s*$")


def language_name(code: str) -> str:
    """The language in its own words, with its code, as the standard recommends."""
    try:
        name = Locale.parse(code).get_language_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return f"{name or code} ({code.replace('_', '-')})"


def code_in(name: str) -> str | None:
    """The code in ``Cymraeg (cy)``, or None when there is none."""
    found = _CODE.search(name)
    return found[1].replace("-", "_") if found else None


def heading(column: str, code: str) -> str:
    """The heading of a column in one language."""
    return f"{column}::{language_name(code)}"
