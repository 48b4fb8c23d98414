"""Items and the plan of tables, for a survey small enough to write both down."""

import pytest
from small_survey import POLICY, question, small_survey, version

from analysis.items import items_of
from analysis.plan import PlanError, plan_tables
from questionnaires.model import Survey


@pytest.fixture
def plan():
    return plan_tables(small_survey(), ["L6"], POLICY)


def test_items_are_questions_by_scale():
    assert [item.id for item in items_of(small_survey())] == [
        "safe:a3", "safe:f4", "moved", "gender", "told", "happy", "fun.sport", "fun.music",
        "how_answered",
    ]  # fmt: skip


def test_item_categories_end_with_the_ways_of_not_answering():
    codes = {item.id: [c.code for c in item.categories] for item in items_of(small_survey())}
    assert codes["safe:a3"] == ["yes", "sometimes", "no", "skipped", "dont_know"]
    assert codes["told"] == ["yes", "sometimes", "no", "skipped", "not_asked"]
    assert codes["happy"] == ["low", "middle", "high", "skipped"]
    assert codes["fun.sport"] == ["sport", "not_chosen", "skipped"]


def test_item_keeps_each_versions_words_and_only_the_frameworks_themes(plan):
    safe = plan.item_by_id["safe:f4"]
    assert dict(safe.texts) == {"11-15": "safe?"}
    assert safe.themes == ("L6",)
    assert plan.item_by_id["moved"].asked_of == ("8-10", "11-15")


def test_scale_without_a_name_is_called_by_its_first_version():
    ten = [{"code": f"c{number}", "label": f"C{number}"} for number in range(3)]
    survey = Survey(
        id="s", title="S", respondents="people",
        questionnaires=(
            version("8-10", [question("band", options=ten)]),
            version("11-15", [question("band", options=ten[:2])]),
            version("16-17", [question("band", options=ten[:2])]),
        ),
    )  # fmt: skip
    assert [item.id for item in items_of(survey)] == [
        "band:8-10", "band:11-15", "how_answered",
    ]  # fmt: skip


def test_tables_are_one_way_by_age_and_by_group(plan):
    by_item = {}
    for table in plan.tables:
        by_item.setdefault(table.item, []).append(table.group)
    assert by_item == {
        "(respondents)": ["all", "age_version"],
        "safe:a3": ["all", "gender"],
        "safe:f4": ["all", "gender"],
        "moved": ["all", "age_version", "gender"],
        "gender": ["all"],
        "told": ["all", "gender"],
        "happy": ["all", "gender"],
        "fun.sport": ["all", "gender"],
        "fun.music": ["all", "gender"],
        "how_answered": ["all"],
    }


def test_group_has_a_level_for_those_who_did_not_say(plan):
    assert plan.group_by_id["gender"].levels == (
        ("girl", "Girl"), ("boy", "Boy"), ("not_stated", "Not stated"),
    )  # fmt: skip


def test_plan_has_a_stable_hash(plan):
    again = plan_tables(small_survey(), ["L6"], POLICY)
    other = plan_tables(small_survey(), ["L6", "L1"], POLICY)
    assert plan.hash == again.hash == again.hash != other.hash


def test_group_must_be_one_choice_of_several():
    survey = Survey(
        id="s", title="S", respondents="people",
        questionnaires=(version("8-10", [question("gender", "ladder", group="gender")]),),
    )  # fmt: skip
    with pytest.raises(PlanError, match="gender"):
        plan_tables(survey, [], POLICY)
