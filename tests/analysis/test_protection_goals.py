"""The measured goals of the method, on 300 invented children, 40 questions and 8 groups."""

from functools import cache
from itertools import groupby

import numpy
import pytest
from small_survey import POLICY, synthetic

from analysis.cells import CellStatus
from analysis.protection import protect
from analysis.tables import tabulate

KEYS = tuple(bytes([number]) * 32 for number in range(4))
ANSWER_COUNTS = (3, 6)


@cache
def raw(answers):
    grid = synthetic(answers)
    plan = grid.plan()
    return plan, tabulate(grid.frame(), plan)


@cache
def released(answers, key):
    plan, tables = raw(answers)
    return protect(tables, plan, POLICY, key)


def questions(answers, key):
    """Raw and protected tables of the 40 questions, side by side."""
    for before, after in zip(raw(answers)[1], released(answers, key).tables, strict=True):
        if before.item.startswith("q"):
            yield before, after


def shown_cells(before, after):
    """(true, published, true base, published base) of every number that is its own."""
    for row, protected in zip(before.rows, after.rows, strict=True):
        if protected.base.count is None:
            continue
        counts = dict(zip((c.code for c in before.categories), row.counts, strict=True))
        for category, cell in zip(after.categories, protected.cells, strict=True):
            is_sum = category.kind == "net" and not protected.small_group
            if cell.count is not None and not is_sum:
                true = sum(counts[code] for code in category.members or (category.code,))
                yield true, cell.count, row.base, protected.base.count


@pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key[0]))
@pytest.mark.parametrize("answers", ANSWER_COUNTS)
class TestEveryRelease:
    def test_no_number_is_off_by_more_than_four(self, answers, key):
        beyond = len(released(answers, key).report.beyond)
        far = [
            (true, said)
            for tables in questions(answers, key)
            for true, said, _, _ in shown_cells(*tables)
            if abs(true - said) > 4
        ]
        assert len(far) <= beyond <= 3

    def test_every_number_is_a_multiple_of_five(self, answers, key):
        for tables in questions(answers, key):
            assert all(said % 5 == 0 for _, said, _, _ in shown_cells(*tables))

    def test_every_row_adds_up(self, answers, key):
        for _, after in questions(answers, key):
            for row in after.rows:
                if row.base.count is not None and not row.small_group:
                    parts = [
                        cell.count
                        for category, cell in zip(after.categories, row.cells, strict=True)
                        if category.kind != "net"
                    ]
                    assert sum(parts) == row.base.count

    def test_every_column_adds_up_where_all_groups_are_shown(self, answers, key):
        for _, same in groupby(questions(answers, key), key=lambda tables: tables[0].item):
            (_, whole), *others = same
            totals = {
                c.code: cell.count
                for c, cell in zip(whole.categories, whole.rows[0].cells, strict=True)
            }
            for before, after in others:
                assert all(row.base == 0 or row.base >= 10 for row in before.rows)
                columns = zip(after.categories, *(row.cells for row in after.rows), strict=True)
                for category, *cells in columns:
                    if not any(cell.status is CellStatus.NETTED for cell in cells):
                        assert sum(cell.count or 0 for cell in cells) == totals[category.code]

    def test_bases_are_the_same_for_every_question(self, answers, key):
        bases = {}
        for _, after in questions(answers, key):
            for row in after.rows:
                bases.setdefault((after.group, row.level), set()).add(row.base)
        assert all(len(found) == 1 for found in bases.values())

    def test_every_group_of_ten_has_a_complete_bar(self, answers, key):
        for before, after in questions(answers, key):
            for row, protected in zip(before.rows, after.rows, strict=True):
                assert (protected.base.count is None) == (row.base < 10)
                nets_alone = [
                    cell
                    for category, cell in zip(after.categories, protected.cells, strict=True)
                    if category.kind == "net" or len(after.categories) == 3
                ]
                if row.base >= 10:
                    assert all(cell.count is not None for cell in nets_alone)

    def test_guard_holds_for_every_base_under_fifty(self, answers, key):
        for before, after in questions(answers, key):
            for row, protected in zip(before.rows, after.rows, strict=True):
                if protected.base.count is not None and row.base < 50:
                    assert protected.base.count <= row.base + 2

    def test_group_questions_show_the_bases_of_their_groups(self, answers, key):
        tables = {(table.item, table.group): table for table in released(answers, key).tables}
        for group in raw(answers)[0].groups:
            one_way = tables[group.id, "all"]
            cells = dict(
                zip((c.code for c in one_way.categories), one_way.rows[0].cells, strict=True)
            )
            bases = {row.level: row.base for row in tables["q01", group.id].rows}
            assert {code: cells[code] for code in cells if not code.startswith("net_")} == {
                level: base for level, base in bases.items() if base.count is not None
            }


def errors(answers, *, smallest_base=0, overall=False):
    """Errors of the published percentages, in points, over all keys."""
    return [
        100 * abs(said / said_base - true / base)
        for key in KEYS
        for before, after in questions(answers, key)
        if (before.group == "all") == overall
        for true, said, base, said_base in shown_cells(before, after)
        if base >= smallest_base
    ]


@pytest.mark.parametrize(("answers", "mean", "most"), [(3, 3.6, 10.5), (6, 3.3, 10.2)])
def test_percentages_of_groups_are_as_good_as_measured(answers, mean, most):
    # to one decimal, as they were measured: shares of few people leave gaps (2 of 19, 3 of 28)
    found = errors(answers)
    assert numpy.mean(found) <= mean
    assert round(numpy.quantile(found, 0.95), 1) <= most


@pytest.mark.parametrize("answers", ANSWER_COUNTS)
def test_percentages_of_large_groups_are_as_good_as_measured(answers):
    found = errors(answers, smallest_base=100)
    assert numpy.mean(found) <= 0.9
    assert numpy.quantile(found, 0.95) <= 2.3


@pytest.mark.parametrize("answers", ANSWER_COUNTS)
def test_percentages_of_the_whole_survey_are_as_good_as_measured(answers):
    found = errors(answers, overall=True)
    assert numpy.mean(found) <= 0.5
    assert max(found) <= 1.34


def test_same_key_gives_the_same_release_and_another_key_another():
    plan, tables = raw(3)
    assert protect(tables, plan, POLICY, KEYS[0]) == released(3, KEYS[0])
    assert released(3, KEYS[0]).tables != released(3, KEYS[1]).tables
