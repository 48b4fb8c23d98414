"""The queue of mails: which invitation gets which mail, and how far that has come.

In: invitations and what a mail server said. Out: rows of the table ``outbox_mail``, which this file
owns. No link, code or address is in it, and no time: how often a server said "later" is a number.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing

MOST_TRIES = 20
"""After so many times of "later" a mail is given up; a corrected address begins anew."""

mail_table = Table(
    "outbox_mail",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False, index=True),
    Column("invitation_id", LargeBinary(16), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("invitation_id", "kind"),
    sqlite_with_rowid=False,
)


class MailKind(StrEnum):
    """What a mail is for. Each invitation gets each once at the most."""

    INVITATION = "invitation"
    REMINDER_1 = "reminder 1"
    REMINDER_2 = "reminder 2"


class MailState(StrEnum):
    """How far a mail has come.

    ``sending`` is kept before the mail's last line goes out, and ``sent`` when the server has said
    yes: what is ``sending`` while nobody sends may have arrived or not.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


UNDELIVERED = (MailState.FAILED, MailState.REFUSED)


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """One mail to one invitation."""

    id: bytes
    wave_id: bytes
    invitation_id: bytes
    kind: MailKind
    state: MailState = MailState.WAITING
    tries: int = 0


def mails_of(connection: Connection, wave_id: bytes | None = None) -> tuple[QueuedMail, ...]:
    """Every mail, or those of one wave, in the order of random ids."""
    query = select(mail_table).order_by(mail_table.c.id)
    if wave_id is not None:
        query = query.where(mail_table.c.wave_id == wave_id)
    return tuple(
        QueuedMail(
            row.id,
            row.wave_id,
            row.invitation_id,
            MailKind(row.kind),
            MailState(row.state),
            row.tries,
        )
        for row in connection.execute(query)
    )


def counts_of(mails: Iterable[QueuedMail]) -> Counter[tuple[MailKind, MailState]]:
    """How many mails of each kind are in each state."""
    return Counter((mail.kind, mail.state) for mail in mails)


def add_mails(
    connection: Connection, wave_id: bytes, kind: MailKind, invitation_ids: Iterable[bytes]
) -> int:
    """Queue a mail of a kind for each invitation, within a transaction. How many there are.

    Each gets a random id. A second one of the same kind raises the database's IntegrityError.
    """
    wanted = list(invitation_ids)
    fresh = [secrets.token_bytes(16) for _ in wanted]
    rows = [
        {
            "id": mail_id,
            "wave_id": wave_id,
            "invitation_id": invitation_id,
            "kind": kind.value,
            "state": MailState.WAITING.value,
            "tries": 0,
        }
        for mail_id, invitation_id in sorted(zip(fresh, wanted, strict=True))
    ]
    if rows:
        connection.execute(insert(mail_table), rows)
    return len(rows)


def take_off(connection: Connection, wave_id: bytes, kind: MailKind) -> int:
    """Take mails of a kind that still wait out of the queue, within a transaction. How many."""
    table = mail_table
    here = (table.c.wave_id == wave_id, table.c.kind == kind.value)
    waiting = table.c.state == MailState.WAITING.value
    return connection.execute(delete(table).where(*here, waiting)).rowcount


def begin_anew(connection: Connection, invitation_ids: Collection[bytes]) -> int:
    """Queue again what could not be delivered to these, whose addresses are new. How many.

    As another mail: what still comes back from the old address does not concern the new one.
    """
    stale = [
        mail
        for mail in mails_of(connection)
        if mail.invitation_id in invitation_ids and mail.state in UNDELIVERED
    ]
    for mail in stale:
        connection.execute(delete(mail_table).where(mail_table.c.id == mail.id))
        add_mails(connection, mail.wave_id, mail.kind, [mail.invitation_id])
    return len(stale)


def begin_refused_anew(engine: Engine, wave_id: bytes) -> int:
    """Queue again what servers refused for ever in a wave. How many mails."""
    with writing(engine).begin() as connection:
        refused = {
            mail.invitation_id
            for mail in mails_of(connection, wave_id)
            if mail.state is MailState.REFUSED
        }
        return begin_anew(connection, refused)


def move(
    engine: Engine, mail_id: bytes, after: MailState, *, only_from: Collection[MailState]
) -> bool:
    """Take a mail on, durably. False when it is not where it should be, or no longer there."""
    step = update(mail_table).where(
        mail_table.c.id == mail_id, mail_table.c.state.in_([one.value for one in only_from])
    )
    with writing(engine).begin() as connection:
        return connection.execute(step.values(state=after.value)).rowcount == 1


def note_later(engine: Engine, mail: QueuedMail) -> MailState:
    """Note that a server wants a mail later; after ``MOST_TRIES`` times it has failed."""
    table = mail_table
    here = (table.c.id == mail.id, table.c.state != MailState.FAILED.value)
    with writing(engine).begin() as connection:
        tries = (connection.execute(select(table.c.tries).where(*here)).scalar() or 0) + 1
        state = MailState.WAITING if tries < MOST_TRIES else MailState.FAILED
        connection.execute(update(table).where(*here).values(state=state.value, tries=tries))
    return state


def settle_unsure(engine: Engine, wave_id: bytes, after: MailState) -> int:
    """Decide about mails that were being sent when something ended the sending. How many."""
    step = update(mail_table).where(
        mail_table.c.wave_id == wave_id, mail_table.c.state == MailState.SENDING.value
    )
    with writing(engine).begin() as connection:
        return connection.execute(step.values(state=after.value)).rowcount


def forget_mails(connection: Connection, invitation_id: bytes) -> None:
    """Erase every mail to one invitation, within a transaction."""
    table = mail_table
    connection.execute(delete(table).where(table.c.invitation_id == invitation_id))


def erase_mails(connection: Connection, wave_id: bytes) -> int:
    """Erase the whole queue of a wave, within a transaction. How many mails there were."""
    step = delete(mail_table).where(mail_table.c.wave_id == wave_id)
    return connection.execute(step).rowcount
