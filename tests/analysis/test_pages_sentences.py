"""Every form of words that a figure can take, as literal tables."""

import re

import pytest

from analysis.cells import CellStatus, published, withheld
from analysis.findings import item_findings, range_sentence, theme_sentence
from analysis.measures import Share
from analysis.number_words import (
    about_in_ten,
    count_words,
    join_with_or,
    share_words,
    short_withheld_words,
)
from analysis.report import response, tiles
from analysis.sentences import (
    audience_words,
    could_be,
    positive_answers,
)
from analysis.summary import CoverageRow, Theme
from analysis.themes import concept_named, concepts
from tests.analysis.results_site import results_site
from tests.analysis.sample_summary import POLICY, sample_summary

SUMMARY = sample_summary()


def shown(part, base):
    return Share(CellStatus.PUBLISHED, part, base)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (shown(100, 120), "83%"),
        (shown(0, 120), "fewer than 5 people"),
        (shown(120, 120), "nearly all"),
        (shown(5, 1000), "1%"),
        (shown(995, 1000), "99%"),
        (Share(CellStatus.PRIMARY_SUPPRESSED), "not shown: fewer than 10 answered"),
        (
            Share(CellStatus.COMPLEMENTARY_SUPPRESSED),
            "not shown: it would give away another number",
        ),
        (Share(CellStatus.NETTED), "only in the totals: small group"),
        (Share(CellStatus.NOT_APPLICABLE), "not asked"),
    ],
)
def test_a_share_in_words(share, words):
    assert share_words(share, POLICY) == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (published(0), "fewer than 5"),
        (published(1250), "1,250"),
        (withheld(), "not shown: fewer than 10 answered"),
    ],
)
def test_a_count_in_words(cell, words):
    assert count_words(cell, POLICY) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CellStatus.PRIMARY_SUPPRESSED, "under 10"),
        (CellStatus.COMPLEMENTARY_SUPPRESSED, "held back"),
        (CellStatus.NETTED, "in totals"),
        (CellStatus.NOT_APPLICABLE, "not asked"),
    ],
)
def test_a_withheld_cell_of_a_heat_map(status, words):
    assert short_withheld_words(status, POLICY) == words


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (0, "Almost nobody"),
        (4, "Fewer than 1 in 10"),
        (5, "About 1 in 10"),
        (44, "About 4 in 10"),
        (45, "About half"),
        (54, "About half"),
        (55, "About 6 in 10"),
        (94, "About 9 in 10"),
        (95, "More than 9 in 10"),
        (100, "Nearly all"),
    ],
)
def test_a_share_as_people_say_it(percent, words):
    assert about_in_ten(percent) == words


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (
            "safe_home",
            [
                "About 9 in 10 said “Yes, mostly” (88%, base 40). "
                "And fewer than 5 people said “No”.",
                "About 8 in 10 said “All of the time” or “Most of the time” (80%, base 100). "
                "And 20% said “Some of the time” or “Hardly ever”.",
            ],
        ),
        ("complain", ["About 6 in 10 said “Yes” (60%, base 100). And 40% said “No”."]),
        ("workers", ["“One” 42%, “Two” 32%, “Three or more” 26% (base 95)."]),
        ("missed_why", ["“I was ill” 60%, “I was worried” 33%, “I moved home” 13% (base 75)."]),
    ],
)
def test_a_question_in_a_sentence(question, sentences):
    concept = concept_named(SUMMARY, question)
    assert [told for _, told in item_findings(SUMMARY, concept)] == sentences


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (71, 88, "between 71% and 88%."),
        (0, 12, "between almost none and 12%."),
        (93, 100, "between 93% and nearly all."),
    ],
)
def test_a_range_in_words(low, high, words):
    assert could_be(low, high).endswith(words)


def test_the_range_of_a_question_and_none_where_some_were_routed_past():
    items = {item.id: item for item in SUMMARY.items}
    assert "between 71% and 88%" in range_sentence(SUMMARY, items["safe_home:f4"])
    assert range_sentence(SUMMARY, items["say_in_move:yes"]) == ""
    assert range_sentence(SUMMARY, items["workers:band"]) == ""


def test_the_minority_is_named_on_every_question():
    for concept in concepts(SUMMARY.items):
        for item, told in item_findings(SUMMARY, concept):
            for category in item.tables[0].categories:
                if category.kind == "option" and category.code != "not_chosen":
                    assert category.valence == "neutral" or f"“{category.label}”" in told


def test_no_sentence_has_a_decimal_or_a_rounded_nothing_or_all():
    told = [theme_sentence(SUMMARY, theme) for theme in SUMMARY.themes]
    told += [t for c in concepts(SUMMARY.items) for _, t in item_findings(SUMMARY, c)]
    assert not any(re.search(r"\d[.]\d|\b0%|100%", sentence) for sentence in told)


@pytest.mark.parametrize(
    ("theme", "sentence"),
    [
        (
            "L6",
            "76% of answers were positive, taking 4 questions together. Most positive: has an adult "
            "they trust with a worry, “Yes” (88%). "
            "Least positive: knows how to make a complaint, “Yes” (60%).",
        ),
        ("L9", "60% of answers to the one question were positive."),
        ("S4", "No question in this survey asks about this theme."),
    ],
)
def test_a_theme_in_a_sentence(theme, sentence):
    themes = (*SUMMARY.themes, Theme(id="S4", label="Working together"))
    summary = sample_summary(themes=themes)
    found = next(t for t in summary.themes if t.id == theme)
    assert theme_sentence(summary, found) == sentence


def test_the_tiles_are_picked_by_rule_among_questions_that_most_answered():
    told = [(tile.number, tile.question) for tile in tiles(SUMMARY)]
    assert told == [
        ("64%", None),
        ("88%", "trusted_adult"),
        ("52%", "worker_promises"),  # not "say_in_move", which 55 of 140 answered
        ("21%", "complain"),
    ]
    assert tiles(SUMMARY)[1].answers == "said “Yes”"


def test_a_tile_names_the_answers_of_every_scale():
    concept = concept_named(SUMMARY, "safe_home")
    assert positive_answers(concept) == "“Yes, mostly”, “All of the time” or “Most of the time”"


def test_the_response_names_who_is_missing():
    told, missing, lines = response(SUMMARY)
    assert told == "140 of 220 children in care who were invited took part: 64%."
    assert missing == (
        "About 80 who were invited did not take part, and what they think is not known. "
        "These results speak for those who answered. "
        "Least heard: aged 16 to 17 (47% took part); most heard: aged 8 to 10 (73%)."
    )
    assert [line.rate for line in lines] == ["64%", "73%", "72%", "47%"]


def test_a_withheld_response_says_so_and_gives_no_number():
    hidden = CoverageRow(level="all", label="Everyone", invited=withheld(), responded=withheld())
    told, missing, lines = response(sample_summary(coverage=(hidden,)))
    assert told == "How many took part is not shown: not shown: fewer than 10 answered."
    assert missing == ""
    assert lines[0].percent is None


@pytest.mark.parametrize(
    ("asked_of", "words"),
    [
        (("8-10",), "aged 8 to 10"),
        (("11-15", "16-17"), "aged 11 to 15 and 16 to 17"),
        (("8-10", "11-15", "16-17"), ""),
    ],
)
def test_who_was_asked_is_said_only_when_it_was_not_everyone(asked_of, words):
    item = SUMMARY.items[0].model_copy(update={"asked_of": asked_of})
    assert audience_words(item, SUMMARY) == words


def test_lists_of_answers():
    assert join_with_or(["a"]) == "a"
    assert join_with_or(["a", "b", "c"]) == "a, b or c"


def test_sentences_are_the_same_inside_a_site(tmp_path):
    with results_site(tmp_path, sample_summary()).app_context():
        assert share_words(shown(100, 120), POLICY) == "83%"
