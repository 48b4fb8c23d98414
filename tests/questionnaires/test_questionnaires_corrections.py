"""Slips of the pen and changes of meaning: literal tables, then laws that hold for any text."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.correction_record import (
    Correction,
    RecordDamaged,
    add_corrections,
    corrected_times,
    read_corrections,
)
from questionnaires.corrections import (
    Kind,
    change_faults,
    classify,
    snapshot_of,
    survey_from_snapshot,
)
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_survey, load_surveys, load_with_places
from questionnaires.reading_rules import ROOM
from questionnaires.typos import common_words, edit_distance, why_no_slip

PAGES = """
- information: hello
  heading: Befor we start
  body: ["There are no right or wrong answers here."]
- question: moved
  type: choice
  text: Have you moved recnetly?
  hint: Think of the last 12 months.
  short: Moved
  options:
    - {code: often, label: "More than once in that time"}
    - {code: once, label: "One time and then never again"}
  non_answers: {dont_know: "I am not qiute sure"}
- question: settled
  type: ladder
  when: {question: moved, is: [once]}
  text: How well have you settled?
  short: Settled
  low_label: Not at all
  high_label: Completely
- battery: home
  text: Is this true of the palce where you live?
  scale: yes_no
  questions:
    - question: warm
      text: It is warm.
      short: Warm
    - question: quiet
      text: It is quiet.
      short: Quiet
"""


@pytest.mark.parametrize(
    ("before", "after", "distance"),
    [
        ("", "", 0),
        ("kitten", "sitting", 3),
        ("teh", "the", 1),
        ("ca", "abc", 3),
        ("recieve", "receive", 1),
        ("abcd", "badc", 2),
        ("safe", "unsafe", 2),
        ("", "abc", 3),
    ],
)
def test_edit_distance_of_known_pairs(before, after, distance):
    assert edit_distance(before, after) == edit_distance(after, before) == distance


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Do you fele safe where you live?", "Do you feel safe where you live?"),
        ("Do you feel safe where you live", "Do you feel safe where you live?"),
        ("Do you know why  you are in care?", "Do you know why you are in care?"),
        ("Do grownups listen to you?", "Do grown-ups listen to you?"),
        ("Do grown ups listen to you?", "Do grown-ups listen to you?"),
        ("Do you have good friend at school?", "Do you have a good friend at school?"),
        ("Do your grown-ups listen to to you?", "Do your grown-ups listen to you?"),
        ("does your social worker visit you?", "Does your social worker visit you?"),
        ("It is your chidlren’s home we mean.", "It is your children's home we mean."),
        ("In the last 4 weeks, did you vist them?", "In the last 4 weeks, did you visit them?"),
        ("Is it allright here for you to stay?", "Is it all right here for you to stay?"),
        ("Cafe\u0301 in the park or somewhere", "Caf\u00e9 in the park or somewhere"),
    ],
)
def test_slips_of_the_pen(before, after):
    assert why_no_slip(before, after) == ""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("In the last 4 weeks, were you safe?", "In the last 6 weeks, were you safe?", "number"),
        ("Are there 10 children in it or so?", "Are there 100 children in it or so?", "number"),
        ("Do you feel safe where you live?", "Don't you feel safe where you live?", "says no"),
        ("Do you ever feel safe at home now?", "Do you never feel safe at home now?", "says no"),
        ("You can now stay in your own home.", "You cannot stay in your own home.", "says no"),
        ("Do you feel safe where you live?", "Did you feel safe where you live?", "“do” is a word"),
        ("Do you feel safe where you live?", "Do you feel unsafe where you live?", "“safe” is"),
        ("Is that comfortable for you to do?", "Is that uncomfortable for you to do?", "may mean"),
        ("Would you recommend her to them all?", "Would you recommend him to them all?", "“her”"),
        ("My manager supports me when I ask.", "My manager supported me when I ask.", "may mean"),
        ("I trust my team when it is hard.", "I distrust my team when it is hard.", "may mean"),
        ("Do you like the people you live with?", "Do you like the people you left?", "letters"),
        ("Yse", "Yes", "fifth"),
        ("OK", "Ok", "fifth"),
        ("You picked: {one}. Is that right now?", "You picked: {two}. Is that right now?", "curly"),
        ("Do you feel safe where you live?", "Do you feel safe in where you live?", "put in"),
    ],
)
def test_what_is_no_slip(before, after, reason):
    assert reason in why_no_slip(before, after)


def test_a_word_that_stands_elsewhere_is_no_slip():
    before, after = "Is your carer kind to you these days?", "Is your carer king to you these days?"
    assert why_no_slip(
        "Do you like the mentor that you got?", "Do you like the mentors that you got?"
    )
    assert "“zebra” is a word" in why_no_slip("A zebra lives here with us all.", "A zebre lives here with us all.", {"zebra"})  # fmt: skip
    assert "kind" in why_no_slip(before, after)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


@given(texts)
def test_no_change_is_no_change(text):
    assert why_no_slip(text, text) == ""


@given(texts, texts)
def test_a_slip_is_never_more_than_three_letters_nor_another_number(before, after):
    if why_no_slip(before, after) == "":
        assert re.findall(r"\d+", before) == re.findall(r"\d+", after)
        assert edit_distance(before, after) <= 3 + sum(ord(c) > 127 for c in before + after)


@given(st.sampled_from(sorted(common_words())), st.sampled_from(sorted(common_words())))
def test_one_common_word_never_slips_into_another(one, other):
    frame = "Here is a sentence of some length with {} in the middle of all of it."
    changed = why_no_slip(frame.format(one), frame.format(other))
    assert (changed == "") == (one == other)


@given(texts, texts)
def test_distance_is_bounded_and_symmetric(one, other):
    distance = edit_distance(one, other)
    assert distance == edit_distance(other, one)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))


def states(folder, old, new):
    folder.version(PAGES)
    before = load_survey(folder.path)
    assert old in PAGES
    file = folder.version(PAGES.replace(old, new))
    return before, load_with_places(folder.path), file


def verdict(folder, old, new):
    before, loaded, _ = states(folder, old, new)
    return classify(before, loaded.survey)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("recnetly", "recently", "text"),
        ("Befor we", "Before we", "heading"),
        ("wrong answers here", "wrong answers, here", "body 1"),
        ("Think of the", "Think  of the", "hint"),
        ("time and then never", "time, and then never", "options once label"),
        ("qiute", "quite", "non_answers dont_know"),
        ("palce", "place", "battery text"),
    ],
)
def test_words_that_may_be_corrected(folder, old, new, field):
    found = verdict(folder, old, new)
    assert found.kind is Kind.TYPO
    assert [change.field for change in found.changes] == [field]
    assert found.changes[0].audience == "adult"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Have you moved", "Had you moved"),
        ("12 months", "10 months"),
        ("More than once in that time", "Less than once in that time"),
        ("code: often", "code: often_"),
        ("code: often", "code: oftn"),
        ("is: [once]", "is: [often]"),
        ("  when: {question: moved, is: [once]}\n", ""),
        ("question: warm", "question: warmth"),
        ("type: ladder", "type: ladder\n  good_end: low"),
        ("type: ladder", "type: ladder\n  sensitive: true"),
        ("short: Moved", "short: Moved\n  symbol: house"),
        ("short: Moved", "short: Moved\n  topic: C01"),
        ("type: choice", "type: choices"),
        ("  hint: Think of the last 12 months.\n", ""),
        ("{dont_know:", "{rather_not_say:"),
        ("low_label: Not at all", "low_label: At all"),
    ],
)
def test_what_counts_as_meaning(folder, old, new):
    assert verdict(folder, old, new).kind is Kind.MEANING


def test_one_change_of_meaning_among_slips_is_a_change_of_meaning(folder):
    folder.version(PAGES)
    before = load_survey(folder.path)
    folder.version(PAGES.replace("recnetly", "recently").replace("12 months", "6 months"))
    assert classify(before, load_survey(folder.path)).kind is Kind.MEANING


@pytest.mark.parametrize("swap", [("warm", "quiet"), ("often", "once")])
def test_another_order_is_a_change_of_meaning(folder, swap):
    one, other = swap
    swapped = PAGES.replace(one, "§").replace(other, one).replace("§", other)
    folder.version(PAGES)
    before = load_survey(folder.path)
    folder.version(swapped)
    assert classify(before, load_survey(folder.path)).kind is Kind.MEANING


def test_order_of_options_alone_is_seen(folder):
    one = '    - {code: often, label: "More than once in that time"}\n'
    other = '    - {code: once, label: "One time and then never again"}\n'
    found = verdict(folder, one + other, other + one)
    (change,) = found.changes
    assert (change.field, change.before, change.after) == (
        "options order", "often, once", "once, often",
    )  # fmt: skip


def test_nothing_is_nothing(folder):
    assert verdict(folder, "short: Moved", "short: Moved  # a comment").kind is Kind.NOTHING


def test_a_page_that_is_gone_is_one_change(folder):
    start = PAGES.index("- question: settled")
    end = PAGES.index("- battery")
    found = verdict(folder, PAGES[start:end], "")
    assert (found.changes[0].page, found.changes[0].after) == ("settled", "nothing")


def test_a_battery_is_named_once_though_its_words_stand_on_every_page(folder):
    found = verdict(folder, "palce", "place")
    assert len(found.changes) == 1


def test_a_change_is_told_with_file_line_and_what_to_do(folder):
    before, loaded, file = states(folder, "recnetly", "recently")
    (fault,) = change_faults(loaded, classify(before, loaded.survey))
    assert str(fault).startswith(
        f"{file}:18: question moved: text: “Have you moved recnetly?” is now “Have you moved recently?”"
    )
    assert "questionnaires correct moving --by NAME" in fault.advice


def test_a_change_of_meaning_says_what_to_do_instead(folder):
    before, loaded, file = states(folder, "12 months", "6 months")
    (fault,) = change_faults(loaded, classify(before, loaded.survey))
    assert str(fault).startswith(f"{file}:19: question moved: hint: ")
    assert "A number is another." in fault.message
    assert "prepare a new one" in fault.advice


def test_a_change_in_the_head_is_told_at_the_head(folder):
    folder.version(PAGES)
    before = load_survey(folder.path)
    file = folder.version(PAGES)
    file.write_text(file.read_text().replace("look: desk", "look: young"))
    loaded = load_with_places(folder.path)
    (fault,) = change_faults(loaded, classify(before, loaded.survey))
    assert (fault.line, fault.element) == (5, "version adult")


@pytest.mark.parametrize("survey", load_surveys(ROOM).values(), ids=lambda survey: survey.id)
def test_a_snapshot_is_what_the_fingerprint_is_of_and_can_be_read_back(survey):
    text, fingerprint = snapshot_of(survey), instrument_hash(survey)
    again = survey_from_snapshot(text, fingerprint)
    assert instrument_hash(again) == fingerprint
    assert classify(survey, again).kind is Kind.NOTHING
    with pytest.raises(ValueError, match="not as it was written"):
        survey_from_snapshot(text.replace("a", "e", 1), fingerprint)


def correction(**more):
    values = {
        "wave": "00", "survey": "moving", "version": 1, "on": date(2026, 11, 20), "by": "Sam",
        "audience": "adult", "question": "moved", "field": "text", "before": "a", "after": "b",
        "hash_before": "00", "hash_after": "11",
    }  # fmt: skip
    return Correction(**{**values, **more})


def test_the_record_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "corrections.jsonl"
    assert read_corrections(file) == ()
    first, second = correction(), correction(version=2, after="ü “b”\n")
    add_corrections(file, [first])
    add_corrections(file, [second])
    assert read_corrections(file) == (first, second)
    assert file.stat().st_mode & 0o077 == 0
    assert corrected_times([first, second], "moving")["adult", "moved"] == 2
    assert corrected_times([first, second], "staying")["adult", "moved"] == 0


@pytest.mark.parametrize("line", ["", "{}", "[]", "no", '{"wave": 1}'])
def test_a_damaged_record_names_the_line(tmp_path, line):
    file = tmp_path / "corrections.jsonl"
    add_corrections(file, [correction()])
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(RecordDamaged, match=r"corrections\.jsonl:2"):
        read_corrections(file)


def test_the_codebook_says_how_often_each_question_was_corrected(folder, tmp_path):
    import csv
    import io

    from click.testing import CliRunner

    from questionnaires.commands import questionnaires

    folder.version(PAGES)
    file = tmp_path / "corrections.jsonl"
    add_corrections(file, [correction(), correction(version=2)])
    asked = ["codebook", "moving", "--root", str(folder.root), "--corrections", str(file)]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(questionnaires, asked).output)))
    assert {row["concept"]: row["corrections"] for row in rows} == {
        "moved": "2", "settled": "0", "warm": "0", "quiet": "0",
    }  # fmt: skip
