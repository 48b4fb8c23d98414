"""What has changed between two states of a survey: nothing, a slip of the pen, or the meaning.

In: a survey as it was when people began to answer it, and as it is now. Out: a verdict with every
change, and faults that say where each is written. Everything that is not words counts as meaning:
codes, conditions, order, types. See docs/decisions/0010-correcting-a-live-question.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from questionnaires import change_messages
from questionnaires.faults import Fault
from questionnaires.loading import SURVEY_FILE, LoadedSurvey
from questionnaires.model import Survey
from questionnaires.structure import PlacedPage
from questionnaires.typos import normal_words, why_no_slip
from questionnaires.yaml_source import Route, Source

_WORDS = frozenset({
    "text", "hint", "label", "heading", "title", "low_label", "high_label", "short",
    "audience_label", "respondents",
})  # fmt: skip
_LISTS_OF_WORDS = frozenset({"welcome", "body"})
_NAMED_WORDS = frozenset({"non_answers", "piped"})
_NAMES = ("audience", "code", "id")
_LONGEST_SHOWN = 60


class Kind(StrEnum):
    """What a change amounts to."""

    NOTHING = "nothing"
    TYPO = "typo"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``reason`` says why it is no slip of the pen; empty when it is one."""

    route: Route
    before: str
    after: str
    reason: str = ""
    is_words: bool = True

    @property
    def audience(self) -> str:
        """The version it is in; empty for what all versions share."""
        return self._after("questionnaires")

    @property
    def page(self) -> str:
        """The question or page of information; empty when it is in the head of the version."""
        return self._after("pages")

    @property
    def field(self) -> str:
        """Which part of the page, section or head, as an author would say it."""
        named = {"questionnaires", "sections", "pages"}
        rest = self.route
        while len(rest) > 2 and rest[0] in named:
            rest = rest[2:]
        parts = [str(step + 1) if isinstance(step, int) else step for step in rest]
        return " ".join(part for part in parts if part != "question") or parts[-1]

    def _after(self, step: str) -> str:
        found = self.route.index(step) + 1 if step in self.route else len(self.route)
        return str(self.route[found]) if found < len(self.route) else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All changes between two states, and what they amount to together."""

    kind: Kind
    changes: tuple[Change, ...] = ()


def snapshot_of(survey: Survey) -> str:
    """The survey as one text, whose SHA-256 is its fingerprint (questionnaires.fingerprint)."""
    document = _document(survey)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def survey_from_snapshot(text: str, fingerprint: bytes) -> Survey:
    """The survey of a snapshot. Raises ValueError when it is not the one of this fingerprint."""
    if hashlib.sha256(text.encode()).digest() != fingerprint:
        raise ValueError("the snapshot is not as it was written")
    return Survey.model_validate_json(text)


def classify(before: Survey, after: Survey) -> Verdict:
    """Compare two states of a survey. Slips of the pen everywhere make a TYPO, else MEANING."""
    unchanged: set[str] = set()
    found = tuple(_differences(_document(before), _document(after), (), unchanged))
    known = frozenset(word for text in unchanged for word in normal_words(text))
    judged = tuple({_once(change): _judged(change, known) for change in found}.values())
    if not judged:
        return Verdict(Kind.NOTHING)
    slips = all(change.is_words and not change.reason for change in judged)
    return Verdict(Kind.TYPO if slips else Kind.MEANING, judged)


def change_faults(loaded: LoadedSurvey, verdict: Verdict) -> Iterator[Fault]:
    """Where each change is written, and what to do about it: all of them unrecorded."""
    for change in verdict.changes:
        saying = change_messages.PART_CHANGED
        if change.is_words:
            is_slip = not change.reason
            saying = change_messages.WORDS_CORRECTED if is_slip else change_messages.WORDS_CHANGED
        place = _Place(loaded, change)
        yield place.source.fault(
            place.route,
            place.element,
            saying,
            field=change.field,
            before=_shown(change.before),
            after=_shown(change.after),
            reason=change.reason,
            survey=loaded.survey.id,
        )


def _document(survey: Survey) -> dict[str, Any]:
    return survey.model_dump(mode="json", by_alias=True)


def _differences(before: Any, after: Any, route: Route, same: set[str]) -> Iterator[Change]:
    """Every difference, as far up as it goes. Words that did not change are added to ``same``."""
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_mappings(before, after, route, same)
    elif _is_named(before) and _is_named(after):
        old, new = _by_name(before), _by_name(after)
        yield from _of_mappings(old, new, route, same)
        if old.keys() == new.keys() and list(old) != list(new):
            yield Change((*route, "order"), ", ".join(old), ", ".join(new), is_words=False)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, (*route, place), same)
    elif before != after:
        is_words = _is_words(route) and isinstance(before, str) and isinstance(after, str)
        yield Change(route, _as_text(before), _as_text(after), is_words=is_words)
    elif isinstance(before, str) and _is_words(route):
        same.add(before)


def _of_mappings(
    before: Mapping[str, Any], after: Mapping[str, Any], route: Route, same: set[str]
) -> Iterator[Change]:
    for key in {**before, **after}:
        if key in before and key in after:
            yield from _differences(before[key], after[key], (*route, key), same)
        else:
            old, new = _as_text(before.get(key)), _as_text(after.get(key))
            yield Change((*route, key), old, new, is_words=False)


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_name_of, value))


def _name_of(value: Any) -> str:
    known = value if isinstance(value, dict) else {}
    return next((str(known[key]) for key in _NAMES if key in known), "")


def _by_name(values: list[Any]) -> dict[str, Any]:
    return {_name_of(value): value for value in values}


def _is_words(route: Route) -> bool:
    last, holder = route[-1:], route[-2:-1]
    return (
        (bool(last) and last[0] in _WORDS)
        or (bool(holder) and holder[0] in _LISTS_OF_WORDS | _NAMED_WORDS)
    )  # fmt: skip


def _once(change: Change) -> tuple[Route, str, str]:
    """Equal for one change of a battery's words, which stand on each of its pages."""
    route = change.route
    if "battery" in route:
        place = route.index("pages") + 1
        route = (*route[:place], *route[place + 1 :])
    return route, change.before, change.after


def _judged(change: Change, known: frozenset[str]) -> Change:
    if not change.is_words:
        return change
    return replace(change, reason=why_no_slip(change.before, change.after, known))


def _as_text(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


class _Place:
    """Where the changed thing is written now, or would be."""

    def __init__(self, loaded: LoadedSurvey, change: Change) -> None:
        names = {one.audience: one.id for one in loaded.survey.questionnaires}
        name = names.get(change.audience, "")
        self.source = loaded.sources.get(name) or Source(loaded.folder / SURVEY_FILE)
        self.route: Route = ()
        self.element = f"version {change.audience}" if name else f"survey {loaded.survey.id}"
        placed = _placed(loaded.pages.get(name, ()), change.page)
        if placed is not None:
            self.route, self.element = (*placed.route, *change.field.split()[:1]), placed.element
        elif name:
            self.route = (change.field.split()[0],)


def _placed(pages: tuple[PlacedPage, ...], page: str) -> PlacedPage | None:
    return next((placed for placed in pages if placed.page.id == page), None)
