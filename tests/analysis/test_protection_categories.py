"""Thin answers are merged with their own kind; nets stand for what a small group must not show."""

import pytest
from small_survey import POLICY

from analysis.cells import Category
from analysis.items import NON_ANSWER, OPTION
from analysis.protection_categories import categories_to_show

F4 = (("all", "positive"), ("most", "positive"), ("some", "negative"), ("never", "negative"))
A3 = (("yes", "positive"), ("sometimes", "neutral"), ("no", "negative"))
LIST = (("a", "none"), ("b", "none"), ("c", "none"), ("d", "none"))
TWO = (("yes", "none"), ("no", "none"))
SILENT = ("skipped", "dont_know", "rather_not_say")


def shown(options, counts, silent=()):
    categories = [Category(code, code.upper(), OPTION, valence) for code, valence in options]
    categories += [Category(code, code.upper(), NON_ANSWER) for code in silent]
    return categories_to_show(categories, counts, POLICY)


@pytest.mark.parametrize(
    ("options", "counts", "codes"),
    [
        (F4, [50, 40, 30, 20], ["all", "most", "some", "never"]),
        (F4, [50, 40, 30, 9], ["all", "most", "some+never"]),
        (F4, [50, 40, 4, 3], ["all", "most", "some+never"]),
        (F4, [9, 9, 9, 9], ["all+most", "some+never"]),
        (A3, [50, 3, 2], ["yes", "sometimes", "no"]),  # each the only one of its kind
        (LIST, [50, 3, 40, 60], ["a", "b+c", "d"]),  # the thinner neighbour
        (LIST, [1, 1, 1, 50], ["a+b+c", "d"]),
        (LIST, [1, 1, 1, 1], ["a+b", "c+d"]),  # never fewer than two
        (TWO, [3, 290], ["yes", "no"]),
        (LIST, [10, 10, 10, 10], ["a", "b", "c", "d"]),
        (LIST, [50, 0, 40, 60], ["a", "b+c", "d"]),
    ],
)
def test_thin_options_merge_with_a_neighbour_of_their_valence(options, counts, codes):
    assert [merged.category.code for merged in shown(options, counts).full] == codes


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ([20, 30, 40], ["skipped", "dont_know", "rather_not_say"]),
        ([3, 30, 40], ["skipped+dont_know", "rather_not_say"]),
        ([6, 6, 40], ["skipped+dont_know", "rather_not_say"]),
        ([3, 3, 40], ["skipped+dont_know+rather_not_say"]),
        ([3, 3, 3], ["skipped+dont_know+rather_not_say"]),
        ([0, 0, 40], ["skipped+dont_know+rather_not_say"]),
    ],
)
def test_thin_kinds_of_no_answer_merge_with_each_other(counts, codes):
    full = shown(A3, [50, 50, 50, *counts], SILENT).full
    assert [merged.category.code for merged in full[3:]] == codes


def test_merged_category_keeps_its_valence_members_and_all_words():
    merged = shown(F4, [50, 40, 30, 9]).full[2]
    assert merged.category == Category(
        "some+never", "SOME / NEVER", OPTION, "negative", ("some", "never")
    )
    assert merged.count([50, 40, 30, 9]) == 39


@pytest.mark.parametrize(
    ("options", "counts", "nets"),
    [
        (F4, [50, 40, 30, 20], ["net_positive", "net_negative"]),
        (F4, [50, 40, 30, 9], ["net_positive", "net_negative"]),
        (F4, [9, 9, 9, 9], []),  # two options are as coarse as it gets
        (A3, [50, 50, 50], []),
        ((*A3, ("other", "none"), ("none", "none")), [50] * 5,
         ["net_positive", "net_neutral", "net_negative", "net_other"]),
        (LIST, [50] * 4, ["net_other"]),
        (TWO, [50, 50], []),
    ],
)  # fmt: skip
def test_nets_cover_every_option_or_none(options, counts, nets):
    found = shown(options, counts)
    assert [net.category.code for net in found.nets] == nets
    covered = {merged.category.code for net in found.nets for merged in net.members}
    assert covered in (set(), {merged.category.code for merged in found.full})


def test_coarse_is_nets_and_what_no_net_covers():
    found = shown(A3, [50, 50, 50, 20, 20, 20], SILENT)
    codes = [piece.category.code for piece in found.coarse]
    assert codes == ["yes", "sometimes", "no", "net_no_answer"]


def test_not_asked_is_no_answer_and_no_option():
    categories = (Category("yes", "Yes", OPTION), Category("not_asked", "Not asked", NON_ANSWER))
    found = categories_to_show(categories, [50, 3], POLICY)
    assert [merged.category.code for merged in found.full] == ["yes"]
