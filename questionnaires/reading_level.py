"""How hard a text is to read: words, syllables, Flesch-Kincaid grade and LIX.

In: English text. Out: numbers. A formula says something about a set of questions and nonsense
about one short sentence, so single questions are judged by hard rules instead (wording_checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")

# Vowels written together and said apart: social has none, usual, serious, happier, going have one.
_APART = re.compile(
    r"(?<![tcsgx])i[ao]|(?<!q)ua(?=[tl])|(?<=[a-z]{3})ie(?=r$|st$)|(?<![tc])ie(?=nc)"
    r"|[aeiouy]ing$|[sd]n't$"
)
# An e that is written and not said, at the end of a word or of its first half.
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?<![^aeiouy]l)e$"
    r"|(?<=[^aeiouytd])(?<![^aeiouyl]l)ed$"
    r"|(?<=[^aeiouysxzcg])(?<![^aeiouy]l)(?<![cs]h)es$"
    r"|(?<=[aeiouy][^aeiouy])e(?=(?:ful|less|ly|ty|ment|ness|times|thing|where|work|load)$)"
)
# What the spelling rules get wrong among words that surveys use.
_EXCEPTIONS = {
    "area": 3,
    "areas": 3,
    "business": 2,
    "college": 2,
    "create": 2,
    "created": 3,
    "diary": 3,
    "employee": 3,
    "evening": 2,
    "every": 2,
    "idea": 3,
    "ideas": 3,
    "poem": 2,
    "quiet": 2,
    "science": 2,
    "theatre": 2,
    "video": 3,
    "violent": 3,
}


def words(text: str) -> tuple[str, ...]:
    """The words of a text, without punctuation. ``don’t`` and ``well-being`` are one word."""
    return tuple(_WORD.findall(text))


def count_sentences(text: str) -> int:
    """How many sentences there are: at least one in any text that has words."""
    pieces = _SENTENCE_END.split(text)
    return max(1, sum(1 for piece in pieces if words(piece)))


def syllables(word: str) -> int:
    """How many syllables an English word has, by spelling; at least one.

    Right for almost all of the words that children's questions are made of. Parts joined by a
    hyphen are counted one by one.
    """
    return sum(_syllables_of_part(part) for part in word.lower().replace("’", "'").split("-"))


def _syllables_of_part(part: str) -> int:
    part = part.removesuffix("'s")
    if part in _EXCEPTIONS:
        return _EXCEPTIONS[part]
    groups, apart, silent = (len(rule.findall(part)) for rule in (_VOWELS, _APART, _SILENT))
    return max(1, groups + apart - silent)


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """The measures of one set of texts."""

    grade: float
    """Flesch-Kincaid grade; add five for an English reading age."""
    lix: float
    longest: int
    """Words in the longest text."""


def reading_level(texts: Iterable[str]) -> ReadingLevel:
    """The level of a set of texts taken together. Raises ValueError when they hold no word."""
    texts = tuple(texts)
    all_words = [word for text in texts for word in words(text)]
    if not all_words:
        raise ValueError("no words to judge")
    sentences = sum(count_sentences(text) for text in texts if words(text))
    per_sentence = len(all_words) / sentences
    per_word = sum(syllables(word) for word in all_words) / len(all_words)
    long_words = sum(1 for word in all_words if len(word) > 6)
    return ReadingLevel(
        grade=0.39 * per_sentence + 11.8 * per_word - 15.59,
        lix=per_sentence + 100 * long_words / len(all_words),
        longest=max(len(words(text)) for text in texts),
    )
