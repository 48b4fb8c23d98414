"""Keyed wishes: fixed by key, cell and count; in the stated proportions; never a third multiple."""

import pytest
from small_survey import KEY, POLICY, with_policy

from analysis.bases import guarded
from analysis.targets import Target, Targets, release_key

TARGETS = Targets(KEY, "small", POLICY)


@pytest.mark.parametrize("count", [0, 5, 10, 300])
def test_multiple_stays_where_it_is(count):
    assert TARGETS.target(("cell",), count) == Target(count // 5, count // 5, count // 5, 0.0)


def test_same_cell_and_count_always_wish_the_same():
    assert TARGETS.target(("a", "b"), 12) == Targets(KEY, "small", POLICY).target(("a", "b"), 12)


@pytest.mark.parametrize(("remainder", "share"), [(1, 0.05), (2, 0.35), (3, 0.65), (4, 0.95)])
def test_wishes_come_in_the_stated_proportions(remainder, share):
    wishes = [TARGETS.target((f"cell {n}",), 5 * n + remainder) for n in range(4000)]
    ups = sum(target.wish > target.low for target in wishes) / len(wishes)
    assert ups == pytest.approx(share, abs=0.03)


def test_wish_hangs_on_key_release_cell_and_count():
    def wishes(targets, *, prefix="", shift=0):
        return [targets.target((f"{prefix}{n}",), 5 * n + 2 + shift).wish - n for n in range(200)]

    usual = wishes(TARGETS)
    assert usual != wishes(Targets(bytes(32), "small", POLICY))
    assert usual != wishes(Targets(KEY, "other", POLICY))
    assert usual != wishes(TARGETS, prefix="x")
    assert usual != wishes(TARGETS, shift=1)


def test_cells_with_the_same_letters_are_different_cells():
    one = [TARGETS.target((f"a{n}", "b"), 12).wish for n in range(200)]
    other = [TARGETS.target((f"a{n}b",), 12).wish for n in range(200)]
    assert one != other


def test_key_has_thirty_two_bytes_and_is_not_shown():
    with pytest.raises(ValueError, match="32 bytes"):
        Targets(b"short", "small", POLICY)
    assert str(KEY) not in repr(TARGETS)


def test_release_key_is_the_same_at_every_release_of_a_wave():
    assert release_key(b"s" * 32, b"w" * 16) == release_key(b"s" * 32, b"w" * 16)
    assert len(release_key(b"s" * 32, b"w" * 16)) == 32


@pytest.mark.parametrize(
    ("base", "choices"),
    [
        (10, {10}), (11, {10}), (12, {10}), (13, {10, 15}), (14, {10, 15}), (15, {15}),
        (46, {45}), (47, {45}), (48, {45, 50}), (51, {50, 55}), (52, {50, 55}),
    ],
)  # fmt: skip
def test_guard_keeps_a_base_from_going_up_too_far(base, choices):
    target = guarded(TARGETS.target(("base",), base), base, POLICY)
    assert {5 * target.low, 5 * target.high} == choices


def test_nearest_is_not_secret():
    assert [TARGETS.nearest(count).wish for count in range(15, 21)] == [3, 3, 3, 4, 4, 4]
    fours = with_policy(
        rounding_base=4,
        round_up_probability=(0, 0.2, 0.5, 0.8),
        base_round_up_probability=(0, 0.2, 0.5, 0.8),
    )
    assert [Targets(KEY, "small", fours).nearest(count).wish for count in (5, 6, 7)] == [1, 1, 2]
