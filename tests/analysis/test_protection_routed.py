"""Those asked a further question gave an earlier answer: no row, base or number may say who."""

import pandas
import pytest
from small_survey import (
    A3,
    KEY,
    POLICY,
    YES_NO,
    Grid,
    cells_by_code,
    question,
    replace_policy,
    version,
)

from analysis.cells import CellStatus
from analysis.frames import build_frame
from analysis.measures import overall
from analysis.plan import plan_tables
from analysis.protection import protect
from analysis.release_items import summary_items
from analysis.summary import Policy
from analysis.tables import tabulate
from questionnaires.model import NonAnswer, Survey
from questionnaires.responses import Chosen, Response
from questionnaires.routing import on_path

SCHOOL = [
    {"code": "every_day", "label": "Every day"},
    {"code": "some_days", "label": "Some days"},
    {"code": "no_school", "label": "I have no school"},
]
AT_SCHOOL = {"not": {"question": "learning", "is": ["no_school"]}}
MOVED = {"question": "moved", "is": ["yes"]}


def survey(parent, child):
    gender = [{"code": "girl", "label": "Girl"}, {"code": "boy", "label": "Boy"}]
    pages = [parent, child, question("gender", options=gender, group="gender")]
    return Survey(
        id="small",
        title="Small survey",
        respondents="children",
        questionnaires=(version("11-15", pages),),
    )


MOVING = survey(question("moved", options=YES_NO), question("told", options=A3, when=MOVED))
LEARNING = survey(
    question("learning", options=SCHOOL), question("attends", options=A3, when=AT_SCHOOL)
)


def responses(of, people):
    """As many as said of each gender and answer to the first question; others are left out."""
    first, second, _ = (page.question for page in of.questionnaires[0].pages)
    for (gender, answer), count in people.items():
        for number in range(count):
            given = {
                first.id: Chosen((answer,)) if answer else NonAnswer.SKIPPED,
                second.id: Chosen((second.options[number % 3].code,)),
                "gender": Chosen((gender,)),
            }
            yield Response("small-11-15", on_path(of.questionnaires[0], given))


def release(of, people, policy=POLICY, key=KEY):
    plan = plan_tables(of, [], policy)
    frame = build_frame(responses(of, people), of)
    return plan, protect(tabulate(frame, plan), plan, policy, key)


def table(release, item, group="all"):
    return next(one for one in release.tables if (one.item, one.group) == (item, group))


def shows(row):
    return "nothing" if row.base.count is None else "nets" if row.small_group else "all"


def girls_asked(girls, moved, policy=POLICY, key=KEY):
    """The base of all girls, and their row in the table of those who moved."""
    people = {("girl", "yes"): moved, ("girl", "no"): girls - moved}
    people |= {("boy", "yes"): 40, ("boy", "no"): 40}
    _, found = release(MOVING, people, policy, key)
    base = cells_by_code(table(found, "moved", "gender"), "girl")[0].base.count
    return base, cells_by_code(table(found, "told", "gender"), "girl")[0]


def test_what_is_shown_of_a_row_leaves_four_numbers_that_may_have_been_asked():
    keys = [bytes([number]) * 32 for number in range(8)]
    for girls in (10, 11, 12, 13, 14, 18, 20, 22, 23, 24):
        found = {}
        for moved in range(7, girls + 1):
            for key in keys:
                base, row = girls_asked(girls, moved, key=key)
                found.setdefault((base, shows(row)), set()).add(moved)
        assert all(len(asked) >= 3 for asked in found.values()), (girls, found)
        assert all(min(asked) <= girls - 3 for asked in found.values()), (girls, found)


@pytest.mark.parametrize(
    ("girls", "moved", "expected"),
    [
        (10, 10, "nothing"), (12, 12, "nothing"), (12, 9, "nothing"), (16, 9, "nothing"),
        (16, 10, "nets"), (16, 16, "nets"), (20, 20, "nets"), (22, 22, "nets"), (22, 20, "nets"),
        (26, 19, "nets"), (26, 20, "all"), (26, 26, "all"),
    ],
)  # fmt: skip
def test_row_is_shown_by_those_asked_where_not_all_of_it_need_be(girls, moved, expected):
    assert shows(girls_asked(girls, moved)[1]) == expected


def test_row_held_back_does_not_say_that_fewer_than_ten_answered():
    for moved in (3, 9, 10, 12):
        _, row = girls_asked(12, moved)
        assert row.base.status is CellStatus.COMPLEMENTARY_SUPPRESSED
    assert girls_asked(9, 9)[1].base.status is CellStatus.PRIMARY_SUPPRESSED
    assert girls_asked(16, 9)[1].base.status is CellStatus.PRIMARY_SUPPRESSED


def test_further_people_when_routed_change_what_is_shown():
    none = replace_policy(POLICY, further_people_when_routed=0)
    assert [shows(girls_asked(10, 10, policy)[1]) for policy in (POLICY, none)] == [
        "nothing",
        "nets",
    ]


@pytest.mark.parametrize(("everyone", "shown"), [(22, False), (23, True)])
def test_tables_by_group_do_not_tell_that_all_of_twenty_were_asked(everyone, shown):
    people = {("girl", "yes"): everyone - 2, ("girl", "no"): 2}
    _, found = release(MOVING, people)
    assert (table(found, "told", "gender").rows[0].base.count is not None) == shown


def test_question_that_everyone_was_asked_needs_no_further_people():
    _, found = release(MOVING, {("girl", "yes"): 10, ("boy", "no"): 60})
    assert shows(cells_by_code(table(found, "moved", "gender"), "girl")[0]) == "nets"


FEW_WITHOUT_SCHOOL = {
    ("girl", "every_day"): 30, ("girl", "some_days"): 12, ("girl", "no_school"): 5,
    ("boy", "every_day"): 28, ("boy", "some_days"): 14, ("boy", "no_school"): 3,
}  # fmt: skip


@pytest.mark.parametrize("without", [0, 1, 9])
def test_few_who_were_not_asked_are_no_number_of_their_own(without):
    people = FEW_WITHOUT_SCHOOL | {("girl", "no_school"): without, ("boy", "no_school"): 0}
    _, found = release(LEARNING, people)
    for group in ("all", "gender"):
        for row in table(found, "attends", group).rows:
            _, cells = cells_by_code(table(found, "attends", group), row.level)
            assert cells["not_asked"].count is None
            parts = [cell.count for code, cell in cells.items() if not code.startswith("net_")]
            if row.base.count is not None and not row.small_group:
                assert cells["not_asked"].status is CellStatus.COMPLEMENTARY_SUPPRESSED
                assert sum(part or 0 for part in parts) == row.base.count


def test_enough_who_were_not_asked_are_a_number():
    people = FEW_WITHOUT_SCHOOL | {("girl", "no_school"): 20}
    _, found = release(LEARNING, people)
    row, cells = cells_by_code(table(found, "attends"), "all")
    assert cells["not_asked"].count in (20, 25)
    told = sum(cells[code].count for code in ("yes", "sometimes", "no", "skipped"))
    assert told + cells["not_asked"].count == row.base.count


def test_not_asked_does_not_take_apart_what_was_merged():
    # twelve have no school, but they are shown together with the few who go on some days
    people = FEW_WITHOUT_SCHOOL | {
        ("girl", "no_school"): 12, ("girl", "some_days"): 4, ("boy", "some_days"): 1,
    }  # fmt: skip
    _, found = release(LEARNING, people)
    codes = {category.code for category in table(found, "learning").categories}
    assert "some_days+no_school" in codes
    _, cells = cells_by_code(table(found, "attends"), "all")
    assert cells["not_asked"].status is CellStatus.COMPLEMENTARY_SUPPRESSED


def test_page_reads_those_asked_when_not_asked_is_withheld():
    plan, found = release(LEARNING, FEW_WITHOUT_SCHOOL)
    stated = Policy(
        name="p",
        minimum_publishable_base=10,
        minimum_group_base_for_full_scale=20,
        minimum_category_count=10,
        rounding_base=5,
    )
    item = next(one for one in summary_items(plan, found.tables) if one.id == "attends")
    reading = overall(item, stated)
    assert reading.base.status is CellStatus.COMPLEMENTARY_SUPPRESSED
    assert reading.asked.count == item.tables[0].rows[0].base.count
    assert reading.positive.shown


def test_those_not_asked_are_those_who_gave_the_answer_that_leads_past():
    people = FEW_WITHOUT_SCHOOL | {("girl", "no_school"): 21, ("boy", "no_school"): 18}
    for number in range(20):
        _, found = release(LEARNING, people, key=bytes([number]) * 32)
        assert found.report.ties_dropped == 0
        for group, level in (("all", "all"), ("gender", "girl"), ("gender", "boy")):
            parent = cells_by_code(table(found, "learning", group), level)[1]
            child = cells_by_code(table(found, "attends", group), level)[1]
            assert parent["no_school"] == child["not_asked"]


@pytest.mark.parametrize(
    "when",
    [
        {"question": "learning", "is_not": ["no_school"]},
        {"not": {"question": "learning", "is_not": ["every_day", "some_days"]}},
        {"question": "learning", "answered": True},
        {"not": {"question": "learning", "answered": False}},
    ],
)
def test_other_ways_to_say_who_is_asked_are_ties_too(when):
    of = survey(question("learning", options=SCHOOL), question("attends", options=A3, when=when))
    people = FEW_WITHOUT_SCHOOL | {("girl", "no_school"): 21, ("girl", None): 13, ("boy", None): 4}
    for number in range(10):
        _, found = release(of, people, key=bytes([number]) * 32)
        assert found.report.ties_dropped == 0
        _, parent = cells_by_code(table(found, "learning"), "all")
        row, child = cells_by_code(table(found, "attends"), "all")
        asked = row.base.count - child["not_asked"].count
        codes = {"every_day", "some_days", *(["no_school"] if "answered" in str(when) else [])}
        codes |= {"skipped"} if "not" in when and "is_not" in when["not"] else set()
        assert sum(parent[code].count for code in codes) == asked


def test_report_counts_the_ties_that_could_not_be_kept():
    # 11 and 12 go down to 10 each, but everyone goes to 25
    people = {"g": ["a"] * 11 + ["b"] * 12, "q": ["c0"] * 23}
    grid = Grid(pandas.DataFrame(people), ("g",), {"c0": "positive"})
    plan = grid.plan()
    found = protect(tabulate(grid.frame(), plan), plan, POLICY, KEY)
    assert found.tables[0].rows[0].base.count == 25
    assert found.report.ties_dropped > 0
