"""The rules by which wording is judged: word counts, jargon, long words, harmless pairs.

In: reading.yaml, jargon.yaml and long_words.yaml. Out: WordingRules, or QuestionnaireError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field

from questionnaires.faults import QuestionnaireError
from questionnaires.fitting import fit
from questionnaires.model import Frozen
from questionnaires.yaml_source import Source, read_source

ROOM = Path(__file__).parent
"""Where the questionnaires and the lists of words are kept."""

LEVELS = ("8-10", "11-15", "16+", "adult")
"""Reading levels from the youngest up."""

Level = Literal["8-10", "11-15", "16+", "adult"]


class LevelRule(Frozen):
    """What is bearable at one reading level."""

    most_words: int = Field(ge=1)
    highest_grade: float
    highest_lix: float
    long_words: Literal["listed", "free"]


class _ReadingFile(Frozen):
    levels: dict[Level, LevelRule] = Field(min_length=len(LEVELS))
    pairs: tuple[str, ...] = ()


class _JargonFile(Frozen):
    words: dict[Level, dict[str, str]]


class _LongWordsFile(Frozen):
    words: tuple[str, ...]


_FILES = ("reading", "jargon", "long_words")
File = TypeVar("File", bound=Frozen)


@dataclass(frozen=True)
class WordingRules:
    """Everything that wording is checked against."""

    levels: dict[Level, LevelRule]
    pairs: tuple[str, ...]
    long_words: frozenset[str]
    jargon_by_level: dict[Level, dict[str, str]]

    def jargon(self, level: Level) -> Iterator[tuple[str, str]]:
        """Each word refused at a level, with what to say instead: its own and those of elders."""
        for name, listed in self.jargon_by_level.items():
            if LEVELS.index(name) >= LEVELS.index(level):
                yield from listed.items()


def load_wording_rules(folder: Path = ROOM) -> WordingRules:
    """Read the three files. Raises QuestionnaireError with every fault in them."""
    sources = {name: read_source(folder / f"{name}.yaml") for name in _FILES}
    reading = _fit_file(_ReadingFile, sources["reading"], sources["reading"].mapping)
    jargon = _fit_file(_JargonFile, sources["jargon"], {"words": sources["jargon"].mapping})
    long_words = _fit_file(_LongWordsFile, sources["long_words"], sources["long_words"].mapping)
    if reading is None or jargon is None or long_words is None:
        raise QuestionnaireError(fault for source in sources.values() for fault in source.faults)
    return WordingRules(
        reading.levels,
        reading.pairs,
        frozenset(word.lower() for word in long_words.words),
        jargon.words,
    )


def _fit_file(model: type[File], source: Source, values: Mapping[str, object]) -> File | None:
    if source.faults:
        return None
    return fit(model, source, (), values, element=source.file.name)
