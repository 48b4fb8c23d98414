"""Whether two wordings differ by a slip of the pen, or say something else.

In: the words before and after, and words that are known to be right. Out: nothing, or the reason
why the change may alter what people are asked. When in doubt it is no slip: a true one that is
refused costs a little, while a change of meaning that passes makes answers incomparable unseen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from questionnaires.piping import placeholders
from questionnaires.reading_level import words

MOST_EDITS = 3
MOST_SHARE = 0.2

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = re.compile(
    r"no|not|never|neither|nor|nobody|nothing|none|nowhere|without|hardly|cannot"
    r"|(?:do|does|did|is|are|was|were|ca|could|wo|would|should|have|has|had|ai|must)nt"
)
_LITTLE = frozenset({"a", "an", "of", "to"})
"""Words that may be put in or left out: without them a sentence is clumsy, not different."""
_PREFIXES = frozenset({"un", "in", "im", "il", "ir", "dis", "non", "mis", "re"})
_SHORTEST_STEM = 3
_ENDINGS = frozenset({"", "s", "es", "d", "ed", "ing", "ly", "er", "est", "r", "st"})


def why_no_slip(before: str, after: str, known: Container[str] = frozenset()) -> str:
    """Why the change may alter the meaning; empty when it is a slip of the pen, or no change.

    ``known`` has words that stand elsewhere, as normal_word writes them.
    """
    before, after = _plain(before), _plain(after)
    if before == after:
        return ""
    reasons = (*_differences_that_count(before, after), *_words_changed(before, after, known))
    return next(iter(reasons), "")


def edit_distance(before: str, after: str) -> int:
    """How many letters were put in, left out, replaced or swapped with their neighbour.

    This is Damerau and Levenshtein's distance in its usual form, in which no letter that was
    swapped is changed again (optimal string alignment).
    """
    rows = [list(range(len(after) + 1))]
    for i, letter in enumerate(before, start=1):
        row = [i]
        for j, other in enumerate(after, start=1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, before[i - 2]) == (after[j - 2], other):
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


@cache
def common_words() -> frozenset[str]:
    """Words that are right wherever they stand, from common_words.txt."""
    text = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def normal_word(word: str) -> str:
    """A word without capitals, apostrophes and hyphens, which are a matter of style."""
    return re.sub(r"['’-]", "", word.casefold())


def normal_words(text: str) -> list[str]:
    """The words of a text, each as normal_word writes it."""
    return [normal_word(word) for word in words(text)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _differences_that_count(before: str, after: str) -> Iterator[str]:
    if placeholders(before) != placeholders(after):
        yield "It names other answers in curly brackets."
    if _NUMBER.findall(before) != _NUMBER.findall(after):
        yield "A number is another."
    if _negations(before) != _negations(after):
        yield "It says no where it did not, or the other way round."
    edits = edit_distance(before, after)
    if edits > MOST_EDITS:
        yield f"{edits} letters differ, and {MOST_EDITS} are the most for a slip of the pen."
    if edits > MOST_SHARE * len(before):
        yield "More than a fifth of it is different."


def _negations(text: str) -> list[str]:
    return [word for word in normal_words(text) if _NEGATIONS.fullmatch(word)]


def _words_changed(before: str, after: str, known: Container[str]) -> Iterator[str]:
    old, new = normal_words(before), normal_words(after)
    for _, start, end, new_start, new_end in SequenceMatcher(None, old, new, False).get_opcodes():
        gone, come = old[start:end], new[new_start:new_end]
        if "".join(gone) == "".join(come):  # the same, or joined and split otherwise
            continue
        if len(gone) == len(come):
            yield from (
                f"“{was}” is a word of its own: “{now}” may mean something else."
                for was, now in zip(gone, come, strict=True)
                if was != now and (was in common_words() or was in known or _akin(was, now))
            )
        elif not _only_little(gone, come, old[:start]):
            yield "Words were put in or left out."


def _akin(one: str, other: str) -> bool:
    """Whether two words are opposites or forms of one word, as kind, unkind, kinder and kindest."""
    short, long = sorted((one, other), key=len)
    if long.endswith(short) and long.removesuffix(short) in _PREFIXES:
        return True
    pairs = zip(one, other, strict=False)
    stem = next((place for place, (a, b) in enumerate(pairs) if a != b), len(short))
    return stem >= _SHORTEST_STEM and {one[stem:], other[stem:]} <= _ENDINGS


def _only_little(gone: Sequence[str], come: Sequence[str], before: Sequence[str]) -> bool:
    """Whether only little words came or went, or one that was written twice."""
    if gone and come:
        return False
    twice = before[-1:] == list(gone)
    return twice or set((*gone, *come)) <= _LITTLE
