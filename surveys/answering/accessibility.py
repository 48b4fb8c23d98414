"""The accessibility statement: what was tested and when, what was not, what is known to be wrong.

In: config/accessibility.yaml, which changes with every run of the tests and not with the code.
Out: a Statement for the page at /accessibility.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).parents[2] / "config" / "accessibility.yaml"


@dataclass(frozen=True)
class Statement:
    """What can honestly be said. The lists hold texts for the catalogues."""

    tested_on: date
    tested_in: str
    tested: tuple[str, ...]
    not_tested: tuple[str, ...]
    known_gaps: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the lists."""
        return (*self.tested, *self.not_tested, *self.known_gaps)


@cache
def statement() -> Statement:
    """The statement of this version. Raises KeyError when the file is not whole."""
    document = YAML(typ="safe").load(FILE)
    lists = {
        name: tuple(entry["text"] for entry in document[name])
        for name in ("tested", "not_tested", "known_gaps")
    }
    return Statement(document["tested_on"], document["tested_in"], **lists)
