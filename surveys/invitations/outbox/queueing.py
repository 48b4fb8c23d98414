"""Who gets which mail: everybody invited for whom there is an address that wants mail.

In: a wave and its contacts. Out: mails that wait. Nobody knows who has answered, so a reminder goes
to everybody who was invited by mail; that is why its words say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from surveys.database import writing
from surveys.invitations.outbox.contacts import contacts_of, forget_contact, invited_of
from surveys.invitations.outbox.keys import OutboxKeys, address_hash
from surveys.invitations.outbox.opt_outs import all_out
from surveys.invitations.outbox.queue import (
    UNDELIVERED,
    MailKind,
    MailState,
    QueuedMail,
    add_mails,
    forget_mails,
    mails_of,
    take_off,
)
from surveys.invitations.register import invitations_of


@dataclass(frozen=True, slots=True)
class Queued:
    """How many mails were queued now, and how many of those invited get none."""

    new: int
    want_none: int
    not_yet_invited: int = 0


def queue_invitations(engine: Engine, keys: OutboxKeys, wave_id: bytes) -> Queued:
    """Queue an invitation for every contact who has none yet, sent or waiting."""
    forget_withdrawn(engine, wave_id)
    with writing(engine).begin() as connection:
        out, contacts = all_out(connection), contacts_of(connection, keys, wave_id)
        wanted = {
            one.invitation_id
            for one in contacts.values()
            if address_hash(keys, one.address) not in out
        }
        already = _with(mails_of(connection, wave_id), MailKind.INVITATION)
        new = add_mails(connection, wave_id, MailKind.INVITATION, sorted(wanted - already))
    return Queued(new, len(contacts) - len(wanted))


def queue_reminders(engine: Engine, keys: OutboxKeys, wave_id: bytes, kind: MailKind) -> Queued:
    """Queue a reminder for everybody whose invitation was sent and whose address wants mail.

    Those for whom it is queued already get no second one; those whose invitation has not gone out,
    or to whom any mail could not be delivered, get none. The last reminder takes the place of the
    first where that still waits, so that nobody gets both at once.
    """
    forget_withdrawn(engine, wave_id)
    with writing(engine).begin() as connection:
        if kind is MailKind.REMINDER_2:
            take_off(connection, wave_id, MailKind.REMINDER_1)
        out, contacts = all_out(connection), contacts_of(connection, keys, wave_id)
        mails = mails_of(connection, wave_id)
        came_back = {mail.invitation_id for mail in mails if mail.state in UNDELIVERED}
        sent = (contacts.keys() & _with(mails, MailKind.INVITATION, MailState.SENT)) - came_back
        wanted = {one for one in sent if address_hash(keys, contacts[one].address) not in out}
        already = _with(mails, kind) | _with(mails, MailKind.REMINDER_2)
        new = add_mails(connection, wave_id, kind, sorted(wanted - already))
    return Queued(new, len(sent) - len(wanted), len(contacts) - len(sent))


def waiting_of(engine: Engine, wave_id: bytes) -> tuple[QueuedMail, ...]:
    """What is to be sent, in the order of random ids."""
    with engine.connect() as connection:
        mails = mails_of(connection, wave_id)
    return tuple(mail for mail in mails if mail.state is MailState.WAITING)


def not_queued(engine: Engine, keys: OutboxKeys, wave_id: bytes) -> Queued:
    """What queueing invitations now would do; nothing is changed."""
    with engine.connect() as connection:
        out, contacts = all_out(connection), contacts_of(connection, keys, wave_id)
        already = _with(mails_of(connection, wave_id), MailKind.INVITATION)
    no_mail = {
        one.invitation_id for one in contacts.values() if address_hash(keys, one.address) in out
    }
    return Queued(len(contacts.keys() - already - no_mail), len(no_mail))


def forget_withdrawn(engine: Engine, wave_id: bytes) -> int:
    """Erase contacts and mails of invitations that are no longer there. How many of them."""
    still = {one.id for one in invitations_of(engine, wave_id)}
    with writing(engine).begin() as connection:
        mailed = {mail.invitation_id for mail in mails_of(connection, wave_id)}
        gone = (invited_of(connection, wave_id) | mailed) - still
        for invitation_id in sorted(gone):
            forget_contact(connection, invitation_id)
            forget_mails(connection, invitation_id)
    return len(gone)


def _with(
    mails: Iterable[QueuedMail], kind: MailKind, state: MailState | None = None
) -> set[bytes]:
    return {
        mail.invitation_id for mail in mails if mail.kind is kind and state in (None, mail.state)
    }
