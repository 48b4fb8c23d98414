"""Figures in words. In: shares and readings. Out: what was found, and on how many.

The minority is always named, and so are those who are missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from analysis.cells import Category, Cell, CellStatus
from analysis.measures import Reading, Share, options
from analysis.number_words import (
    about_in_ten,
    count_words,
    join_with_and,
    join_with_or,
    lower_first,
    share_words,
    withheld_words,
)
from analysis.summary import CoverageRow, Item, Policy, Summary
from analysis.themes import Concept, MeanShare
from questionnaires.model import Valence


def finding(item: Item, reading: Reading, policy: Policy) -> str:
    """The answer to one question: the positive share, its words, its base, and the minority."""
    positive, negative = reading.positive, reading.nets[Valence.NEGATIVE]
    if not positive.shown:
        return gettext("No share to show: %(reason)s.", reason=share_words(positive, policy))
    return " ".join(
        part
        for part in (
            _majority(item, positive, policy),
            _minority(item, negative, policy),
        )
        if part
    )


def over_all_scales(share: Share, policy: Policy) -> str:
    """The positive share of a question that was asked on several scales."""
    if not share.shown:
        return ""
    return gettext(
        "Over all versions, %(share)s of answers were positive (base %(base)s).",
        share=share_words(share, policy),
        base=share.base,
    )


def _majority(item: Item, positive: Share, policy: Policy) -> str:
    answers = _answers(item, Valence.POSITIVE)
    if positive.percent in (0, 100):
        who = _share_first(positive, policy)
        return gettext(
            "%(who)s said %(answers)s (base %(base)s).",
            who=who,
            answers=answers,
            base=positive.base,
        )
    return gettext(
        "%(about)s said %(answers)s (%(share)s, base %(base)s).",
        about=about_in_ten(positive.percent),
        answers=answers,
        share=share_words(positive, policy),
        base=positive.base,
    )


def _share_first(share: Share | MeanShare, policy: Policy) -> str:
    """The share at the beginning of a sentence."""
    words = share_words(share, policy)
    return words[:1].upper() + words[1:]


def _minority(item: Item, negative: Share, policy: Policy) -> str:
    """The other side, never left out."""
    answers = _answers(item, Valence.NEGATIVE)
    if not answers or not negative.shown:
        return ""
    share = share_words(negative, policy)
    return gettext("And %(share)s said %(answers)s.", share=share, answers=answers)


def positive_answers(concept: Concept) -> str:
    """The answers that count as positive, as the respondents read them, over every scale."""
    labels = {c.label for item in concept.pointing for c in _on_side(item, Valence.POSITIVE)}
    ordered = [c.label for item in concept.pointing for c in options(item) if c.label in labels]
    return join_with_or([f"“{label}”" for label in dict.fromkeys(ordered)])


def _on_side(item: Item, valence: Valence) -> list[Category]:
    return [category for category in options(item) if category.valence == valence]


def _answers(item: Item, valence: Valence) -> str:
    """The options of one side, as the respondents read them: “A” or “B”."""
    return join_with_or([f"“{category.label}”" for category in _on_side(item, valence)])


def options_sentence(parts: Sequence[tuple[str, Share]], base: Cell, policy: Policy) -> str:
    """The answers to a question that points nowhere, from most to least often chosen."""
    shown = [(label, share) for label, share in parts if share.shown]
    if not shown:
        hidden = next((share.status for _, share in parts), CellStatus.PRIMARY_SUPPRESSED)
        return gettext("No share to show: %(reason)s.", reason=withheld_words(hidden, policy))
    ordered = sorted(shown, key=lambda pair: -pair[1].exact)
    told = ", ".join(f"“{label}” {share_words(share, policy)}" for label, share in ordered)
    return gettext("%(told)s (base %(base)s).", told=told, base=count_words(base, policy))


def could_be(low: int, high: int) -> str:
    """How far the share of all invited could lie from the one that is shown."""
    return gettext(
        "If those who did not answer think alike, the share of all who were invited could be "
        "between %(low)s and %(high)s.",
        low=f"{low}%" if low else gettext("almost none"),
        high=f"{high}%" if high < 100 else gettext("nearly all"),
    )


def spread(shares: Sequence[Share], policy: Policy) -> str:
    """How far the questions of a theme lie apart, most positive first; the title of their chart."""
    most, least = shares[0], shares[-1]
    if {most.percent, least.percent} & {0, 100}:
        return gettext("Answers to each question, most positive first")
    return gettext(
        "From %(least)s to %(most)s positive, question by question",
        least=share_words(least, policy),
        most=share_words(most, policy),
    )


def by_version(shares: Sequence[tuple[str, Share]], policy: Policy) -> str:
    """The positive share of each version, as the title of their chart."""
    told = [f"{share_words(share, policy)} {lower_first(label)}" for label, share in shares]
    return gettext("Positive answers: %(told)s", told=join_with_and(told))


def theme_finding(
    questions: Sequence[tuple[Concept, Share]], mean: MeanShare, policy: Policy
) -> str:
    """What a theme says: its mean positive share, and its most and least positive question."""
    if not questions or not mean.shown:
        return gettext("Nothing can be shown: %(why)s.", why=share_words(mean, policy))
    told = ngettext(
        "%(share)s of answers to the one question were positive.",
        "%(share)s of answers were positive, taking %(num)s questions together.",
        mean.questions,
        share=_share_first(mean, policy),
    )
    if len(questions) < 2:
        return told
    (most, most_share), (least, least_share) = questions[0], questions[-1]
    return f"{told} " + gettext(
        "Most positive: %(most)s. Least positive: %(least)s.",
        most=_question_told(most, most_share, policy),
        least=_question_told(least, least_share, policy),
    )


def _question_told(concept: Concept, share: Share, policy: Policy) -> str:
    """With its positive answers, because to some questions the good answer is "No"."""
    return gettext(
        "%(short)s, %(answers)s (%(share)s)",
        short=lower_first(concept.short),
        answers=positive_answers(concept),
        share=share_words(share, policy),
    )


def response_sentence(row: CoverageRow, respondents: str, rate: Share, policy: Policy) -> str:
    """How many took part, in one sentence."""
    if not rate.shown or row.invited.count is None or row.responded.count is None:
        return gettext("How many took part is not shown: %(why)s.", why=share_words(rate, policy))
    return gettext(
        "%(responded)s of %(invited)s %(respondents)s who were invited took part: %(share)s.",
        responded=f"{row.responded.count:,}",
        invited=f"{row.invited.count:,}",
        respondents=respondents,
        share=share_words(rate, policy),
    )


def missing_sentence(row: CoverageRow) -> str:
    """How many are not heard in these results, and what that means."""
    if row.invited.count is None or row.responded.count is None:
        return ""
    missing = max(0, row.invited.count - row.responded.count)
    if not missing:
        return gettext("Nearly everyone who was invited took part.")
    return gettext(
        "About %(missing)s who were invited did not take part, and what they think is not known. "
        "These results speak for those who answered.",
        missing=f"{missing:,}",
    )


def audience_words(item: Item, summary: Summary) -> str:
    """Who was asked, when it was not everyone."""
    if set(item.asked_of) >= set(summary.audiences):
        return ""
    labels = [lower_first(summary.audiences.get(audience, audience)) for audience in item.asked_of]
    return join_with_and(_without_shared_word(labels))


def _without_shared_word(labels: Sequence[str]) -> list[str]:
    """ "aged 11 to 15", "16 to 17": a word that begins every label is said once."""
    first = labels[0].split(" ")[0] + " "
    if all(label.startswith(first) for label in labels):
        return [labels[0], *(label.removeprefix(first) for label in labels[1:])]
    return list(labels)
