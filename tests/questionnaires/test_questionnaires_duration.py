"""Minutes: known answers by hand, what changes them, and when an author is told."""

from dataclasses import replace

import pytest

from questionnaires import duration, messages
from questionnaires.duration import PACES, Duration, duration_faults, duration_of
from questionnaires.loading import load_all_with_places, load_survey, load_with_places
from questionnaires.reading_rules import ROOM

ADULT = PACES["adult"]
FIVE_WORDS = """
- question: moved
  type: yes_no
  text: Have you moved this year?
  short: Moved
  options: [{code: yes, label: "Yes"}, {code: no, label: "No"}]
"""
ENDS = 60 * (1 + 5 + ADULT.words_around) / ADULT.words_per_minute + 2 * ADULT.turn
"""Title and welcome of the folder's head, what Heard says itself, and two pages to turn."""


def measured(folder, pages):
    folder.version(pages)
    return duration_of(load_survey(folder.path).questionnaires[0])


def test_one_question_by_hand(folder):
    reading = 60 * 7 / 238  # five words asked, two offered
    by_hand = ENDS + reading + 2.5 + 2 * 0.3 + 1.5
    found = measured(folder, FIVE_WORDS)
    assert found.longest == pytest.approx(by_hand / 60)
    assert (found.pages, found.words, found.stated) == (1, 7, 1)
    assert found.typical == found.longest


def test_an_ordinary_question_of_adults_takes_what_was_measured(folder):
    """Pew plans 85 ordinary questions for 15 minutes: 10.6 seconds for each."""
    one = """
- question: how{n}
  type: choice
  text: How satisfied are you with the way that things are going{n}?
  short: Satisfied
  options:
    - {{code: very, label: "Very satisfied{n}"}}
    - {{code: quite, label: "Somewhat satisfied{n}"}}
    - {{code: little, label: "Not too satisfied{n}"}}
    - {{code: not, label: "Not at all satisfied{n}"}}
"""
    found = measured(folder, "".join(one.format(n=number) for number in range(85)))
    assert found.longest * 60 - ENDS == pytest.approx(15 * 60, rel=0.15)


def test_an_answer_scale_is_read_once_and_recognised_after(folder):
    first = measured(folder, FIVE_WORDS)
    both = FIVE_WORDS + FIVE_WORDS.replace("question: moved", "question: moved_again")
    assert measured(folder, both).words == first.words + 5


def test_one_text_is_written_however_many_are_asked(folder):
    text = """
- question: why{n}
  type: text
  text: Why did you move?
  short: Why
  max_length: 100
"""
    none, one = measured(folder, FIVE_WORDS), measured(folder, FIVE_WORDS + text.format(n=1))
    two = measured(folder, FIVE_WORDS + text.format(n=1) + text.format(n=2))
    reading = 60 * 4 / 238 + 2.5 + 1.5
    assert (one.longest - none.longest) * 60 == pytest.approx(reading + ADULT.write)
    assert (two.longest - one.longest) * 60 == pytest.approx(reading)
    assert (one.typical - none.typical) * 60 == pytest.approx(reading)


def test_the_longest_way_is_measured_and_a_typical_one_is_shorter(folder):
    routed = FIVE_WORDS.replace("moved\n", "why\n  when: {question: moved, is: [yes]}\n", 1)
    found = measured(folder, FIVE_WORDS + routed)
    extra = found.longest - measured(folder, FIVE_WORDS).longest
    assert found.pages == 2
    assert found.longest - found.typical == pytest.approx(extra / 2)


@pytest.mark.parametrize(
    ("type_", "more", "looks", "decisions"),
    [
        ("choices", "", 4, 1),
        ("ranking", "places: 1", 4, 1),
        ("band", "", 2, 1),
    ],
)
def test_several_answers_are_looked_at_twice(folder, type_, more, looks, decisions):
    asked = FIVE_WORDS.replace("yes_no", f"{type_}\n  {more}" if more else type_)
    seconds = measured(folder, asked).longest * 60 - ENDS - 60 * 7 / 238 - 1.5
    assert seconds == pytest.approx(decisions * 2.5 + looks * 0.3)


def test_children_take_longer_over_the_same_words(folder):
    grown = measured(folder, FIVE_WORDS)
    file = folder.path / "adult.yaml"
    file.write_text(file.read_text().replace("reading: adult", 'reading: "8-10"'))
    child = duration_of(load_survey(folder.path).questionnaires[0])
    assert child.words == grown.words
    assert child.longest > 0.8 * grown.longest


@pytest.mark.parametrize(
    ("stated", "longest", "right"),
    [
        (1, 2.0, True),
        (1, 2.1, False),
        (10, 11.0, True),
        (10, 13.3, True),
        (10, 13.4, False),
        (10, 8.0, True),
        (10, 7.9, False),
        (3, 2.0, True),
    ],
)
def test_a_quarter_or_a_minute_is_allowed(stated, longest, right):
    assert Duration(stated, longest, longest, 1, 1).is_right is right


def test_what_to_state_is_never_nothing():
    assert Duration(1, 0.2, 0.2, 1, 1).fitting == 1
    assert Duration(1, 7.6, 7.6, 1, 1).fitting == 8


def test_an_author_is_told_what_was_measured_where_it_is_stated(folder):
    file = folder.version(FIVE_WORDS)
    file.write_text(file.read_text().replace("minutes: 1", "minutes: 9"))
    (fault,) = duration_faults(load_with_places(folder.path))
    assert str(fault).startswith(f"{file}:7: minutes: It states 9 minutes; measured")
    assert "Write `minutes: 2`" in fault.advice


def test_the_welcome_page_must_say_the_same(folder):
    file = folder.version(FIVE_WORDS)
    welcome = 'welcome: ["These take about 12 minutes."]'
    file.write_text(file.read_text().replace("welcome: [These are a few questions.]", welcome))
    (fault,) = duration_faults(load_with_places(folder.path))
    assert fault.message == "The welcome page says 12 minutes, and `minutes` is 1."
    assert fault.line == 8


def test_the_severity_is_one_constant():
    told = (messages.MINUTES_NOT_MEASURED, messages.MINUTES_SAID_OTHERWISE)
    assert {saying.severity for saying in told} == {messages.MINUTES_SEVERITY}


def test_shipped_versions_take_between_three_and_twenty_minutes():
    for loaded in load_all_with_places(ROOM).values():
        for one in loaded.survey.questionnaires:
            found = duration_of(one)
            assert 3 < found.typical <= found.longest < 20, one.id


def test_paces_grow_with_age():
    speeds = [PACES[level].words_per_minute for level in ("8-10", "11-15", "16+", "adult")]
    assert speeds == sorted(speeds) == [120, 160, 200, 238]


def test_a_faster_reader_is_sooner_done(folder, monkeypatch):
    slow = measured(folder, FIVE_WORDS)
    quick = replace(ADULT, words_per_minute=476)
    monkeypatch.setitem(duration.PACES, "adult", quick)
    assert duration_of(load_survey(folder.path).questionnaires[0]).longest < slow.longest
