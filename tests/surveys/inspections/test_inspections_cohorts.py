"""The tables of inspections and cohorts: random ids that stay, all or nothing, hard stops."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import (
    cohort_member_table,
    counts_by_audience,
    import_cohort,
    members_of,
)
from surveys.inspections.eligibility import AFTERCARE, CARE4ME, Decision
from surveys.inspections.record import inspection_by_id, inspections, open_inspection
from surveys.inspections.rules import Rule
from surveys.inspections.working_days import NotAWorkingDay

INSPECTION = b"i" * 16
OTHER = b"o" * 16


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


def in_care(child, age=13):
    return Decision(child, Rule.IN_CARE, True, CARE4ME, age)


def left(child, age=13):
    return Decision(child, Rule.LEFT_CARE, True, AFTERCARE, age)


def out(child, rule):
    return Decision(child, rule, False, CARE4ME, 13)


def ids(engine, survey=CARE4ME, inspection=INSPECTION):
    return {member.child: member.id for member in members_of(engine, inspection, survey)}


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(cohort_member_table)).scalar()


def test_import_adds_those_who_are_included(engine):
    change = import_cohort(
        engine, INSPECTION, [in_care("a"), left("b", 17), out("c", Rule.UNDER_8)]
    )
    assert (change.added, change.kept, change.stopped) == (2, 0, ())
    assert set(ids(engine)) == {"a"}
    assert set(ids(engine, AFTERCARE)) == {"b"}
    assert counts_by_audience(engine, INSPECTION) == {CARE4ME: {"11-15": 1}, AFTERCARE: {"16+": 1}}


def test_ids_are_random_and_members_come_in_their_order(engine):
    import_cohort(engine, INSPECTION, [in_care(f"{number:03}") for number in range(64)])
    members = members_of(engine, INSPECTION, CARE4ME)
    assert all(len(member.id) == 16 for member in members)
    assert [member.id for member in members] == sorted(member.id for member in members)
    assert [member.child for member in members] != sorted(member.child for member in members)


def test_second_import_adds_newcomers_and_keeps_ids(engine):
    import_cohort(engine, INSPECTION, [in_care("a"), in_care("b")])
    before = ids(engine)
    change = import_cohort(engine, INSPECTION, [in_care("b"), in_care("c"), in_care("a")])
    assert (change.added, change.kept) == (1, 2)
    assert {child: ids(engine)[child] for child in before} == before


def test_child_who_has_left_since_is_not_asked_twice(engine):
    import_cohort(engine, INSPECTION, [in_care("a")])
    change = import_cohort(engine, INSPECTION, [left("a")])
    assert (change.added, change.kept) == (0, 1)
    assert ids(engine, AFTERCARE) == {}
    assert set(ids(engine)) == {"a"}


def test_child_whom_a_hard_stop_names_stops_being_a_member(engine):
    import_cohort(engine, INSPECTION, [in_care("a"), in_care("b"), in_care("c")])
    before = ids(engine)
    decisions = [in_care("a"), out("b", Rule.DIED), out("c", Rule.OTHER_COUNCIL)]
    change = import_cohort(engine, INSPECTION, decisions)
    assert (change.added, change.kept, change.stopped) == (0, 2, (before["b"],))
    assert set(ids(engine)) == {"a", "c"}


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.is_hard_stop])
def test_hard_stop_cannot_be_included_and_nothing_is_written(engine, rule):
    forced = Decision("b", rule, True, CARE4ME, 13)
    with pytest.raises(ValueError, match="hard stop"):
        import_cohort(engine, INSPECTION, [in_care("a"), forced])
    assert rows(engine) == 0


def test_import_is_all_or_nothing(engine):
    import_cohort(engine, INSPECTION, [in_care("a")])
    with pytest.raises(IntegrityError):
        import_cohort(
            engine, INSPECTION, [out("a", Rule.DIED), in_care("b"), in_care("c"), in_care("b")]
        )
    assert set(ids(engine)) == {"a"}


def test_cohorts_of_two_inspections_do_not_mix(engine):
    import_cohort(engine, INSPECTION, [in_care("a")])
    import_cohort(engine, OTHER, [in_care("a")])
    assert ids(engine)["a"] != ids(engine, inspection=OTHER)["a"]
    import_cohort(engine, OTHER, [out("a", Rule.DIED)])
    assert set(ids(engine)) == {"a"}


def test_no_decisions_change_nothing(engine):
    assert import_cohort(engine, INSPECTION, []).added == 0
    assert rows(engine) == 0


def opened(engine, day_1=date(2026, 11, 23), **more):
    given = {"authority": "Exampleshire", "framework": "2009", "title": "Inspection", **more}
    return open_inspection(engine, day_1=day_1, **given)


def test_inspection_is_recorded_as_it_was_opened(engine):
    made = opened(engine, invented=True)
    assert inspection_by_id(engine, made.id) == made
    assert (made.day_1, made.framework, made.invented) == (date(2026, 11, 23), "2009", True)
    assert len(made.id) == 16
    assert inspection_by_id(engine, b"?" * 16) is None


def test_inspections_come_latest_day_1_first(engine):
    days = [date(2026, 6, 1), date(2026, 11, 23), date(2025, 3, 3)]
    for day in days:
        opened(engine, day)
    assert [one.day_1 for one in inspections(engine)] == sorted(days, reverse=True)


def test_inspection_cannot_start_on_a_closed_day(engine):
    with pytest.raises(NotAWorkingDay):
        opened(engine, date(2026, 12, 25))
    assert inspections(engine) == []
