"""The register of approvals: who has checked or accepted which language of which survey.

In: an approval. Out: rows of the table ``language_approval``, which this file owns. Each holds the
fingerprint of the texts that were approved, so that it counts for those texts alone. Rows are
withdrawn, never deleted; when and by whom is in the audit log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    LargeBinary,
    Row,
    String,
    Table,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing

LONGEST_PERSON = 80
LONGEST_REASON = 500

language_approval_table = Table(
    "language_approval",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("survey", String(60), nullable=False),
    Column("language", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("person", String(LONGEST_PERSON), nullable=False),
    Column("reason", String(LONGEST_REASON), nullable=False),
    Column("approved_on", String(10), nullable=False),
    Column("texts", LargeBinary(32), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    sqlite_with_rowid=False,
)


class Kind(StrEnum):
    """Checked by somebody who speaks the language, or accepted as a draft by the coordinator."""

    CHECKED = "checked"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Approval:
    """One act of approval. ``person`` is who speaks the language, or who accepts the draft."""

    survey: str
    language: str
    kind: Kind
    person: str
    reason: str
    approved_on: date
    texts: bytes
    withdrawn: bool = False


def add_approval(engine: Engine, approval: Approval) -> None:
    """Enter an approval into the register."""
    row = {
        "id": secrets.token_bytes(16),
        "survey": approval.survey,
        "language": approval.language,
        "kind": approval.kind.value,
        "person": approval.person,
        "reason": approval.reason,
        "approved_on": approval.approved_on.isoformat(),
        "texts": approval.texts,
        "withdrawn": approval.withdrawn,
    }
    with writing(engine).begin() as connection:
        connection.execute(insert(language_approval_table), row)


def withdraw_approvals(engine: Engine, survey: str, language: str) -> int:
    """Withdraw whatever stands for a language of a survey. Returns how many approvals that were."""
    table = language_approval_table
    standing = (
        table.c.survey == survey,
        table.c.language == language,
        table.c.withdrawn.is_(False),
    )
    with writing(engine).begin() as connection:
        done = connection.execute(update(table).where(*standing).values(withdrawn=True))
    return done.rowcount


def all_approvals(engine: Engine) -> tuple[Approval, ...]:
    """The whole register in order of days, withdrawn approvals included."""
    table = language_approval_table
    order = (table.c.approved_on, table.c.person, table.c.id)
    with engine.connect() as connection:
        return tuple(_approval(row) for row in connection.execute(select(table).order_by(*order)))


def _approval(row: Row) -> Approval:
    return Approval(
        survey=row.survey,
        language=row.language,
        kind=Kind(row.kind),
        person=row.person,
        reason=row.reason,
        approved_on=date.fromisoformat(row.approved_on),
        texts=row.texts,
        withdrawn=row.withdrawn,
    )
