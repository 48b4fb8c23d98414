"""What stands at the head of a wave: response, what is missing, and tiles. In: a Summary.

The tiles are picked by a rule and not by a person: most positive, least positive, least known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, gettext

from analysis.measures import Share
from analysis.number_words import (
    count_words,
    lower_first,
    share_words,
)
from analysis.sentences import (
    missing_sentence,
    positive_answers,
    response_sentence,
)
from analysis.summary import CoverageRow, Policy, Summary
from analysis.themes import EVERYONE, Concept, concepts, levels, most_unsure, ranked, response_rate


@dataclass(frozen=True, slots=True)
class Tile:
    """A number to see first, what it is of, and the question it leads to."""

    number: str
    words: str
    base: str
    percent: int | None = None
    question: str | None = None
    answers: str = ""


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How many of one version were invited and took part."""

    label: str
    invited: str
    responded: str
    rate: str
    percent: int | None


def day_words(iso: str) -> str:
    """A date as people write it."""
    return format_date(date.fromisoformat(iso), "d MMMM y")


def response(summary: Summary) -> tuple[str, str, tuple[CoverageLine, ...]]:
    """The sentence, what is missing, and a line for each version."""
    policy = summary.policy
    whole = next((row for row in summary.coverage if row.level == EVERYONE), None)
    lines = tuple(_coverage_line(row, policy) for row in summary.coverage)
    if whole is None:
        return gettext("How many took part is in the table."), "", lines
    rate = response_rate(whole.invited, whole.responded)
    sentence = response_sentence(whole, summary.respondents, rate, policy)
    return sentence, f"{missing_sentence(whole)} {_widest_gap(summary)}".strip(), lines


def tiles(summary: Summary) -> tuple[Tile, ...]:
    """The response rate, then the answers that a rule and not a person picked."""
    policy = summary.policy
    found = [_response_tile(summary)]
    order = _answered_by_most(ranked(summary, concepts(summary.items)), summary)
    if order:
        found.append(_positive_tile(*order[0], gettext("most positive answers"), policy))
    if len(order) > 1:
        found.append(_positive_tile(*order[-1], gettext("least positive answers"), policy))
    if unsure := most_unsure(summary):
        concept, share = unsure
        found.append(_answer_tile(concept, share, gettext("did not know"), policy))
    return tuple(tile for tile in found if tile)


def _coverage_line(row: CoverageRow, policy: Policy) -> CoverageLine:
    rate = response_rate(row.invited, row.responded)
    return CoverageLine(
        gettext("Everyone") if row.level == EVERYONE else row.label,
        count_words(row.invited, policy),
        count_words(row.responded, policy),
        share_words(rate, policy),
        rate.percent if rate.shown else None,
    )


def _widest_gap(summary: Summary) -> str:
    """Names the version that answered most and the one that answered least."""
    rates = [
        (response_rate(row.invited, row.responded), row.label)
        for row in summary.coverage
        if row.level != EVERYONE
    ]
    shown = sorted(((r, label) for r, label in rates if r.shown), key=lambda pair: pair[0].exact)
    if len(shown) < 2 or shown[0][0].percent == shown[-1][0].percent:
        return ""
    (least, least_label), (most, most_label) = shown[0], shown[-1]
    return gettext(
        "Least heard: %(least)s (%(least_rate)s took part); most heard: %(most)s (%(most_rate)s).",
        least=lower_first(least_label),
        least_rate=share_words(least, summary.policy),
        most=lower_first(most_label),
        most_rate=share_words(most, summary.policy),
    )


def _response_tile(summary: Summary) -> Tile | None:
    whole = next((row for row in summary.coverage if row.level == EVERYONE), None)
    if whole is None:
        return None
    rate = response_rate(whole.invited, whole.responded)
    base = gettext(
        "%(responded)s of %(invited)s",
        responded=count_words(whole.responded, summary.policy),
        invited=count_words(whole.invited, summary.policy),
    )
    words = gettext("of those invited took part")
    return Tile(
        share_words(rate, summary.policy), words, base, rate.percent if rate.shown else None
    )


def _positive_tile(concept: Concept, share: Share, what: str, policy: Policy) -> Tile:
    said = gettext("said %(answers)s", answers=positive_answers(concept))
    return _answer_tile(concept, share, what, policy, said)


def _answered_by_most(
    order: Sequence[tuple[Concept, Share]], summary: Summary
) -> Sequence[tuple[Concept, Share]]:
    """Questions that at least half of those who took part answered; all, if there are none."""
    responded = levels(summary)[0].base.count or 0
    return [(c, share) for c, share in order if 2 * share.base >= responded] or order


def _answer_tile(
    concept: Concept, share: Share, what: str, policy: Policy, answers: str = ""
) -> Tile:
    return Tile(
        share_words(share, policy),
        concept.short,
        gettext("%(what)s, base %(base)s", what=what, base=share.base),
        question=concept.question,
        answers=answers,
    )
