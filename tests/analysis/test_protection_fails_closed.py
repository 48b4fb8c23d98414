"""Whatever goes wrong inside protection, nothing comes out."""

from dataclasses import replace

import highspy
import pytest
from small_survey import KEY, POLICY, random_grid, table_of, with_policy

from analysis.cells import Cell, CellStatus
from analysis.protection import protect
from analysis.rounding import NoRounding, ProtectionFailed
from analysis.tables import tabulate


@pytest.fixture
def release():
    grid = random_grid(1, 60)
    plan = grid.plan()
    return plan, tabulate(grid.frame(), plan)


STATUSES = [
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kSolveError,
    highspy.HighsModelStatus.kUnknown,
    highspy.HighsModelStatus.kInfeasible,
]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("solve", [0, 1, 5])
def test_solver_that_does_not_finish_ends_the_release(monkeypatch, release, status, solve):
    plan, tables = release
    count = iter(range(10**6))
    ask = highspy.Highs.getModelStatus

    def answer(solver):
        return status if next(count) >= solve else ask(solver)

    monkeypatch.setattr(highspy.Highs, "getModelStatus", answer)
    with pytest.raises(ProtectionFailed):
        protect(tables, plan, POLICY, KEY)


def test_solver_that_breaks_ends_the_release(monkeypatch, release):
    plan, tables = release

    def broken(solver):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(highspy.Highs, "run", broken)
    with pytest.raises(RuntimeError):
        protect(tables, plan, POLICY, KEY)


def test_tables_must_be_those_planned(release):
    plan, tables = release
    for wrong in (tables[:-1], tables[::-1], (*tables, tables[0])):
        with pytest.raises(ProtectionFailed, match="not the planned tables"):
            protect(wrong, plan, POLICY, KEY)


def test_table_must_be_as_planned(release):
    plan, tables = release
    changed = replace(tables[1], rows=tables[1].rows * 2)
    with pytest.raises(ProtectionFailed, match="not as it was planned"):
        protect((tables[0], changed, *tables[2:]), plan, POLICY, KEY)


def test_tables_must_agree_about_the_same_people(release):
    plan, tables = release
    wrong = table_of(
        plan, tables[1].item, tables[1].group, {"all": [99] * len(tables[1].categories)}
    )
    with pytest.raises(ProtectionFailed, match="differently"):
        protect((tables[0], wrong, *tables[2:]), plan, POLICY, KEY)


def test_plan_of_another_policy_is_refused(release):
    plan, tables = release
    with pytest.raises(ProtectionFailed, match="another policy"):
        protect(tables, plan, with_policy(name="another"), KEY)


def test_ledger_that_cannot_hold_is_refused(release):
    plan, tables = release
    ledger = {("q0", "all", "all", c.code): 40 for c in tables[-1].categories}
    with pytest.raises(NoRounding):
        protect(tables, plan, POLICY, KEY, ledger)


def test_failure_tells_no_count(release):
    plan, tables = release
    with pytest.raises(ProtectionFailed) as failed:
        protect(tables[:-1], plan, POLICY, KEY)
    assert not any(character.isdigit() for character in str(failed.value))


def test_withheld_cell_cannot_have_a_number():
    with pytest.raises(ValueError, match="exactly when"):
        Cell(CellStatus.PRIMARY_SUPPRESSED, 7)
