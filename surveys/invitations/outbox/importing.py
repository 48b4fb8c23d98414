"""Putting a list of contacts to a wave's invitations: all of it, or nothing.

In: rows of a file. Out: sealed contacts, or problems. A reference that was there before keeps its
invitation; a new address for mail that could not be delivered has it sent again; nobody who was
mailed is invited twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from surveys.database import writing
from surveys.inspections.cohorts import members_of
from surveys.invitations.outbox.contact_files import ContactRow
from surveys.invitations.outbox.contact_problems import ContactProblem, Wrong
from surveys.invitations.outbox.contacts import Contact, contacts_of, put_contacts
from surveys.invitations.outbox.keys import OutboxKeys, address_hash
from surveys.invitations.outbox.opt_outs import all_out
from surveys.invitations.outbox.queue import begin_anew
from surveys.invitations.outbox.queueing import forget_withdrawn
from surveys.invitations.register import Invitation, invitations_of
from surveys.vault.waves import Wave

BY_MAIL = "link"  # the channel of invitations that machines carry


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did or, in a dry run, would do. In problems: why it did nothing."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    again: int = 0
    want_none: int = 0
    problems: tuple[ContactProblem, ...] = ()


def import_contacts(
    engine: Engine,
    keys: OutboxKeys,
    wave: Wave,
    rows: Sequence[ContactRow],
    *,
    really: bool = True,
) -> Imported:
    """Keep a contact for every row, unless one of them fits no invitation; then nothing is kept."""
    forget_withdrawn(engine, wave.id)
    finder = _finder(engine, wave)
    with writing(engine).connect() as connection, connection.begin() as transaction:
        before = contacts_of(connection, keys, wave.id)
        placed, problems = finder.place(rows, before)
        if problems:
            return Imported(problems=problems)
        changed = [one for one in placed if before.get(one.invitation_id) != one]
        put_contacts(connection, keys, wave.id, changed)
        moved = {one.invitation_id for one in changed if _moved(before, one)}
        again = begin_anew(connection, moved)
        out = all_out(connection)
        if not really:
            transaction.rollback()
    new = sum(one.invitation_id not in before for one in placed)
    want_none = sum(address_hash(keys, one.address) in out for one in placed)
    unchanged = len(placed) - len(changed)
    return Imported(new, len(changed) - new, unchanged, again, want_none)


def _moved(before: Mapping[bytes, Contact], now: Contact) -> bool:
    earlier = before.get(now.invitation_id)
    return earlier is not None and earlier.address.lower() != now.address.lower()


@dataclass(frozen=True)
class _Finder:
    """Which invitation a reference means: a cohort member's, or one that is nobody's yet."""

    by_child: Mapping[str, Invitation | None]
    unnamed: Sequence[bytes]

    def place(
        self, rows: Sequence[ContactRow], before: Mapping[bytes, Contact]
    ) -> tuple[list[Contact], tuple[ContactProblem, ...]]:
        """A contact for every row; and the rows for which there is no invitation."""
        known = {one.reference: one.invitation_id for one in before.values()}
        free = iter([one for one in self.unnamed if one not in before])
        placed, problems = [], []
        for row in rows:
            found = known.get(row.reference) or self._find(row, free)
            if isinstance(found, Wrong):
                problems.append(ContactProblem(found, row.row, "reference"))
            else:
                words = (row.reference, row.address, row.mobile, row.language)
                placed.append(Contact(found, *words))
        return placed, tuple(problems)

    def _find(self, row: ContactRow, free: Iterator[bytes]) -> bytes | Wrong:
        if not self.by_child:
            return next(free, Wrong.NONE_LEFT)
        invitation = self.by_child.get(row.reference)
        if invitation is None:
            return Wrong.UNKNOWN
        return invitation.id if invitation.channel == BY_MAIL else Wrong.HAS_A_CARD


def _finder(engine: Engine, wave: Wave) -> _Finder:
    invitations = list(invitations_of(engine, wave.id))
    by_member = {one.member_id: one for one in invitations if one.member_id}
    members = members_of(engine, wave.inspection_id, wave.survey)
    return _Finder(
        {member.child: by_member.get(member.id) for member in members},
        [one.id for one in invitations if one.member_id is None and one.channel == BY_MAIL],
    )
