"""The Summary: all that may cross from the row side to the page side, and nothing else.

In: protected tables. Out: canonical JSON, signed elsewhere, from which every page, chart,
sentence and export is computed. No raw count ever enters these models.
"""

from __future__ import annotations

import json
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from analysis.cells import Category, Cell, ProtectedTable

FORMAT: Final = "heard-summary/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Theme(_Part):
    """A theme of the framework, with the label in force for this inspection."""

    id: str
    label: str


class Policy(_Part):
    """The disclosure rules that were applied, with their edges in their names."""

    name: str
    minimum_publishable_base: int
    minimum_group_base_for_full_scale: int
    minimum_category_count: int
    rounding_base: int


class CoverageRow(_Part):
    """How many were invited and how many responded; both protected."""

    level: str
    label: str
    invited: Cell
    responded: Cell


class Item(_Part):
    """One question on one scale, with its protected tables.

    The same question on two scales (8-10 and 11-15, say) gives two items that share
    ``question``; pages align them by that concept. ``tables[0]`` is the one-way table
    (group "all"); the others are item x group.
    """

    id: str
    question: str
    scale: str | None
    type: str
    short: str
    texts: dict[str, str]
    topic: str | None
    themes: tuple[str, ...]
    pictures: str
    asked_of: tuple[str, ...]
    categories: tuple[Category, ...]
    tables: tuple[ProtectedTable, ...]


class Summary(_Part):
    """One release of one wave. Numbered, signed, never changed."""

    format: Literal["heard-summary/1"] = FORMAT
    release: int
    survey: str
    survey_title: str
    respondents: str
    audiences: dict[str, str]
    wave: int
    authority: str
    inspection: str
    framework: str
    framework_title: str
    day_1: str
    opened_on: str
    closed_on: str
    themes: tuple[Theme, ...]
    policy: Policy
    single_custodian: bool
    invented_data: bool
    coverage: tuple[CoverageRow, ...]
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def summary_to_bytes(summary: Summary) -> bytes:
    """Canonical JSON: sorted keys, no spaces, so that equal summaries are equal bytes."""
    document = summary.model_dump(mode="json")
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def summary_from_bytes(data: bytes) -> Summary:
    """Read what summary_to_bytes wrote. Raises pydantic.ValidationError otherwise."""
    return Summary.model_validate_json(data)
