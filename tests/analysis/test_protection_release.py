"""Whole releases: show rules, ties, several ticks at once, and what always holds."""

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_responses import invented_responses
from small_survey import (
    KEY,
    POLICY,
    Grid,
    cells_by_code,
    random_grid,
    small_survey,
)

from analysis.cells import CellStatus
from analysis.frames import build_frame
from analysis.plan import plan_tables
from analysis.protection import protect
from analysis.tables import tabulate

VALENCES = {"all": "positive", "most": "positive", "some": "negative", "never": "negative"}


def grid_release(grid):
    plan = grid.plan()
    tables = tabulate(grid.frame(), plan)
    return tables, protect(tables, plan, POLICY, KEY)


def sized(sizes, answers=("all", "most", "some", "never", "skipped", "dont_know")):
    """One question with as many people at each level as said."""
    people = [
        (level, answers[n % len(answers)]) for level, size in sizes.items() for n in range(size)
    ]
    return Grid(pandas.DataFrame(people, columns=["g", "q"]), ("g",), VALENCES)


def table_for(release, item, group):
    return next(t for t in release.tables if (t.item, t.group) == (item, group))


@pytest.mark.parametrize("people", [1, 9])
def test_fewer_than_ten_people_give_nothing_at_all(people):
    _, release = grid_release(sized({"a": people}))
    for table in release.tables:
        for row in table.rows:
            assert row.base.status is CellStatus.PRIMARY_SUPPRESSED
            assert {cell.status for cell in row.cells} == {CellStatus.PRIMARY_SUPPRESSED}


@pytest.mark.parametrize("people", [10, 19])
def test_ten_to_nineteen_people_give_everyone_only(people):
    _, release = grid_release(sized({"a": people}))
    assert table_for(release, "q", "all").rows[0].base.count is not None
    assert all(row.base.count is None for row in table_for(release, "q", "g").rows)


def test_group_is_withheld_netted_or_whole_by_its_size():
    _, release = grid_release(sized({"a": 9, "b": 10, "c": 19, "d": 20, "e": 60}))
    table = table_for(release, "q", "g")
    rows = {level: cells_by_code(table, level) for level in "abcde"}
    assert rows["a"][0].base.status is CellStatus.PRIMARY_SUPPRESSED
    assert [rows[level][0].small_group for level in "bcde"] == [True, True, False, False]
    for level in "bc":
        assert {rows[level][1][code].status for code in VALENCES} == {CellStatus.NETTED}
        nets = [rows[level][1][code].count for code in ("net_positive", "net_negative")]
        assert sum(nets) + rows[level][1]["net_no_answer"].count == rows[level][0].base.count
    assert all(cell.count is not None for cell in rows["d"][1].values())


def test_nets_of_whole_rows_are_sums_of_their_cells():
    _, release = grid_release(sized({"a": 45, "b": 60}))
    for table in (table_for(release, "q", "all"), table_for(release, "q", "g")):
        for level in [row.level for row in table.rows if row.base.count]:
            _, cells = cells_by_code(table, level)
            assert cells["net_positive"].count == cells["all"].count + cells["most"].count


def test_table_with_a_withheld_group_is_not_linked_to_everyone():
    _, release = grid_release(sized({"a": 9, "b": 60}))
    assert [t.item for t in release.report.tables_whose_columns_do_not_add_up] == ["q"]


def test_row_in_which_all_agree_never_says_more_than_its_base():
    for size in range(10, 50):
        _, release = grid_release(sized({"a": size, "b": 100}, answers=("all",)))
        row, cells = cells_by_code(table_for(release, "q", "g"), "a")
        assert cells["all+most"].count == row.base.count <= size + 2


def invented(people, seed=1, shares=None):
    survey = small_survey()
    plan = plan_tables(survey, [], POLICY)
    responses = invented_responses(survey, shares or {"8-10": 0.4, "11-15": 0.6}, people, seed)
    tables = tabulate(build_frame(responses, survey), plan)
    return plan, tables, protect(tables, plan, POLICY, KEY)


def test_those_asked_are_those_who_gave_the_answer_that_leads_there():
    _, _, release = invented(300)
    _, moved = cells_by_code(table_for(release, "moved", "age_version"), "11-15")
    row, told = cells_by_code(table_for(release, "told", "all"), "all")
    assert row.base.count - told["not_asked"].count == moved["yes"].count


def test_question_asked_of_fewer_than_ten_is_withheld_and_of_more_is_not():
    for seed in range(12):
        _, tables, release = invented(24, seed, {"8-10": 0.05, "11-15": 0.95})
        raw = table_for_raw(tables, "told", "all").rows[0]
        asked = raw.base - raw.counts[-1]
        shown = table_for(release, "told", "all").rows[0].base.count is not None
        assert shown == (asked >= 10)


def table_for_raw(tables, item, group):
    return next(t for t in tables if (t.item, t.group) == (item, group))


def test_ticks_of_one_question_share_those_who_said_nothing():
    _, _, release = invented(300)
    for group, level in (("all", "all"), ("gender", "girl"), ("gender", "boy")):
        sport = cells_by_code(table_for(release, "fun.sport", group), level)[1]
        music = cells_by_code(table_for(release, "fun.music", group), level)[1]
        assert sport["skipped"] == music["skipped"]


def test_published_number_of_the_same_people_is_the_same_everywhere():
    plan, _, release = invented(300)
    bases = {}
    for table in release.tables:
        population = plan.item_by_id[table.item].asked_of
        for row in table.rows:
            if table.group == "age_version":
                bases.setdefault(((row.level,), "all", "all"), set()).add(row.base)
            else:
                bases.setdefault((population, table.group, row.level), set()).add(row.base)
    assert {place: len(found) for place, found in bases.items() if len(found) > 1} == {}


def test_released_numbers_in_the_ledger_stay():
    grid = random_grid(2, 300)
    plan = grid.plan()
    tables = tabulate(grid.frame(), plan)
    other = numbers(protect(tables, plan, POLICY, bytes(32)))
    place, count = next(
        (place, other[place])
        for place, count in numbers(protect(tables, plan, POLICY, KEY)).items()
        if place[0] == "q0" and other[place] != count
    )
    kept = protect(tables, plan, POLICY, KEY, {place: count // 5})
    assert numbers(kept)[place] == count


def numbers(release):
    return {
        (table.item, table.group, row.level, category.code): cell.count
        for table in release.tables
        for row in table.rows
        for category, cell in zip(table.categories, row.cells, strict=True)
    }


@given(seed=st.integers(0, 10_000), people=st.integers(1, 90), categories=st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_whatever_the_people_everything_adds_up_within_bounds(seed, people, categories):
    grid = random_grid(seed, people, questions=2, categories=categories, groups=(2, 4))
    tables, release = grid_release(grid)
    beyond = set(release.report.beyond)
    for before, after in zip(tables, release.tables, strict=True):
        for row, protected in zip(before.rows, after.rows, strict=True):
            if protected.base.count is None:
                assert row.base < 10 or people < 20
                assert all(cell.count is None for cell in protected.cells)
                continue
            assert abs(protected.base.count - row.base) <= 4
            _, cells = cells_by_code(after, protected.level)
            check_row(before, after, row, protected, cells, beyond)


def check_row(before, after, row, protected, cells, beyond):
    counts = dict(zip((c.code for c in before.categories), row.counts, strict=True))
    nets = {c.code for c in after.categories if c.kind == "net"}
    own = {code for code in cells if protected.small_group or code not in nets}
    shown = {code for code in own if cells[code].count is not None}
    assert sum(cells[code].count for code in shown) == protected.base.count
    for category in after.categories:
        if category.code in shown:
            true = sum(counts[code] for code in category.members or (category.code,))
            near = 9 if (after.item, after.group, row.level, category.code) in beyond else 4
            assert abs(cells[category.code].count - true) <= near


@given(seed=st.integers(0, 10_000), people=st.integers(0, 120))
@settings(max_examples=15, deadline=None)
def test_routed_survey_of_two_versions_can_always_be_protected(seed, people):
    plan, tables, release = invented(people, seed)
    assert len(release.tables) == len(plan.tables) == len(tables)
