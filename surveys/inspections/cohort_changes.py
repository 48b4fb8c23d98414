"""What an import means for those who are members already.

In: members, and the decisions of a return. Out: who is stopped, who has left, who has another
version. Pure: the table is in cohorts.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from surveys.inspections.eligibility import Decision
from surveys.inspections.questions import QuestionChange

_NO_QUESTIONS = QuestionChange(0, 0, 0)


class KnownMember(NamedTuple):
    """A member as far as an import may change them."""

    id: bytes
    survey: str
    audience: str


@dataclass(frozen=True, slots=True)
class CohortChange:
    """What an import did to the members who were there, and how many came.

    Whoever holds an invitation made for one of ``stopped`` must withdraw it: a hard stop has
    appeared. ``left`` are not to be asked any more and were not invited; ``left_invited`` were, and
    stay. ``changed`` have another survey or version now; ``held`` would, but are invited.
    ``absent`` are not told of by this return, and stay.
    """

    added: int
    kept: int
    stopped: tuple[bytes, ...]
    left: int = 0
    left_invited: int = 0
    changed: int = 0
    held: int = 0
    absent: int = 0
    questions: QuestionChange = _NO_QUESTIONS


@dataclass(frozen=True, slots=True)
class SortedMembers:
    """The members that a return speaks of, by what it means for them."""

    stopped: tuple[bytes, ...]
    left: tuple[bytes, ...]
    changed: tuple[tuple[bytes, str, str], ...]
    left_invited: int
    held: int
    absent: int


def sort_members(
    members: Mapping[str, KnownMember],
    decisions: Collection[Decision],
    invited: Collection[bytes] | None,
) -> SortedMembers:
    """What each decision means for a member of that name. Without ``invited`` all count as invited.

    A record that cannot be used says nothing of a member: they stay, like those not named at all.
    """
    told = {one.child: one for one in decisions if one.child in members}
    stopped = {child for child, one in told.items() if one.rule.is_hard_stop}
    unclear = {child for child, one in told.items() if one.age is None} - stopped
    left = {child for child, one in told.items() if not one.included} - stopped - unclear
    changed = {child for child, one in told.items() if _differs(one, members[child])}
    fixed = {child for child, one in members.items() if invited is None or one.id in invited}
    return SortedMembers(
        tuple(sorted(members[child].id for child in stopped)),
        tuple(members[child].id for child in left - fixed),
        tuple(_as_decided(members[child], told[child]) for child in changed - fixed),
        len(left & fixed),
        len(changed & fixed),
        len(members) - len(told) + len(unclear),
    )


def _differs(decision: Decision, member: KnownMember) -> bool:
    now = (decision.survey, decision.audience)
    return decision.included and now != (member.survey, member.audience)


def _as_decided(member: KnownMember, decision: Decision) -> tuple[bytes, str, str]:
    return member.id, decision.survey or member.survey, decision.audience or member.audience
