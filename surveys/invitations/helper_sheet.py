"""The helper's sheet: one page to read before the first child, and the cover of a bundle of cards.

In: a sheet of paper; for a cover, the bundle and its helper. Out: one A4 page, in English, for
people at work. The rules are those of the helper's page on the tablet, word for word.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from surveys.invitations.cards import Bundle
from surveys.invitations.cards_paper import WIDTH, Paper

_MARGIN = 18.0
_INSIDE = WIDTH - 2 * _MARGIN
_BULLET = 5.0
_LONGEST_LIST = 265.0  # millimetres down the page; a sheet is one page, always
_PLAIN_SIZE = 11.0


def helper_rules() -> tuple[str, ...]:
    """What a helper does, and does not: as the tablet's helper page says it."""
    return (
        gettext(
            "You are not somebody the child lives with, and not their social worker or keyworker. "
            "If you are, let another helper do it."
        ),
        gettext(
            "Sit where you cannot see the screen. Come closer only when the child asks you to."
        ),
        gettext(
            "If the child asks, read a question out as it is written, or explain a word. Never "
            "suggest an answer, and do not show what you think of one."
        ),
        gettext(
            "Say at the start: you can skip anything, and stop whenever you like. Nobody minds."
        ),
        gettext(
            "The last pages ask who helped. The child answers that too. Your name is kept nowhere "
            "with the answers."
        ),
        gettext(
            "If a child tells you that somebody hurts them, stop, listen, and follow your "
            "authority’s safeguarding procedure the same day. What a child has typed cannot be "
            "looked up."
        ),
        gettext(
            "Headphones help. Hide puts a calm page over the questions. What has been saved stays "
            "safe."
        ),
    )


def card_rules(*, matched: bool) -> tuple[str, ...]:
    """What to do with a bundle of cards; ``matched`` when each card is meant for one child."""
    which = (
        gettext(
            "Each card is for one child: the sheet that matches says which. Hand the cards out, "
            "then shred that sheet. Nothing else on paper ties a child to a card."
        )
        if matched
        else gettext(
            "Within an age version any card fits any child. Mix the cards and let the child take "
            "one: then nobody can know whose it is."
        )
    )
    return (
        gettext("Count the cards. Tell the coordinator the same day when one is missing."),
        gettext(
            "The small figures on a card are its age version. A child gets a card of their own age."
        ),
        which,
        gettext("Do not write on a card, do not copy it, and take no photograph of it."),
        gettext(
            "A card can be used once. Whoever holds it could answer in the child’s place: keep "
            "cards locked away until you hand them out."
        ),
        gettext("Give cards that are left over back to the coordinator, who shreds them."),
    )


def tablet_steps() -> tuple[str, ...]:
    """How a run on a shared tablet goes, for somebody who has not done it yet."""
    return (
        gettext("Sign in and choose four digits for today. No child may know them."),
        gettext(
            "Scan the child’s card, or type its five words. Choose the language. Hand the tablet "
            "over."
        ),
        gettext(
            "When the child presses “Give the tablet back”, type the four digits. Nothing of the "
            "child’s answers is left on the tablet."
        ),
        gettext("Shred the card once the child has sent their answers."),
    )


def draw_helper_sheet(paper: Paper, authority: str) -> bytes:
    """One page to print for every helper."""
    paper.add_page()
    down = _heading(paper, gettext("Helping a child with the survey"), authority)
    down = _list(paper, down, gettext("With a tablet, step by step"), tablet_steps())
    down = _list(paper, down, gettext("What a helper does, and does not"), helper_rules())
    _list(paper, down, gettext("Cards"), card_rules(matched=False)[3:])
    return paper.made()


def draw_cover(paper: Paper, bundle: Bundle, *, matched: bool) -> None:
    """The first page of a helper's bundle: for whom, how many cards, and the rules."""
    paper.add_page()
    name = bundle.helper or gettext("nobody yet: the coordinator keeps these")
    down = _heading(
        paper,
        gettext("Cards for %(helper)s", helper=name),
        gettext("Confidential. Keep locked away."),
    )
    counted = [
        gettext("%(version)s: %(count)s", version=version, count=count)
        for version, count in bundle.versions.items()
    ]
    total = gettext("Together: %(count)s", count=len(bundle.codes))
    down = _list(paper, down, gettext("How many cards, by age version"), (*counted, total))
    down = _list(paper, down, gettext("The cards"), card_rules(matched=matched))
    _list(paper, down, gettext("What a helper does, and does not"), helper_rules())


def _heading(paper: Paper, title: str, below: str) -> float:
    down = paper.write_in((_MARGIN, 18, _INSIDE), title, 22, bold=True, align="L")
    return paper.write_in((_MARGIN, down + 1, _INSIDE), below, _PLAIN_SIZE, align="L")


def _list(paper: Paper, down: float, heading: str, lines: Sequence[str]) -> float:
    down = paper.write_in((_MARGIN, down + 5, _INSIDE), heading, 14, bold=True, align="L")
    for line in lines:
        paper.write_in((_MARGIN, down + 1.2, _BULLET), "•", _PLAIN_SIZE, align="L")
        box = (_MARGIN + _BULLET, down + 1.2, _INSIDE - _BULLET)
        down = paper.write_in(box, line, _PLAIN_SIZE, align="L")
    if down > _LONGEST_LIST:
        raise ValueError("the sheet is longer than one page")
    return down
