"""Bases, percentages and nets: literal tables first, then what must hold for any row."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cells import (
    Category,
    CellStatus,
    ProtectedRow,
    ProtectedTable,
    published,
    withheld,
)
from analysis.measures import (
    Share,
    Silence,
    add,
    overall,
    read_row,
    share_of,
    silence_of,
    whole_percent,
)
from analysis.summary import Item
from questionnaires.model import Valence
from tests.analysis.sample_summary import POLICY, sample_summary

CATEGORIES = (
    Category("all", "All of the time", "option", "positive"),
    Category("most", "Most of the time", "option", "positive"),
    Category("mixed", "It depends", "option", "neutral"),
    Category("hardly", "Hardly ever", "option", "negative"),
    Category("dont_know", "I'm not sure", "non_answer"),
    Category("skipped", "Left out", "non_answer"),
    Category("not_asked", "Not asked", "non_answer"),
    Category("net_positive", "Positive", "net", "positive", ("all", "most")),
    Category("net_neutral", "Between", "net", "neutral", ("mixed",)),
    Category("net_negative", "Negative", "net", "negative", ("hardly",)),
    Category("net_no_answer", "None", "net", "none", ("dont_know", "skipped")),
)


def item_with(table):
    return Item(
        id="q",
        question="q",
        scale="f4",
        type="choice",
        short="Q",
        texts={},
        topic=None,
        themes=(),
        pictures="none",
        asked_of=("8-10",),
        categories=CATEGORIES[:7],
        tables=(table,),
    )


def read(base, cells, *, group="all", level="all", small_group=False):
    row = ProtectedRow(level, "Row", base, tuple(cells), small_group)
    table = ProtectedTable("q", group, "Group", CATEGORIES, (row,))
    return read_row(item_with(table), table, row, POLICY)


def full_row(counts):
    positive, neutral, negative = counts[0] + counts[1], counts[2], counts[3]
    nets = [positive, neutral, negative, counts[4] + counts[5]]
    return read(published(sum(counts)), [published(count) for count in (*counts, *nets)])


@pytest.mark.parametrize(
    ("exact", "percent"),
    [
        (Fraction(0), 0),
        (Fraction(1, 1000), 1),
        (Fraction(1, 8), 13),
        (Fraction(1, 3), 33),
        (Fraction(1, 2), 50),
        (Fraction(2, 3), 67),
        (Fraction(995, 1000), 99),
        (Fraction(999, 1000), 99),
        (Fraction(1), 100),
        (Fraction(21, 20), 100),
    ],
)
def test_a_percentage_is_whole_and_keeps_0_and_100_for_none_and_all(exact, percent):
    assert whole_percent(exact) == percent


@pytest.mark.parametrize(
    ("part", "base", "expected"),
    [
        (published(5), published(20), Share(CellStatus.PUBLISHED, 5, 20)),
        (published(5), published(5), Share(CellStatus.PRIMARY_SUPPRESSED)),
        (published(0), published(0), Share(CellStatus.PRIMARY_SUPPRESSED)),
        (withheld(), published(20), Share(CellStatus.PRIMARY_SUPPRESSED)),
        (published(5), withheld(), Share(CellStatus.PRIMARY_SUPPRESSED)),
        (
            withheld(CellStatus.COMPLEMENTARY_SUPPRESSED),
            published(20),
            Share(CellStatus.COMPLEMENTARY_SUPPRESSED),
        ),
        (withheld(CellStatus.NETTED), published(20), Share(CellStatus.NETTED)),
    ],
)
def test_a_share_is_withheld_with_either_number_or_under_the_minimum_base(part, base, expected):
    assert share_of(part, base, 10) == expected


def test_a_withheld_share_has_no_percentage():
    with pytest.raises(ValueError, match="withheld"):
        _ = Share(CellStatus.NETTED).percent


def test_the_three_bases_of_a_full_row():
    reading = full_row([40, 20, 10, 10, 15, 5, 30])
    assert (reading.base.count, reading.asked.count, reading.valid.count) == (130, 100, 80)
    assert reading.shares["all"].percent == 50  # of those who chose an option
    assert reading.shares["dont_know"].percent == 15  # of those asked
    assert {v: reading.nets[v].percent for v in reading.nets} == {
        Valence.POSITIVE: 75,
        Valence.NEUTRAL: 13,
        Valence.NEGATIVE: 13,
    }
    assert {kind: cell.count for kind, cell in reading.silences.items()} == {
        Silence.UNSURE: 15,
        Silence.LEFT_OUT: 5,
    }


def test_a_small_group_is_read_from_its_nets():
    netted = [withheld(CellStatus.NETTED)] * 6
    cells = [*netted, published(0), *map(published, (10, 0, 5, 0))]
    reading = read(published(15), cells, small_group=True)
    assert reading.valid.count == 15
    assert reading.shares["all"].status is CellStatus.NETTED
    assert reading.positive.percent == 67
    assert reading.silences == {Silence.TOGETHER: published(0)}


def test_a_withheld_row_gives_no_number_at_all():
    reading = read(withheld(), [withheld()] * len(CATEGORIES))
    assert not any(share.shown for share in (*reading.shares.values(), *reading.nets.values()))
    assert reading.valid.count is reading.asked.count is None


def test_a_withheld_not_asked_leaves_the_asked_to_be_added_up():
    counts = [20, 10, 0, 10, 5, 5]
    cells = [*map(published, counts), withheld(), *map(published, (30, 0, 10, 10))]
    assert read(published(80), cells).asked.count == 50


def test_one_held_back_option_holds_back_its_net_and_every_share_but_no_count():
    counts = [
        published(20),
        withheld(CellStatus.COMPLEMENTARY_SUPPRESSED),
        *map(published, (0, 20)),
    ]
    hidden = withheld(CellStatus.COMPLEMENTARY_SUPPRESSED)
    cells = [*counts, *map(published, (0, 0, 0)), hidden, hidden, hidden, published(0)]
    reading = read(published(60), cells)
    assert reading.positive.status is CellStatus.COMPLEMENTARY_SUPPRESSED
    assert not any(reading.shares[code].shown for code in ("all", "most", "mixed", "hardly"))
    assert reading.cells["all"].count == 20


def test_a_version_that_was_not_asked_says_so():
    cells = [*[published(0)] * 6, published(40), *[published(0)] * 4]
    for reading in (
        read(published(40), cells),
        read(published(40), cells, group="age_version", level="16-17"),
    ):
        assert reading.valid.status is CellStatus.NOT_APPLICABLE
        assert reading.positive.status is CellStatus.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        (Category("skipped", "", "non_answer"), Silence.LEFT_OUT),
        (Category("rather_not_say", "", "non_answer"), Silence.LEFT_OUT),
        (Category("dont_understand", "", "non_answer"), Silence.UNSURE),
        (Category("does_not_apply", "", "non_answer"), Silence.NOT_APPLICABLE),
        (Category("not_asked", "", "non_answer"), None),
        (Category("a+b", "", "non_answer", "none", ("dont_know", "skipped")), Silence.TOGETHER),
        (
            Category("a+b", "", "non_answer", "none", ("skipped", "rather_not_say")),
            Silence.LEFT_OUT,
        ),
        (Category("net_other", "", "net", "none", ("one", "two")), None),
        (Category("net_no_answer", "", "net", "none", ("dont_know", "skipped")), Silence.TOGETHER),
        (Category("yes", "", "option"), None),
    ],
)
def test_the_kinds_of_no_answer_are_told_apart_and_also_when_merged(category, kind):
    assert silence_of(category) == kind


def test_adding_up_stops_at_the_first_withheld_cell():
    assert add([published(5), published(10)]) == published(15)
    assert add([published(5), withheld(CellStatus.NETTED)]).status is CellStatus.NETTED
    assert add([]).status is CellStatus.NOT_APPLICABLE


def test_a_merged_option_counts_in_its_net():
    settled = next(item for item in sample_summary().items if item.question == "settled")
    reading = overall(settled, POLICY)
    assert reading.nets[Valence.NEGATIVE].part == 30
    assert reading.valid.count == 100


@given(st.lists(st.integers(0, 20), min_size=7, max_size=7))
def test_parts_add_up_to_their_base_whatever_the_row(fives):
    counts = [5 * five for five in fives]
    reading = full_row(counts)
    chosen = [reading.shares[code] for code in ("all", "most", "mixed", "hardly")]
    if reading.valid.count is not None and reading.valid.count >= 10:
        assert sum(share.part for share in chosen) == reading.valid.count
        assert sum(share.part for share in reading.nets.values()) == reading.valid.count
        assert all(0 <= share.percent <= 100 for share in chosen)
    else:
        assert not any(share.shown for share in chosen)


@given(
    st.lists(
        st.one_of(
            st.integers(0, 20).map(lambda five: published(5 * five)),
            st.sampled_from(
                [
                    withheld(),
                    withheld(CellStatus.COMPLEMENTARY_SUPPRESSED),
                    withheld(CellStatus.NETTED),
                ]
            ),
        ),
        min_size=11,
        max_size=11,
    )
)
def test_no_share_is_made_of_a_withheld_cell(cells):
    reading = read(published(200), cells)
    for category, cell in zip(CATEGORIES, cells, strict=True):
        if cell.count is None:
            assert not reading.shares[category.code].shown
        elif reading.shares[category.code].shown:
            assert reading.shares[category.code].part == cell.count
