"""Cards on A4 paper, many to a page, with marks to cut along.

In: bundles of codes, the site's address, and a language's words. Out: a PDF. A card has five words,
a picture and the site's address: nothing that names a child, a survey or care.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from surveys.invitations.cards import Bundle, address_in_picture, address_to_type
from surveys.invitations.cards_paper import HEIGHT, POINT, WIDTH, Paper
from surveys.invitations.codes import WORDS_IN_CODE
from surveys.invitations.helper_sheet import draw_cover
from surveys.invitations.issuing import IssuedCode
from surveys.invitations.withdrawing import reference_of

_MARK_LENGTH, _MARK_AWAY, _MARK_WIDTH = 4.0, 2.0, 0.15
_PADDING = 5.0
_WORD_LEADING = 1.2
_ROOM_FOR_MARK = 24.0


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of card, in millimetres and points; a slip has no room for heading and promise."""

    columns: int
    rows: int
    width: float
    height: float
    picture: float
    top: float
    word_size: float
    promise_at: float | None

    @property
    def left(self) -> float:
        """The margin of the page beside the cards."""
        return (WIDTH - self.columns * self.width) / 2

    @property
    def above(self) -> float:
        """The margin of the page above them."""
        return (HEIGHT - self.rows * self.height) / 2


HEADING_SIZES = (12.0, 11.0, 10.0, 9.0)
PROMISE_SIZES = (8.0, 7.5, 7.0, 6.5)
PROMISE_LINES = 3
SIZES = {
    "a7": Layout(2, 4, 95, 69, 38, 11, 17, 55.5),
    "slips": Layout(2, 7, 95, 39, 32, 1.5, 12, None),
}
"""By name: eight cards as near to A7 as printers reach, or fourteen slips for an envelope."""


@dataclass(frozen=True, slots=True)
class CardWords:
    """What every card says beside its code, in the language of the print."""

    heading: str
    promise: str


def card_words() -> CardWords:
    """The words on a card, as the site's own pages say them. Needs a language."""
    return CardWords(
        heading=gettext("Type your five words"),
        promise=gettext(
            "Keep your five words to yourself. Somebody who has them could answer as you. "
            "They could not see what you answered before."
        ),
    )


@dataclass(frozen=True, slots=True)
class Print:
    """How the cards are printed: their size, whose site, how many digits of the invitation's id."""

    layout: Layout
    address: str
    words: CardWords
    digits: int = 0


def draw_cards(paper: Paper, piles: Sequence[Bundle], how: Print, *, covers: bool) -> bytes:
    """The document: for each helper a cover, if wanted, then their cards."""
    for bundle in piles:
        if covers:
            draw_cover(paper, bundle, matched=how.digits > 0)
        for page in _pages(bundle.codes, how.layout.columns * how.layout.rows):
            _draw_page(paper, page, how)
    return paper.made()


def _pages(codes: Sequence[IssuedCode], on_a_page: int) -> Iterator[Sequence[IssuedCode]]:
    for first in range(0, len(codes), on_a_page):
        yield codes[first : first + on_a_page]


def _draw_page(paper: Paper, codes: Sequence[IssuedCode], how: Print) -> None:
    paper.add_page()
    layout = how.layout
    _draw_marks(paper, layout)
    for place, code in enumerate(codes):
        row, column = divmod(place, layout.columns)
        left, top = layout.left + column * layout.width, layout.above + row * layout.height
        _draw_card(paper, code, how, left, top)


def _draw_marks(paper: Paper, layout: Layout) -> None:
    paper.set_draw_color(0)
    paper.set_line_width(_MARK_WIDTH)
    right, bottom = WIDTH - layout.left, HEIGHT - layout.above
    for column in range(layout.columns + 1):
        x = layout.left + column * layout.width
        for edge, away in ((layout.above, -1), (bottom, 1)):
            begin = edge + away * _MARK_AWAY
            paper.line(x, begin, x, begin + away * _MARK_LENGTH)
    for row in range(layout.rows + 1):
        y = layout.above + row * layout.height
        for edge, away in ((layout.left, -1), (right, 1)):
            begin = edge + away * _MARK_AWAY
            paper.line(begin, y, begin + away * _MARK_LENGTH, y)


def _draw_card(paper: Paper, code: IssuedCode, how: Print, left: float, top: float) -> None:
    layout, inside = how.layout, how.layout.width - 2 * _PADDING
    if layout.promise_at is not None:
        box = (left + _PADDING, top + 4, inside)
        size = paper.fitting(how.words.heading, inside, HEADING_SIZES, 1)
        paper.write_in(box, how.words.heading, size, bold=True)
        size = paper.fitting(how.words.promise, inside, PROMISE_SIZES, PROMISE_LINES)
        box = (left + _PADDING, top + layout.promise_at, inside)
        paper.write_in(box, how.words.promise, size)
    _draw_code(paper, code, how, left, top + layout.top)
    foot = top + layout.top + layout.picture + 0.5
    _draw_foot(paper, code, how, (left + _PADDING, foot, inside))


def _draw_code(paper: Paper, code: IssuedCode, how: Print, left: float, top: float) -> None:
    """The picture at the side where reading begins, the words beside it, one below the other."""
    layout = how.layout
    beside = layout.width - layout.picture - 2 * _PADDING
    at = left + (layout.width - layout.picture - 1.5 if paper.is_rtl else 1.5)
    paper.picture(address_in_picture(how.address, code), at, top, layout.picture)
    words = "\n".join(code.words or ())
    x = left + _PADDING if paper.is_rtl else left + layout.picture + _PADDING
    tall = WORDS_IN_CODE * layout.word_size * POINT * _WORD_LEADING
    y = top + (layout.picture - tall) / 2
    paper.write_in(
        (x, y, beside), words, layout.word_size, bold=True, align="L", leading=_WORD_LEADING
    )


def _draw_foot(paper: Paper, code: IssuedCode, how: Print, box: tuple[float, float, float]) -> None:
    """The address to type, and what tells helpers the cards apart: the version, a reference."""
    mark = code.invitation.audience
    if how.digits:
        mark = f"{mark}   {reference_of(code.invitation, how.digits)}"
    left, top, width = box
    address, room = address_to_type(how.address), width - _ROOM_FOR_MARK
    beside = (left + _ROOM_FOR_MARK if paper.is_rtl else left, top, room)
    size = paper.fitting(address, room, (9, 8, 7, 6), 1)
    paper.write_in(beside, address, size, align="R" if paper.is_rtl else "L")
    paper.write_in(box, mark, 7.5, align="L" if paper.is_rtl else "R")
