"""Who is asked: the members of an inspection's cohorts, as pseudonyms, never as names.

In: decisions of the eligibility rules, and lists of adults. Out: rows of the table
``cohort_member``, which this file owns. A member's random id stays the same however often a return
or a list is imported, and whoever has been invited keeps the version of their invitation.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from surveys.database import metadata, writing
from surveys.inspections.cohort_changes import CohortChange, KnownMember, sort_members
from surveys.inspections.eligibility import AFTERCARE, CARE4ME, Answer, Decision
from surveys.inspections.questions import (
    Question,
    answer,
    erase_questions,
    note_questions,
    surveys_with_questions,
)

CHILDRENS_SURVEYS = (CARE4ME, AFTERCARE)

cohort_member_table = Table(
    "cohort_member",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("inspection_id", LargeBinary(16), nullable=False, index=True),
    Column("survey", String(60), nullable=False),
    Column("child", String(60), nullable=False),
    Column("audience", String(20), nullable=False),
    UniqueConstraint("inspection_id", "child"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to be asked one survey. ``child`` is the reference that the return or the list has.

    A child is asked one survey of an inspection; an adult may stand in several lists, so theirs is
    stored with the survey before it, which nobody outside this file sees.
    """

    id: bytes
    inspection_id: bytes
    survey: str
    child: str
    audience: str


def import_cohort(
    engine: Engine,
    inspection_id: bytes,
    decisions: Iterable[Decision],
    invited: Collection[bytes] | None = None,
    *,
    really: bool = True,
) -> CohortChange:
    """Add every included child who is not yet a member, and bring the others up to date.

    All of it happens, or nothing. Members in ``invited`` keep survey and version, because an
    invitation hangs on them; left out, everybody counts as invited. A member whom a hard stop names
    is removed. Without ``really`` it is all taken back again: to see what would change. Raises
    ValueError, before anything is written, when a decision includes a child whom a hard stop names.
    """
    decided = tuple(decisions)
    if any(decision.included and decision.rule.is_hard_stop for decision in decided):
        raise ValueError("a hard stop can never be included")
    with _trying(engine, really) as connection:
        members = _children(connection, inspection_id)
        found = sort_members(members, decided, invited)
        _remove(connection, (*found.stopped, *found.left))
        for member_id, survey, audience in found.changed:
            _change(connection, member_id, survey, audience)
        new = [one for one in decided if one.included and one.child not in members]
        _add(connection, inspection_id, ((one.survey, one.child, one.audience) for one in new))
        questions = note_questions(connection, inspection_id, decided)
    return CohortChange(
        len(new),
        len(members) - len(found.stopped) - len(found.left),
        found.stopped,
        len(found.left),
        found.left_invited,
        len(found.changed),
        found.held,
        found.absent,
        questions,
    )


def import_people(
    engine: Engine,
    inspection_id: bytes,
    survey: str,
    people: Iterable[tuple[str, str]],
    invited: Collection[bytes] = (),
    *,
    really: bool = True,
) -> CohortChange:
    """Add every adult of a list (reference and version) who is not yet a member of the survey.

    All of them, or none. Whoever is not in the list stays: a survey may have a list for each
    organisation. Members in ``invited`` keep their version. ``really`` is as for a cohort.
    """
    listed = dict(people)
    with _trying(engine, really) as connection:
        members = _listed(connection, inspection_id, survey)
        there = listed.keys() & members.keys()
        differing = [one for one in there if members[one].audience != listed[one]]
        changed = [one for one in differing if members[one].id not in invited]
        for reference in changed:
            _change(connection, members[reference].id, survey, listed[reference])
        new = [one for one in listed if one not in members]
        stored = ((survey, _stored(survey, one), listed[one]) for one in new)
        _add(connection, inspection_id, stored)
    return CohortChange(
        len(new),
        len(members),
        (),
        changed=len(changed),
        held=len(differing) - len(changed),
        absent=len(members.keys() - listed.keys()),
    )


def decide_about(
    engine: Engine, inspection_id: bytes, child: str, given: Answer, *, by: str, reason: str
) -> tuple[Question, bytes | None]:
    """Write a person's answer down and let it take effect: the question as it was.

    With it the id of the member who is one no longer, so that an invitation can be withdrawn.
    Raises NotToBeDecided, changing nothing.
    """
    with writing(engine).begin() as connection:
        before, after = answer(connection, inspection_id, child, given, by=by, reason=reason)
        known = _children(connection, inspection_id).get(child)
        if given is Answer.INCLUDE and known is None:
            _add(connection, inspection_id, [(after.survey, child, after.audience)])
        if given is Answer.EXCLUDE and known is not None:
            _remove(connection, (known.id,))
            return before, known.id
    return before, None


def members_of(engine: Engine, inspection_id: bytes, survey: str) -> list[Member]:
    """The members who are to be asked a survey, in the order of their random ids."""
    query = (
        select(cohort_member_table)
        .where(cohort_member_table.c.inspection_id == inspection_id)
        .where(cohort_member_table.c.survey == survey)
        .order_by(cohort_member_table.c.id)
    )
    with engine.connect() as connection:
        return [_member(Member(**row._mapping)) for row in connection.execute(query)]


def counts_by_audience(engine: Engine, inspection_id: bytes) -> dict[str, dict[str, int]]:
    """How many members there are, by survey and then by audience version.

    A survey for which questions or stops are kept, but no member, has no versions.
    """
    table = cohort_member_table
    query = (
        select(table.c.survey, table.c.audience, func.count())
        .where(table.c.inspection_id == inspection_id)
        .group_by(table.c.survey, table.c.audience)
        .order_by(table.c.survey, table.c.audience)
    )
    counts: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for survey, audience, count in connection.execute(query):
            counts.setdefault(survey, {})[audience] = count
        for survey in sorted(surveys_with_questions(connection, inspection_id)):
            counts.setdefault(survey, {})
    return counts


def erase_members(connection: Connection, inspection_id: bytes, survey: str) -> int:
    """Erase everybody who was to be asked a survey, or asked about, within a transaction.

    How many people these rows were about.
    """
    table = cohort_member_table
    of_survey = (table.c.inspection_id == inspection_id, table.c.survey == survey)
    people = set(connection.execute(select(table.c.child).where(*of_survey)).scalars())
    connection.execute(delete(table).where(*of_survey))
    return len(people | erase_questions(connection, inspection_id, survey))


@contextmanager
def _trying(engine: Engine, really: bool) -> Iterator[Connection]:
    """A transaction that is kept, or taken back at its end."""
    with writing(engine).connect() as connection, connection.begin() as transaction:
        yield connection
        if not really:
            transaction.rollback()


def _children(connection: Connection, inspection_id: bytes) -> dict[str, KnownMember]:
    return dict(_known(connection, inspection_id, CHILDRENS_SURVEYS))


def _listed(connection: Connection, inspection_id: bytes, survey: str) -> dict[str, KnownMember]:
    known = _known(connection, inspection_id, (survey,))
    return {child.removeprefix(_stored(survey, "")): one for child, one in known}


def _known(
    connection: Connection, inspection_id: bytes, surveys: tuple[str, ...]
) -> Iterator[tuple[str, KnownMember]]:
    table = cohort_member_table
    query = (
        select(table.c.child, table.c.id, table.c.survey, table.c.audience)
        .where(table.c.inspection_id == inspection_id)
        .where(table.c.survey.in_(surveys))
    )
    for child, *rest in connection.execute(query):
        yield child, KnownMember(*rest)


def _stored(survey: str, reference: str) -> str:
    """An adult's reference as it is stored: the same person may stand in the lists of two."""
    return f"{survey}/{reference}"


def _member(stored: Member) -> Member:
    """As others see it: without what ``_stored`` put before an adult's reference."""
    if stored.survey in CHILDRENS_SURVEYS:
        return stored
    reference = stored.child.removeprefix(_stored(stored.survey, ""))
    return Member(stored.id, stored.inspection_id, stored.survey, reference, stored.audience)


def _add(
    connection: Connection,
    inspection_id: bytes,
    new: Iterable[tuple[str | None, str, str | None]],
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": secrets.token_bytes(16),
            "inspection_id": inspection_id,
            "survey": survey,
            "child": child,
            "audience": audience,
        }
        for survey, child, audience in new
    ]
    if rows:
        connection.execute(insert(cohort_member_table), sorted(rows, key=lambda row: row["id"]))


def _change(connection: Connection, member_id: bytes, survey: str, audience: str) -> None:
    step = update(cohort_member_table).where(cohort_member_table.c.id == member_id)
    connection.execute(step.values(survey=survey, audience=audience))


def _remove(connection: Connection, member_ids: Iterable[bytes]) -> None:
    for member_id in member_ids:
        connection.execute(delete(cohort_member_table).where(cohort_member_table.c.id == member_id))
