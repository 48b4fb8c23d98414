"""Whom a person is to be asked about before they are invited, what was decided, who is stopped.

In: decisions of the eligibility rules, and a person's answers. Out: rows of the table
``cohort_question``, which this file owns: the return's identifier, the rule, the answer with name
and reason. Nothing else of a return is kept. The rows go with the cohort they belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from surveys.database import metadata
from surveys.inspections.eligibility import Answer, Decision
from surveys.inspections.rules import STOPPED_BY_LEAVERS_FILE, Outcome, Rule

LONGEST_REASON, LONGEST_NAME = 300, 80

cohort_question_table = Table(
    "cohort_question",
    metadata,
    Column("inspection_id", LargeBinary(16), primary_key=True),
    Column("child", String(60), primary_key=True),
    Column("survey", String(60), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("rule", String(30), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("reason", String(LONGEST_REASON), nullable=False),
    Column("decided_by", String(LONGEST_NAME), nullable=False),
    sqlite_with_rowid=False,
)
_OPEN = ""


class NotToBeDecided(Exception):
    """Nobody can decide about this reference; the message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """A child whom a rule names: to be asked about, or stopped. ``answer`` is None while open."""

    child: str
    survey: str
    audience: str
    rule: Rule
    answer: Answer | None = None
    reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What an import did to the questions: how many are new, and how many were opened again."""

    asked: int
    reopened: int
    closed: int


def questions_of(engine: Engine, inspection_id: bytes) -> dict[str, Question]:
    """Every question and every stop of an inspection, by the child it is about."""
    with engine.connect() as connection:
        return _questions(connection, inspection_id)


def settle(decisions: Iterable[Decision], standing: Mapping[str, Question]) -> tuple[Decision, ...]:
    """The decisions of the rules with a person's answers, and with stops that stand, put in.

    An answer counts as long as the rule is the one that it was given to. A stop that came from a
    care leavers' file stands until such a file speaks of the child again.
    """
    return tuple(_settle(decision, standing.get(decision.child)) for decision in decisions)


def _settle(decision: Decision, known: Question | None) -> Decision:
    if known is None or decision.rule.is_hard_stop:
        return decision
    if known.rule in STOPPED_BY_LEAVERS_FILE and not decision.in_touch_said:
        survey = decision.survey or known.survey
        return replace(decision, rule=known.rule, included=False, survey=survey)
    if decision.rule is not known.rule or known.answer is None:
        return decision
    included = known.answer is Answer.INCLUDE
    return replace(decision, answer=known.answer, included=included)


def note_questions(
    connection: Connection, inspection_id: bytes, decisions: Iterable[Decision]
) -> QuestionChange:
    """Open, open again or close questions as the settled decisions of a return would have it.

    Children whom the return does not name keep theirs. Within a transaction.
    """
    standing = _questions(connection, inspection_id)
    decided = tuple(decisions)
    wanted = {one.child: one for one in decided if _is_noted(one)}
    over = {one.child for one in decided if _is_over(one)} & standing.keys()
    fresh = [one for one in wanted.values() if _is_news(one, standing.get(one.child))]
    for child in (*over, *(one.child for one in fresh)):
        connection.execute(delete(cohort_question_table).where(*_is(inspection_id, child)))
    if fresh:
        rows = [_row(inspection_id, one) for one in sorted(fresh, key=lambda one: one.child)]
        connection.execute(insert(cohort_question_table), rows)
    asked = [one for one in fresh if one.rule.outcome is Outcome.ASK]
    reopened = sum(_was_answered(standing.get(one.child)) for one in asked)
    return QuestionChange(len(asked) - reopened, reopened, len(over))


def answer(
    connection: Connection, inspection_id: bytes, child: str, given: Answer, *, by: str, reason: str
) -> tuple[Question, Question]:
    """Write a person's answer down, within a transaction: the question before and after.

    Raises NotToBeDecided for a child whom a hard stop names, or whom no rule says to ask about.
    """
    known = _questions(connection, inspection_id).get(child)
    if known is None:
        raise NotToBeDecided(
            "No question is open about this reference. `inspections ask-list` names those there "
            "are; everybody else is decided by a rule alone."
        )
    if known.rule.is_hard_stop:
        raise NotToBeDecided(
            f"Nobody may decide about this reference: {known.rule.words}. If that is wrong, "
            "correct it in the council's system, and import the return again."
        )
    step = update(cohort_question_table).where(*_is(inspection_id, child))
    connection.execute(step.values(answer=given.value, reason=reason, decided_by=by))
    return known, replace(known, answer=given, reason=reason, decided_by=by)


def surveys_with_questions(connection: Connection, inspection_id: bytes) -> frozenset[str]:
    """The surveys that questions or stops are kept for."""
    table = cohort_question_table
    query = select(table.c.survey).where(table.c.inspection_id == inspection_id).distinct()
    return frozenset(connection.execute(query).scalars())


def erase_questions(connection: Connection, inspection_id: bytes, survey: str) -> frozenset[str]:
    """Erase the questions and stops of a survey within a transaction; the children they named."""
    table = cohort_question_table
    of_survey = (table.c.inspection_id == inspection_id, table.c.survey == survey)
    children = frozenset(connection.execute(select(table.c.child).where(*of_survey)).scalars())
    connection.execute(delete(table).where(*of_survey))
    return children


def _is_noted(decision: Decision) -> bool:
    return decision.audience is not None and _is_named(decision)


def _is_over(decision: Decision) -> bool:
    """Whether the return says enough of the child to see that there is nothing to ask any more."""
    return decision.age is not None and not _is_named(decision)


def _is_named(decision: Decision) -> bool:
    return decision.rule.outcome is Outcome.ASK or decision.rule.is_hard_stop


def _is_news(decision: Decision, known: Question | None) -> bool:
    """Whether the row has to be written again; an answer to the same rule stays as it is."""
    if known is None or known.rule is not decision.rule:
        return True
    return (known.survey, known.audience) != (decision.survey, decision.audience) and (
        known.answer is None
    )


def _was_answered(known: Question | None) -> bool:
    return known is not None and known.answer is not None


def _is(inspection_id: bytes, child: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    table = cohort_question_table
    return table.c.inspection_id == inspection_id, table.c.child == child


def _row(inspection_id: bytes, decision: Decision) -> dict[str, object]:
    return {
        "inspection_id": inspection_id,
        "child": decision.child,
        "survey": decision.survey,
        "audience": decision.audience,
        "rule": decision.rule.value,
        "answer": _OPEN,
        "reason": "",
        "decided_by": "",
    }


def _questions(connection: Connection, inspection_id: bytes) -> dict[str, Question]:
    table = cohort_question_table
    query = select(table).where(table.c.inspection_id == inspection_id)
    return {row.child: _question(row) for row in connection.execute(query)}


def _question(row: Row[Any]) -> Question:
    return Question(
        row.child,
        row.survey,
        row.audience,
        Rule(row.rule),
        Answer(row.answer) if row.answer else None,
        row.reason,
        row.decided_by,
    )
