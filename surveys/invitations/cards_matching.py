"""The sheet that matches children and cards: made only when asked for, to be shredded the same day.

In: bundles of codes and the members of the cohort. Out: a PDF with one table for each helper, in
the order of the return's identifiers. Outside the site's own secrets it is the only thing that ties
a child to a card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext

from surveys.invitations.cards import Bundle
from surveys.invitations.cards_paper import WIDTH, Paper
from surveys.invitations.withdrawing import reference_of

_MARGIN = 18.0
_COLUMNS = (0.0, 90.0, 130.0)
_LINES_ON_A_PAGE = 34
_LINE = 6.5

Line = tuple[str, str, str]


def matching_lines(bundle: Bundle, children: Mapping[bytes, str], digits: int) -> list[Line]:
    """Child, card and age version, for every card of a bundle that is meant for a child."""
    lines = (
        (
            children.get(code.invitation.member_id or b"", ""),
            reference_of(code.invitation, digits),
            code.invitation.audience,
        )
        for code in bundle.codes
    )
    return sorted(line for line in lines if line[0])


def draw_matching(
    paper: Paper, piles: Iterable[Bundle], children: Mapping[bytes, str], digits: int
) -> bytes:
    """The document, one page or more for each helper, so that each gets only their own."""
    for bundle in piles:
        for lines in _pages(matching_lines(bundle, children, digits)):
            _draw_page(paper, bundle.helper, lines)
    return paper.made()


def _pages(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    for first in range(0, len(lines), _LINES_ON_A_PAGE):
        yield lines[first : first + _LINES_ON_A_PAGE]


def _draw_page(paper: Paper, helper: str, lines: Sequence[Line]) -> None:
    paper.add_page()
    inside = WIDTH - 2 * _MARGIN
    title = gettext("Which card is for which child")
    down = paper.write_in((_MARGIN, 16, inside), title, 20, bold=True, align="L")
    if helper:
        words = gettext("For %(helper)s", helper=helper)
        down = paper.write_in((_MARGIN, down + 1, inside), words, 12, align="L")
    rule = gettext(
        "Hand the cards out, then shred this page the same day. Do not copy it, send it or keep "
        "it with the cards. Whoever has this page and a card knows whose words they are."
    )
    down = paper.write_in((_MARGIN, down + 2, inside), rule, 11, bold=True, align="L") + 4
    heads = (gettext("Child, as in the return"), gettext("Card"), gettext("Age version"))
    for number, line in enumerate((heads, *lines)):
        for x, text in zip(_COLUMNS, line, strict=True):
            box = (_MARGIN + x, down + number * _LINE, 88)
            paper.write_in(box, text, 10.5, bold=not number, align="L")
