"""What was found, theme by theme and question by question. In: a Summary. Out: views of them.

Every number comes through measures.py and themes.py; the templates compute nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from analysis.cells import CellStatus, ProtectedTable
from analysis.figures import (
    FigureView,
    Frame,
    LabelledItem,
    diverging_view,
    most_positive_first,
    plain_view,
    pointing,
)
from analysis.measures import Reading, Share, has_valence, options, overall, read_table, table_by
from analysis.number_tables import NumberTable, choices_table, number_table, picked
from analysis.number_words import (
    lower_first,
)
from analysis.sentences import (
    audience_words,
    by_version,
    could_be,
    finding,
    options_sentence,
    over_all_scales,
    spread,
    theme_finding,
)
from analysis.summary import Item, Summary, Theme
from analysis.themes import (
    AGE_VERSION,
    EVERYONE,
    Concept,
    Level,
    audiences_in_order,
    concepts,
    concepts_of,
    levels,
    positive_share,
    ranked,
    readings_at,
    theme_rows,
)
from analysis.uncertainty import likely_range, population_of
from questionnaires.model import QuestionType


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question in a list: its words, who was asked, and what was found."""

    question: str
    short: str
    asked_of: str
    found: str


@dataclass(frozen=True, slots=True)
class GroupTables:
    """The tables of one question by one group."""

    label: str
    tables: tuple[NumberTable, ...]


def theme_sentence(summary: Summary, theme: Theme) -> str:
    """The finding of a theme, or that nothing was asked about it."""
    among = concepts_of(summary, theme)
    if not among:
        return gettext("No question in this survey asks about this theme.")
    row = next(row for row in theme_rows(summary) if row.id == theme.id)
    if row.cells[0].status is CellStatus.NOT_APPLICABLE:
        return gettext("The questions on this theme have no positive or negative answers.")
    return theme_finding(ranked(summary, among), row.cells[0], summary.policy)


def themes_asked(summary: Summary) -> tuple[Theme, ...]:
    """The themes that some question is about, in the order of the framework."""
    return tuple(theme for theme in summary.themes if concepts_of(summary, theme))


def themes_not_asked(summary: Summary) -> tuple[Theme, ...]:
    """The themes that no question is about."""
    return tuple(theme for theme in summary.themes if not concepts_of(summary, theme))


def question_lines(summary: Summary, theme: Theme) -> tuple[QuestionLine, ...]:
    """Every question of a theme with its finding, once for each scale."""
    return tuple(
        QuestionLine(item.question, item.short, audience_words(item, summary), found)
        for concept in concepts_of(summary, theme)
        for item, found in item_findings(summary, concept)
    )


def item_findings(summary: Summary, concept: Concept) -> tuple[tuple[Item, str], ...]:
    """What was found for each scale of a question."""
    found = []
    for items in concept.askings:
        reading = overall(items[0], summary.policy)
        if reading is None:
            continue
        if has_valence(items[0]):
            told = finding(items[0], reading, summary.policy)
        else:
            told = options_sentence(parts(summary, items), reading.valid, summary.policy)
        found.append((items[0], told))
    return tuple(found)


def range_sentence(summary: Summary, item: Item) -> str:
    """How sure the positive share of an item is; nothing where that cannot be said."""
    reading, population = overall(item, summary.policy), population_of(item, summary)
    if reading is None or not reading.positive.shown or population is None:
        return ""
    return could_be(*likely_range(reading.positive, population))


def parts(summary: Summary, items: Sequence[Item]) -> list[tuple[str, Share]]:
    """The answers to a question that points nowhere: each option of a scale, or of a list."""
    found = []
    for item in items:
        reading = overall(item, summary.policy)
        chosen = [picked(item)] if item.type == QuestionType.CHOICES else options(item)
        if reading is not None:
            found += [(c.label, reading.shares[c.code]) for c in chosen if c.code in reading.shares]
    return found


def over_all_versions(summary: Summary, concept: Concept) -> str:
    """One share for a question that was asked on several scales; nothing for any other."""
    if len(concept.pointing) < 2:
        return ""
    return over_all_scales(positive_share(concept, EVERYONE, summary.policy), summary.policy)


def theme_figure(summary: Summary, theme: Theme) -> FigureView | None:
    """One bar for each question of the theme that has positive or negative answers."""
    rows = most_positive_first(pointing(_overall_rows(summary, concepts_of(summary, theme))))
    if not rows:
        return None
    shown = [reading.positive for _, _, reading in rows if reading.positive.shown]
    title = spread(shown, summary.policy) if len(shown) > 1 else theme.label
    return diverging_view(Frame(f"theme-{theme.id}", title, _measure()), rows, summary.policy)


def age_figure(summary: Summary, concept: Concept) -> FigureView | None:
    """The answers to one question, for everyone and for each version."""
    columns = levels(summary)
    rows = [
        (item, (level.label or _all_asked(item, summary), ""), reading)
        for level in columns
        for item, reading in readings_at(concept, level.id, summary.policy)
        if has_valence(item)
        and (level.id != EVERYONE or len(item.asked_of) > 1 or len(columns) == 1)
    ]
    if not rows:
        return None
    versions = [(level.label, reading.positive) for level, reading in _by_level(rows, columns)]
    title = by_version(versions, summary.policy) if versions else concept.short
    return diverging_view(Frame("by-age", title, _measure()), rows, summary.policy)


def _by_level(
    rows: Sequence[LabelledItem], columns: Sequence[Level]
) -> list[tuple[Level, Reading]]:
    labelled = {label: reading for _, (label, _), reading in rows}
    return [(level, labelled[level.label]) for level in columns if level.label in labelled]


def _measure() -> str:
    return gettext(
        "Share of those who gave an answer. Those who gave none stand apart, in grey, "
        "as a share of all who were asked."
    )


def plain_figures(summary: Summary, concept: Concept) -> tuple[FigureView, ...]:
    """A figure for each asking of a question whose answers point nowhere."""
    askings = [items for items in concept.askings if not has_valence(items[0])]
    return tuple(
        _plain_figure(summary, items) for items in askings if overall(items[0], summary.policy)
    )


def _plain_figure(summary: Summary, items: Sequence[Item]) -> FigureView:
    first, policy = items[0], summary.policy
    measure = gettext("Share of those who gave an answer.")
    if first.type == QuestionType.CHOICES:
        measure += " " + gettext("More than one answer could be picked.")
    readings = [reading for reading in (overall(item, policy) for item in items) if reading]
    found = parts(summary, items)
    return plain_view(
        Frame(f"answers-{first.id}", _with_audience(first, summary), measure),
        found,
        options_sentence(found, readings[0].valid, policy),
        _table(summary, items, [(asked_words(summary, first), readings)], first.short),
        policy,
    )


def group_tables(summary: Summary, concept: Concept) -> tuple[GroupTables, ...]:
    """The question by every group that was planned: a table for each asking."""
    found: dict[str, list[NumberTable]] = {}
    labels: dict[str, str] = {}
    for items in concept.askings:
        for table in items[0].tables[1:]:
            if table.group == AGE_VERSION and has_valence(items[0]):
                continue  # it stands under the chart
            made = _group_table(summary, items, table)
            found.setdefault(table.group, []).append(made)
            labels[table.group] = table.group_label
    return tuple(GroupTables(labels[group], tuple(made)) for group, made in found.items())


def _group_table(summary: Summary, items: Sequence[Item], table: ProtectedTable) -> NumberTable:
    readings = [
        read_table(item, same, summary.policy)
        for item in items
        if (same := table_by(item, table.group)) is not None
    ]
    rows = [(same_level[0].label, list(same_level)) for same_level in zip(*readings, strict=True)]
    caption = f"{_with_audience(items[0], summary)}: {lower_first(table.group_label)}"
    return _table(summary, items, rows, caption)


def _table(
    summary: Summary,
    items: Sequence[Item],
    rows: Sequence[tuple[str, Sequence[Reading]]],
    caption: str,
) -> NumberTable:
    if items[0].type == QuestionType.CHOICES:
        return choices_table(caption, items, rows, summary.policy)
    return number_table(caption, items[0], [(label, r[0]) for label, r in rows], summary.policy)


def wordings(summary: Summary, concept: Concept) -> tuple[tuple[str, str], ...]:
    """What each version asked, word for word."""
    texts = {audience: text for item in concept.items for audience, text in item.texts.items()}
    return tuple(
        (summary.audiences[audience], texts[audience])
        for audience in audiences_in_order(summary)
        if audience in texts
    )


def unmapped(summary: Summary) -> tuple[Concept, ...]:
    """Questions that belong to no theme of this framework."""
    known = {theme.id for theme in summary.themes}
    return concepts(item for item in summary.items if not known & set(item.themes))


def _overall_rows(summary: Summary, among: Iterable[Concept]) -> list[LabelledItem]:
    found = []
    for concept in among:
        for item in concept.items:
            reading = overall(item, summary.policy)
            if reading is not None:
                found.append((item, (item.short, audience_words(item, summary)), reading))
    return found


def _all_asked(item: Item, summary: Summary) -> str:
    """Everyone, or the versions that share a scale."""
    asked_of = audience_words(item, summary)
    return gettext("Together: %(ages)s", ages=asked_of) if asked_of else gettext("Everyone")


def asked_words(summary: Summary, item: Item) -> str:
    """Who was asked, at the beginning of a line."""
    words = audience_words(item, summary)
    return words[:1].upper() + words[1:] if words else gettext("Everyone")


def _with_audience(item: Item, summary: Summary) -> str:
    asked_of = audience_words(item, summary)
    return f"{item.short}, {asked_of}" if asked_of else item.short
