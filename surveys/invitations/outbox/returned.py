"""What came back, put to the mails that it speaks of; and whose addresses need mending.

In: findings. Out: mails that have failed, addresses that want no more, and a list for the
coordinator. A report counts only when it carries the mark of a mail, which nobody can guess: a
stranger's forged report stops nobody's mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine

from surveys.invitations.outbox.bounces import Fate, Finding
from surveys.invitations.outbox.contacts import contacts_of
from surveys.invitations.outbox.keys import OutboxKeys, hash_in_token, mark_of
from surveys.invitations.outbox.opt_outs import keep_out
from surveys.invitations.outbox.queue import (
    UNDELIVERED,
    MailState,
    QueuedMail,
    mails_of,
    move,
)
from surveys.vault.waves import Wave, all_waves


@dataclass
class Returned:
    """How many mails came back and what they said; ``not_ours`` name no mail of this site."""

    fates: Counter[Fate] = field(default_factory=Counter)
    failed: int = 0
    stopped: int = 0
    not_ours: int = 0


@dataclass(frozen=True, slots=True)
class ToMend:
    """One address that mail does not reach: which reference of the coordinator's list it is."""

    reference: str = field(repr=False)
    wave: Wave
    kind: str
    state: str


def take_back(
    engine: Engine, keys: OutboxKeys, findings: Iterable[Finding], today: date, months: int
) -> Returned:
    """Note what findings say. The same findings again change nothing more."""
    with engine.connect() as connection:
        by_mark = {mark_of(keys, mail.id): mail for mail in mails_of(connection)}
    returned = Returned()
    for finding in findings:
        returned.fates[finding.fate] += 1
        if finding.fate is Fate.STOP:
            address_hash = hash_in_token(keys, finding.token)
            if address_hash is not None:
                keep_out(engine, address_hash, today, months)
            returned.stopped += address_hash is not None
            returned.not_ours += address_hash is None
        elif finding.fate is Fate.FAILED:
            mails = [by_mark[one] for one in finding.marks if one in by_mark]
            returned.failed += sum(_fail(engine, mail) for mail in mails)
            returned.not_ours += not mails
    return returned


def to_mend(engine: Engine, keys: OutboxKeys) -> Iterator[ToMend]:
    """Everybody whom mail does not reach, by wave, in the order of their references."""
    for wave in all_waves(engine):
        with engine.connect() as connection:
            contacts = contacts_of(connection, keys, wave.id)
            mails = mails_of(connection, wave.id)
        found = [
            ToMend(contacts[mail.invitation_id].reference, wave, mail.kind, mail.state)
            for mail in mails
            if mail.state in UNDELIVERED and mail.invitation_id in contacts
        ]
        yield from sorted(found, key=lambda one: (one.reference, one.kind))


def _fail(engine: Engine, mail: QueuedMail) -> bool:
    held = (MailState.SENT, MailState.SENDING, MailState.WAITING)
    return move(engine, mail.id, MailState.FAILED, only_from=held)
