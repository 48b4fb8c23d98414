"""Single figures in words. In: a share, a count or a status. Out: the same few words everywhere.

Never a decimal, never "0%" or "100%": a rounded nothing is not nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from analysis.cells import Cell, CellStatus
from analysis.measures import Share, Silence
from analysis.summary import Policy
from analysis.themes import MeanShare


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


def silence_words(kind: Silence) -> str:
    """What a kind of no answer is called."""
    return {
        Silence.UNSURE: gettext("Did not know"),
        Silence.LEFT_OUT: gettext("Left out or would rather not say"),
        Silence.NOT_APPLICABLE: gettext("Does not apply"),
        Silence.TOGETHER: gettext("Gave no answer, for whatever reason"),
    }[kind]


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


def lower_first(words: str) -> str:
    """For use inside a sentence; a name in capitals stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
