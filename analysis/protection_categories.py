"""Which categories of an item may be shown: thin ones merged, and nets for small groups.

In: an item's categories and how often each was given by everyone. Out: the published categories,
with the raw ones that each is made of. "Not asked" is not among them: it is base less asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from analysis.cells import Category, FrequencyTable
from analysis.items import NON_ANSWER, OPTION
from analysis.plan import EVERYONE
from analysis.policy import DisclosurePolicy
from questionnaires.model import NonAnswer, Valence

NET = "net"
NO_ANSWER_NET = "net_no_answer"
MERGED = "+"

_NETS = {
    Valence.POSITIVE: ("net_positive", "Positive answers"),
    Valence.NEUTRAL: ("net_neutral", "Answers in between"),
    Valence.NEGATIVE: ("net_negative", "Negative answers"),
    Valence.NONE: ("net_other", "Other answers"),
}
_NO_ANSWER_LABEL = "No answer, not sure, or does not apply"


@dataclass(frozen=True, slots=True)
class Merged:
    """A published category, and the places of the raw categories it is made of."""

    category: Category
    raw: tuple[int, ...]

    def count(self, counts: Sequence[int]) -> int:
        """How many gave any of its answers."""
        return sum(counts[place] for place in self.raw)


@dataclass(frozen=True, slots=True)
class Net:
    """A net and the published categories that a small group shows only as part of it."""

    category: Category
    members: tuple[Merged, ...]

    @property
    def raw(self) -> tuple[int, ...]:
        """The places of the raw categories it is made of."""
        return tuple(place for member in self.members for place in member.raw)

    def count(self, counts: Sequence[int]) -> int:
        """How many gave any of its answers."""
        return sum(counts[place] for place in self.raw)


@dataclass(frozen=True, slots=True)
class Categories:
    """What a release shows of an item: every category in full rows, ``coarse`` in small groups."""

    full: tuple[Merged, ...]
    nets: tuple[Net, ...]

    @property
    def coarse(self) -> tuple[Merged | Net, ...]:
        """The nets, and the categories that no net covers."""
        covered = {member.category.code for net in self.nets for member in net.members}
        alone = [merged for merged in self.full if merged.category.code not in covered]
        return (*alone, *self.nets)


def categories_by_item(
    tables: Iterable[FrequencyTable], policy: DisclosurePolicy
) -> dict[str, Categories]:
    """What is shown of each item, decided by everyone's answers to it."""
    return {
        table.item: categories_to_show(table.categories, table.rows[0].counts, policy)
        for table in tables
        if table.group == EVERYONE
    }


def categories_to_show(
    categories: Sequence[Category], counts: Sequence[int], policy: DisclosurePolicy
) -> Categories:
    """Merge what fewer than the minimum gave, then net what a small group must not show apart."""
    pieces = [
        Merged(category, (place,))
        for place, category in enumerate(categories)
        if category.code != NonAnswer.NOT_ASKED
    ]
    least = policy.minimum_category_count
    options = [piece for piece in pieces if piece.category.kind == OPTION]
    silent = [piece for piece in pieces if piece.category.kind == NON_ANSWER]
    merged_options = _merge_options(options, counts, least)
    merged_silent = _merge_silent(silent, counts, least)
    return Categories(
        (*merged_options, *merged_silent),
        (*_option_nets(merged_options), *_no_answer_net(merged_silent)),
    )


def _merge_options(options: list[Merged], counts: Sequence[int], least: int) -> list[Merged]:
    """Merge thin options with a neighbour of the same valence, keeping at least two options."""

    def partner(place: int) -> int | None:
        near = [
            other
            for other in (place - 1, place + 1)
            if 0 <= other < len(options)
            and options[other].category.valence == options[place].category.valence
        ]
        return min(near, key=lambda other: options[other].count(counts), default=None)

    return _merge(options, counts, least, keep=2, partner=partner)


def _merge_silent(silent: list[Merged], counts: Sequence[int], least: int) -> list[Merged]:
    """Merge thin kinds of no answer with the thinnest other kind."""

    def partner(place: int) -> int | None:
        others = [other for other in range(len(silent)) if other != place]
        return min(others, key=lambda other: silent[other].count(counts), default=None)

    return _merge(silent, counts, least, keep=1, partner=partner)


def _merge(
    pieces: list[Merged],
    counts: Sequence[int],
    least: int,
    *,
    keep: int,
    partner: Callable[[int], int | None],
) -> list[Merged]:
    """Merge the thinnest piece that has a partner until none is thin. Changes ``pieces``."""
    while len(pieces) > keep:
        thin = [
            (piece.count(counts), place)
            for place, piece in enumerate(pieces)
            if piece.count(counts) < least and partner(place) is not None
        ]
        if not thin:
            break
        place = min(thin)[1]
        other = partner(place)
        first, second = sorted((place, place if other is None else other))
        pieces[first] = _joined(pieces[first], pieces.pop(second))
    return pieces


def _joined(first: Merged, second: Merged) -> Merged:
    members = tuple(
        code
        for merged in (first, second)
        for code in merged.category.members or (merged.category.code,)
    )
    category = Category(
        MERGED.join(members),
        f"{first.category.label} / {second.category.label}",
        first.category.kind,
        first.category.valence,
        members,
    )
    return Merged(category, (*first.raw, *second.raw))


def _option_nets(options: Sequence[Merged]) -> list[Net]:
    """A net for each valence, once any of them covers several options.

    Two options are as coarse as an item can be: they stay as they are.
    """
    by_valence = {
        valence: tuple(option for option in options if option.category.valence == valence)
        for valence in _NETS
    }
    if len(options) <= 2 or max(map(len, by_valence.values())) <= 1:
        return []
    return [
        _net(*_NETS[valence], valence, members)
        for valence, members in by_valence.items()
        if members
    ]


def _no_answer_net(silent: Sequence[Merged]) -> list[Net]:
    if len(silent) <= 1:
        return []
    return [_net(NO_ANSWER_NET, _NO_ANSWER_LABEL, Valence.NONE, tuple(silent))]


def _net(code: str, label: str, valence: Valence, members: tuple[Merged, ...]) -> Net:
    codes = tuple(
        code for member in members for code in member.category.members or (member.category.code,)
    )
    return Net(Category(code, label, NET, valence, codes), members)
