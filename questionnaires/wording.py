"""Every text that respondents see, for translation.

In: surveys, or a YAML file that Babel hands over. Out: messages, with their lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from questionnaires.model import Page, Question, Questionnaire, Survey
from questionnaires.yaml_source import Route, parse_source


def msgids(survey: Survey) -> tuple[str, ...]:
    """Every text of every version that respondents see, once each, in the order met."""
    found: dict[str, None] = {}
    for questionnaire in survey.questionnaires:
        found.update(dict.fromkeys(text for _, text in head_texts(questionnaire)))
        for page in questionnaire.pages:
            found.update(dict.fromkeys(text for _, text in page_texts(page)))
    return tuple(found)


def head_texts(questionnaire: Questionnaire) -> Iterator[tuple[Route, str]]:
    """Texts outside the pages, each with its place in the file."""
    yield ("title",), questionnaire.title
    if questionnaire.not_shown_to:
        yield ("not_shown_to",), questionnaire.not_shown_to
    for place, text in enumerate(questionnaire.welcome):
        yield ("welcome", place), text
    for place, section in enumerate(questionnaire.sections):
        yield ("sections", place, "title"), section.title


def page_texts(page: Page) -> Iterator[tuple[Route, str]]:
    """Texts of a page, each with its place on the page."""
    if page.heading:
        yield ("heading",), page.heading
    for place, text in enumerate(page.body):
        yield ("body", place), text
    if page.battery:
        # the place of these is above the page: a fault is shown at the page all the same
        yield ("battery",), page.battery.text
        if page.battery.hint:
            yield ("battery",), page.battery.hint
    if page.question:
        yield from _question_texts(page.question)


def _question_texts(question: Question) -> Iterator[tuple[Route, str]]:
    for place, variant in enumerate(question.variants):
        yield ("variants", place, "text"), variant.text
    for name, words in question.piped.items():
        yield ("piped", name), words
    for field in ("text", "hint", "low_label", "high_label"):
        text = getattr(question, field)
        if text:
            yield (field,), text
    for place, option in enumerate(question.options):
        yield ("options", place, "label"), option.label
    for code, label in question.non_answers.items():
        yield ("non_answers", code.value), label


_TEXT_FIELDS = frozenset(
    {"title", "not_shown_to", "heading", "text", "hint", "low_label", "high_label", "label"}
)
_LIST_FIELDS = frozenset({"welcome", "body"})

Extracted = tuple[int, None, str, list[str]]


def extract(
    fileobj: IO[bytes],
    keywords: Iterable[str],
    comment_tags: Iterable[str],
    options: Mapping[str, object],
) -> Iterator[Extracted]:
    """Babel's extractor for questionnaires and scales; every other YAML file has no messages."""
    source = parse_source(Path("extracted"), fileobj.read().decode("utf-8"))
    if not _is_read_by_respondents(source.mapping):
        return
    for route, text in _texts_below(source.mapping, ()):
        yield source.line_of(route), None, text, []


def _is_read_by_respondents(written: Mapping[str, object]) -> bool:
    is_scales = bool(written) and all(
        isinstance(scale, dict) and isinstance(scale.get("options"), list)
        for scale in written.values()
    )
    return is_scales or "questionnaire" in written


def _texts_below(value: object, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts_below(item, (*route, place))
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_of_field(key, item, (*route, key))


def _texts_of_field(key: str, value: object, route: Route) -> Iterator[tuple[Route, str]]:
    if key in _TEXT_FIELDS and isinstance(value, str):
        yield route, value
    elif key in _LIST_FIELDS and isinstance(value, list):
        yield from (((*route, place), str(text)) for place, text in enumerate(value))
    elif key in {"non_answers", "piped"} and isinstance(value, dict):
        yield from (((*route, code), str(text)) for code, text in value.items())
    else:
        yield from _texts_below(value, route)
