"""Reading level against sets whose grade, LIX and longest question are known."""

import pytest

from questionnaires.reading_level import count_sentences, reading_level, syllables, words

YOUNG = (
    "Do you feel safe where you live?",
    "How happy are you where you live?",
    "Do the grown-ups where you live listen to you?",
    "Do you know why you are in care?",
    "Do you get to see the people you love?",
    "What is one thing you want us to change?",
)
OLDER = (
    "In the last month, how often did you feel safe where you live?",
    "Does your social worker do what they say they will do?",
    "When people make plans about your life, do they ask what you think?",
    "Has someone told you why you are in care in a way that made sense?",
    "Do you spend the right amount of time with your family?",
    "If you could change one thing about your care, what would it be?",
)
LEFT_CARE = (
    "Do you have a safe place to live?",
    "How often do you have enough money for food and bills?",
    "Is there someone you can call when things go wrong?",
    "How often do you feel lonely?",
    "Does your personal adviser get back to you when they say they will?",
    "What would make the biggest difference to you right now?",
)
OFFICE = (
    "To what extent do you agree that professionals consult you regarding decisions "
    "affecting your placement?",
)


# The tolerance is one syllable in the set, or two for one sentence: dictionaries differ by that.
@pytest.mark.parametrize(
    ("texts", "grade", "tolerance", "lix", "longest"),
    [
        (YOUNG[:1], -1.1, 0.05, 7, 7),
        (YOUNG, 0.4, 0.05, 10, 9),
        (OLDER, 2.7, 0.05, 14, 15),
        (LEFT_CARE, 2.8, 0.25, 18, 13),
        (OFFICE, 13, 0.8, 55, 15),
    ],
)
def test_reading_level_of_known_sets(texts, grade, tolerance, lix, longest):
    level = reading_level(texts)
    assert level.grade == pytest.approx(grade, abs=tolerance)
    assert round(level.lix) == lix
    assert level.longest == longest


SYLLABLES = {
    1: "safe where live made times looked asked moved missed tried school life clothes don't lives",
    2: "people lonely safely sometimes someone something being going playing places wishes watches "
    "little table tables handled settled wanted treated isn't couldn't quiet science online "
    "grown-ups bullied carers children's special anxious social question placement careful",
    3: "family area idea serious previous happier happiest created difficult advocate hospital "
    "understand personal adviser unfairly different holiday period religion",
    4: "information education usually actually situation comfortable supervision relationship",
    5: "disability unaccompanied",
}


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, line in SYLLABLES.items() for word in line.split()]
)
def test_syllables_of_words_that_surveys_use(word, count):
    assert syllables(word) == count
    assert syllables(word.upper()) == count


def test_words_keep_apostrophes_and_hyphens():
    assert words("“Don’t” grown-ups, 16 - or well-being's?") == (
        "Don’t",
        "grown-ups",
        "16",
        "or",
        "well-being's",
    )


@pytest.mark.parametrize(
    ("text", "count"), [("One", 1), ("One. Two? Three!", 3), ("At 3.30 we eat.", 1), ("So…", 1)]
)
def test_sentences(text, count):
    assert count_sentences(text) == count


def test_no_words_cannot_be_judged():
    with pytest.raises(ValueError, match="no words"):
        reading_level(["", "–"])
