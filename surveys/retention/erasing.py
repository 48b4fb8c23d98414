"""Erasing what is due, and the drafts of a wave at its close.

In: an Item and the day. Out: fewer rows, and a record of what is gone in the same transaction:
either both or neither. Nothing here says which people it concerned.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from surveys.database import writing
from surveys.inspections.cohorts import erase_members
from surveys.invitations.outbox.contacts import erase_contacts
from surveys.invitations.outbox.queue import erase_mails
from surveys.invitations.register import erase_invitations
from surveys.retention.due import Item, title_of
from surveys.retention.record import Erasure, Kind, in_tens, record_erasure
from surveys.site import Site
from surveys.vault.compacting import empty_log
from surveys.vault.slots import delete_slots, erase_drafts
from surveys.vault.store import delete_responses
from surveys.vault.waves import Wave, WaveStatus, note_closed

Counts = dict[str, int]


def erase(site: Site, item: Item, today: date, *, really: bool = True) -> Erasure | None:
    """Erase an item, whole or not at all; None when nothing of it was there.

    Without ``really`` everything is taken back again: to see what would be erased.
    """
    with writing(site.engine).connect() as connection, connection.begin() as transaction:
        counts = _ERASERS[item.kind](connection, site, item, today)
        erased = None
        if any(counts.values()):
            told = {name: in_tens(count) for name, count in counts.items()}
            erased = Erasure(item.subject, item.kind, item.title, today, told)
            record_erasure(connection, erased)
        if not really:
            transaction.rollback()
    return erased


def close_wave(site: Site, wave: Wave, today: date) -> None:
    """Close an open wave and erase its drafts, together. Raises WrongStatus, changing nothing.

    They go from the database's log as well, unless others are busy in it: then at the next night.
    """
    with writing(site.engine).begin() as connection:
        note_closed(connection, wave.id, today)
        erased = erase_drafts(connection, site.storage_key, wave)
        if erased:
            told = {"drafts": in_tens(erased)}
            subject = Erasure(wave.id, Kind.DRAFTS, title_of(wave), today, told)
            record_erasure(connection, subject)
    empty_log(site.engine)


def _contacts(connection: Connection, _site: Site, item: Item, _today: date) -> Counts:
    invitations = {"invitations": erase_invitations(connection, item.subject)}
    by_mail = {
        "addresses for mail": erase_contacts(connection, item.subject),
        "mails in the outbox": erase_mails(connection, item.subject),
    }
    return invitations | {name: count for name, count in by_mail.items() if count}


def _cohort(connection: Connection, _site: Site, item: Item, _today: date) -> Counts:
    return {"children": erase_members(connection, item.inspection_id, item.survey)}


def _drafts(connection: Connection, site: Site, item: Item, _today: date) -> Counts:
    return {"drafts": erase_drafts(connection, site.storage_key, _wave(item))}


def _answers(connection: Connection, _site: Site, item: Item, today: date) -> Counts:
    if _wave(item).status is WaveStatus.OPEN:
        note_closed(connection, item.subject, today)
    return {
        "responses": delete_responses(connection, item.subject),
        "places that waited for a release": delete_slots(connection, item.subject),
    }


def _wave(item: Item) -> Wave:
    if item.wave is None:
        raise TypeError("this is erased of a wave")
    return item.wave


_ERASERS: dict[Kind, Callable[[Connection, Site, Item, date], Counts]] = {
    Kind.CONTACTS: _contacts,
    Kind.COHORT: _cohort,
    Kind.DRAFTS: _drafts,
    Kind.ANSWERS: _answers,
}
