"""The contact vault: where an invitation is mailed to, sealed under a key of its own.

In: contacts, and the outbox's keys. Out: rows of the table ``invitation_contact``, which this file
owns: the invitation's random id, the wave, and bytes of one length. No reference and no address
stands in clear, no number counts up, no time is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, LargeBinary, Table, delete, insert, select

from surveys.database import metadata
from surveys.invitations.outbox.keys import OutboxKeys, open_contact, seal_contact

contact_table = Table(
    "invitation_contact",
    metadata,
    Column("invitation_id", LargeBinary(16), primary_key=True),
    Column("wave_id", LargeBinary(16), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an invitation goes to. ``reference`` is what the coordinator's own list calls them."""

    invitation_id: bytes
    reference: str = field(repr=False)
    address: str = field(repr=False)
    mobile: str = field(repr=False)
    language: str


def contacts_of(connection: Connection, keys: OutboxKeys, wave_id: bytes) -> dict[bytes, Contact]:
    """Every contact of a wave by its invitation, in the order of random ids. Raises CannotOpen."""
    table = contact_table
    query = select(table).where(table.c.wave_id == wave_id).order_by(table.c.invitation_id)
    return {
        row.invitation_id: _contact(
            row.invitation_id, open_contact(keys, wave_id, row.invitation_id, row.sealed)
        )
        for row in connection.execute(query)
    }


def invited_of(connection: Connection, wave_id: bytes) -> frozenset[bytes]:
    """The invitations of a wave that have a contact; nothing is opened."""
    query = select(contact_table.c.invitation_id).where(contact_table.c.wave_id == wave_id)
    return frozenset(connection.execute(query).scalars())


def put_contacts(
    connection: Connection, keys: OutboxKeys, wave_id: bytes, contacts: Iterable[Contact]
) -> None:
    """Keep contacts, each in the place of what its invitation had, within a transaction."""
    rows = [
        {
            "invitation_id": one.invitation_id,
            "wave_id": wave_id,
            "sealed": seal_contact(keys, wave_id, one.invitation_id, _content(one)),
        }
        for one in sorted(contacts, key=lambda one: one.invitation_id)
    ]
    for row in rows:
        forget_contact(connection, row["invitation_id"])
    if rows:
        connection.execute(insert(contact_table), rows)


def forget_contact(connection: Connection, invitation_id: bytes) -> None:
    """Erase the contact of one invitation, if there is one, within a transaction."""
    table = contact_table
    connection.execute(delete(table).where(table.c.invitation_id == invitation_id))


def erase_contacts(connection: Connection, wave_id: bytes) -> int:
    """Erase every contact of a wave, within a transaction. How many there were."""
    step = delete(contact_table).where(contact_table.c.wave_id == wave_id)
    return connection.execute(step).rowcount


def _content(contact: Contact) -> bytes:
    words = [contact.reference, contact.address, contact.mobile, contact.language]
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()


def _contact(invitation_id: bytes, content: bytes) -> Contact:
    return Contact(invitation_id, *json.loads(content))
