"""People to call: read from a YAML file that anybody can edit, shown in a fitting order.

In: config/support_lines.yaml, a style of page and the hour. Out: SupportLine values, those who
answer now first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext
from ruamel.yaml import YAML

from surveys.site import SupportLine

ALWAYS = "always"
LOOKS = frozenset({"child", "young", "desk"})
STATUSES = frozenset({"checked", "to check"})
_FIELDS = frozenset(
    {"id", "name", "contact", "words", "hours", "looks", "first", "checked_on", "status"}
)
_NUMBER = re.compile(r"[0-9][0-9 ]{1,14}[0-9]")


class SupportLineError(ValueError):
    """The file of support lines cannot be used. The message says which line and why."""


def load_support_lines(path: Path) -> tuple[SupportLine, ...]:
    """Every line in the order of the file. Raises SupportLineError for one that is not whole."""
    document = YAML(typ="safe").load(path)
    lines = tuple(_line(entry) for entry in document["lines"])
    if len({line.id for line in lines}) != len(lines):
        raise SupportLineError("two support lines share an id")
    return lines


def lines_for(lines: Iterable[SupportLine], look: str, now: datetime) -> list[SupportLine]:
    """The lines for a look. Those marked first lead; at night, those who answer then follow."""
    night = not (9 <= now.hour < 17 and now.weekday() < 5)
    fitting = [line for line in lines if look in line.looks]
    return sorted(
        fitting, key=lambda line: (not line.first, night and line.hours != ALWAYS)
    )  # sorted() keeps the order of the file between equals


def hours_said(line: SupportLine) -> str:
    """When somebody answers, in the language of the page."""
    return gettext("Any time, day or night") if line.hours == ALWAYS else gettext(line.hours)


def number_to_ring(line: SupportLine) -> str:
    """The number for a telephone, or nothing when the contact is not just a number."""
    return line.contact.replace(" ", "") if _NUMBER.fullmatch(line.contact) else ""


def _line(entry: dict[str, Any]) -> SupportLine:
    name = entry.get("id", "?")
    if missing := _FIELDS - {"first"} - entry.keys():
        raise SupportLineError(f"support line {name}: {sorted(missing)} missing")
    if unknown := entry.keys() - _FIELDS:
        raise SupportLineError(f"support line {name}: {sorted(unknown)} unknown")
    looks: tuple[str, ...] = tuple(entry["looks"])
    if not looks or set(looks) - LOOKS or entry["status"] not in STATUSES:
        raise SupportLineError(f"support line {name}: looks or status unknown")
    if entry["status"] == "checked" and not entry["checked_on"]:
        raise SupportLineError(f"support line {name}: checked, but not when")
    words = {key: str(entry[key]) for key in ("id", "name", "contact", "words", "hours")}
    checked_on = str(entry["checked_on"] or "")
    return SupportLine(
        **words, looks=looks, checked_on=checked_on, first=bool(entry.get("first", False))
    )
