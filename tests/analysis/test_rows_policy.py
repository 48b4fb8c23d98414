"""The disclosure rules: the file says why, unusable rules are refused, every key does something."""

import pandas
import pytest
from small_survey import KEY, POLICY, ROOT, Grid, random_grid, replace_policy, small_survey

from analysis.plan import plan_tables
from analysis.policy import PolicyError, load_policies
from analysis.protection import protect
from analysis.protection_categories import categories_to_show
from analysis.record_sets import ProtectionFailed
from analysis.rounding import Allowance, Equation, controlled_rounding
from analysis.tables import tabulate
from analysis.targets import Target, Targets

FILE = ROOT / "config" / "disclosure.yaml"


def test_standard_policy_is_the_measured_one():
    assert POLICY.minimum_publishable_base == 10
    assert POLICY.rounding_base == 5
    assert POLICY.round_up_probability == (0, 0.05, 0.35, 0.65, 0.95)
    assert (POLICY.group_disclosure_guard.below_base, POLICY.group_disclosure_guard.guard) == (
        50,
        2,
    )
    assert (POLICY.reserve.multiples, POLICY.reserve.penalty) == (1, 20)


def test_every_number_of_the_file_has_a_reason_above_it():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if line.startswith("  ") and ":" in line]
    for number in keys:
        if not lines[number].lstrip().startswith(("#", "-")):
            assert lines[number - 1].lstrip().startswith("#"), lines[number]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("round_up_probability", [0, 0.5], "one number for each remainder"),
        ("round_up_probability", [0, 0, 0, 1, 1], "able to go either way"),
        ("round_up_probability", [0.1, 0.05, 0.35, 0.65, 0.95], "a multiple stays"),
        ("base_round_up_probability", [0, 0, 0, 1, 1], "able to go either way"),
        ("minimum_publishable_base", 3, "must not be less than rounding_base"),
        ("group_disclosure_guard", {"below_base": 50, "guard": 5}, "guard must be less"),
        ("minimum_category_count", "ten", "minimum_category_count"),
        ("surprise", 1, "surprise"),
    ],
)
def test_rules_that_could_not_protect_are_refused(tmp_path, key, value, words):
    file = tmp_path / "rules.yaml"
    file.write_text(f"mine: {POLICY.model_dump(mode='json', exclude={'name'}) | {key: value}}")
    with pytest.raises(PolicyError, match=words):
        load_policies(file)


@pytest.mark.parametrize("text", ["- a list", "name: 7", "a: {b"])
def test_file_that_is_not_rules_is_refused(tmp_path, text):
    file = tmp_path / "rules.yaml"
    file.write_text(text)
    with pytest.raises(PolicyError):
        load_policies(file)


def release(policy, grid=None):
    grid = grid or random_grid(1, 60, groups=(2, 5))
    plan = grid.plan()
    return protect(tabulate(grid.frame(), plan), plan, policy, KEY)


CHANGES = {
    "minimum_publishable_base": {"minimum_publishable_base": 20},
    "overall_only_base_below": {"overall_only_base_below": 70},
    "small_group_base_below": {"small_group_base_below": 10},
    "minimum_category_count": {"minimum_category_count": 0},
    "rounding_base": {
        "rounding_base": 3,
        "round_up_probability": (0, 0.3, 0.7),
        "base_round_up_probability": (0, 0.3, 0.7),
    },
    "round_up_probability": {"round_up_probability": (0, 0.9, 0.9, 0.9, 0.9)},
}


@pytest.mark.parametrize("key", sorted(CHANGES))
def test_key_changes_a_release(key):
    grid = thin_and_nets()
    assert release(POLICY, grid) != release(replace_policy(POLICY, **CHANGES[key]), grid)


@pytest.mark.parametrize("weight", [{"least": 9, "span": 2}, {"least": 1, "span": 0}])
def test_disagreement_weight_changes_a_release(weight):
    grid = random_grid(5, 300, questions=8, categories=6, groups=(4, 6))
    other = replace_policy(POLICY, disagreement_weight=weight)
    assert release(POLICY, grid) != release(other, grid)


def thin_and_nets():
    """A grid with a thin answer, a small group and several answers of one valence."""
    people = [
        {"g": "a" if number < 15 else "bcd"[number % 3], "q": f"c{min(number % 7, 4)}", "p": f"c{number % 3}"}
        for number in range(64)
    ]  # fmt: skip
    people += [{"g": "b", "q": "c5", "p": "c0"}] * 4
    valences = {
        "c0": "positive",
        "c1": "positive",
        "c2": "neutral",
        "c3": "negative",
        "c4": "negative",
        "c5": "negative",
    }
    return Grid(pandas.DataFrame(people), ("g",), valences)


def test_base_round_up_probability_changes_a_base():
    grid = Grid(pandas.DataFrame({"g": ["a"] * 52 + ["b"] * 63, "q": ["c0"] * 115}), ("g",), {})
    chances = (POLICY.base_round_up_probability, (0, 0.9, 0.9, 0.1, 0.1))
    bases = [
        release(replace_policy(POLICY, base_round_up_probability=one), grid).tables[-1].rows[0].base
        for one in chances
    ]
    assert [base.count for base in bases] == [50, 55]


def test_guard_changes_a_base():
    # 12 go down, because 15 would be more than 12 + 2; 13 may go up
    everybody = {"g": ["a"] * 13 + ["b"] * 50, "q": ["c0"] * 63}
    grid = Grid(pandas.DataFrame(everybody), ("g",), {"c0": "positive"})
    bases = [
        release(replace_policy(POLICY, group_disclosure_guard={"below_base": below, "guard": 4}), grid)
        .tables[-1].rows[0].base.count
        for below in (50, 0)
    ]  # fmt: skip
    assert bases == [10, 15]


def test_reserve_changes_what_can_be_solved():
    cells, impossible = [Target(1, 2, 1, 1.0)], [Equation((0,), (), 3)]
    allowed = Allowance(POLICY.reserve.multiples, POLICY.reserve.penalty)
    assert controlled_rounding(cells, impossible, seconds=1, allowance=allowed).multiples == (3,)
    with pytest.raises(ProtectionFailed):
        controlled_rounding(cells, impossible, seconds=1, allowance=Allowance(0, 20))


def test_penalty_decides_between_wishes_and_the_reserve():
    # all three wish to go up, but only two can, unless one of them goes down further
    cells = [Target(1, 2, 2, 3.0), Target(1, 2, 2, 3.0), Target(5, 5, 5, 0.0)]
    equations = [Equation((0, 1, 2), (), 8)]
    dear = controlled_rounding(cells, equations, seconds=1, allowance=Allowance(1, 20))
    cheap = controlled_rounding(cells, equations, seconds=1, allowance=Allowance(1, 0.1))
    assert (dear.beyond, cheap.beyond) == ((), (2,))


def test_seconds_per_question_end_a_release():
    with pytest.raises(ProtectionFailed, match="stopped early"):
        release(replace_policy(POLICY, seconds_per_question=1e-9))


def test_groups_decide_the_plan():
    fewer = replace_policy(POLICY, groups=("age_version",))
    tables = plan_tables(small_survey(), [], fewer).tables
    assert {table.group for table in tables} == {"all", "age_version"}


def test_weight_is_greater_near_a_multiple():
    targets = Targets(KEY, "r", POLICY)
    weights = [targets.target(("cell",), count).weight for count in range(10, 15)]
    assert weights == pytest.approx([0, 1.6, 1.2, 1.2, 1.6])


def test_merging_follows_the_minimum():
    grid = thin_and_nets()
    categories = grid.definition("q").categories
    assert len(categories_to_show(categories, [19, 9, 9, 9, 18, 4], POLICY).full) < 6
