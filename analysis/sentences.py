"""Figures in words. In: shares and readings. Out: what was found, and on how many.

Never a decimal, never "0%" or "100%": a rounded nothing is not nobody. The minority is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from analysis.cells import Cell, CellStatus
from analysis.measures import Reading, Share, Silence, options
from analysis.summary import CoverageRow, Item, Policy, Summary
from analysis.themes import Concept, MeanShare
from questionnaires.model import Valence


def share_words(share: Share | MeanShare, policy: Policy) -> str:
    """A percentage as it is written everywhere, or why there is none."""
    if not share.shown:
        return withheld_words(share.status, policy)
    if share.percent == 0:
        return fewer_than(policy)
    if share.percent == 100:
        return gettext("nearly all")
    return f"{share.percent}%"


def fewer_than(policy: Policy) -> str:
    """What a rounded nothing is called."""
    return gettext("fewer than %(count)s people", count=policy.rounding_base)


def count_words(cell: Cell, policy: Policy) -> str:
    """A protected count as it is written in tables, or why there is none."""
    if cell.count is None:
        return withheld_words(cell.status, policy)
    if cell.count == 0:
        return gettext("fewer than %(count)s", count=policy.rounding_base)
    return f"{cell.count:,}"


def withheld_words(status: CellStatus, policy: Policy) -> str:
    """Why a number is not shown, in a few words for a table."""
    match status:
        case CellStatus.PRIMARY_SUPPRESSED:
            minimum = policy.minimum_publishable_base
            return gettext("not shown: fewer than %(count)s answered", count=minimum)
        case CellStatus.COMPLEMENTARY_SUPPRESSED:
            return gettext("not shown: it would give away another number")
        case CellStatus.NETTED:
            return gettext("only in the totals: small group")
        case CellStatus.NOT_APPLICABLE:
            return gettext("not asked")
    raise ValueError("a published cell is not withheld")


def short_withheld_words(status: CellStatus, policy: Policy) -> str:
    """The same in two words, for a cell of a heat map; the legend has the sentence."""
    match status:
        case CellStatus.PRIMARY_SUPPRESSED:
            return gettext("under %(count)s", count=policy.minimum_publishable_base)
        case CellStatus.COMPLEMENTARY_SUPPRESSED:
            return gettext("held back")
        case CellStatus.NETTED:
            return gettext("in totals")
        case _:
            return gettext("not asked")


def about_in_ten(percent: int) -> str:
    """A percentage as people say it: "About 8 in 10"."""
    if percent == 0:
        return gettext("Almost nobody")
    if percent == 100:
        return gettext("Nearly all")
    tenths = (percent + 5) // 10
    if tenths == 0:
        return gettext("Fewer than 1 in 10")
    if tenths == 10:
        return gettext("More than 9 in 10")
    if tenths == 5:
        return gettext("About half")
    return gettext("About %(tenths)s in 10", tenths=tenths)


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


def _answers(item: Item, valence: Valence) -> str:
    """The options of one side, as the respondents read them: “A” or “B”."""
    labels = [f"“{c.label}”" for c in options(item) if c.valence == valence]
    return join_with_or(labels)


def join_with_or(words: Sequence[str]) -> str:
    """A, B or C."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s or %(last)s", first=", ".join(words[:-1]), last=words[-1])


def join_with_and(words: Sequence[str]) -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def silence_words(kind: Silence) -> str:
    """What a kind of no answer is called."""
    return {
        Silence.UNSURE: gettext("Did not know"),
        Silence.LEFT_OUT: gettext("Left out or would rather not say"),
        Silence.NOT_APPLICABLE: gettext("Does not apply"),
        Silence.TOGETHER: gettext("Gave no answer, for whatever reason"),
    }[kind]


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


def spread(least: Share, most: Share, policy: Policy) -> str:
    """How far the questions of a theme lie apart, as the title of their chart."""
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
        "Most positive: %(most)s (%(most_share)s). Least positive: %(least)s (%(least_share)s).",
        most=lower_first(most.short),
        most_share=share_words(most_share, policy),
        least=lower_first(least.short),
        least_share=share_words(least_share, policy),
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


def lower_first(words: str) -> str:
    """For use inside a sentence; a name in capitals stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


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
