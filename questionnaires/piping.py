"""The wording of a question for one respondent: variants, and earlier answers named in the text.

In: a question, the answers so far, a way to translate, and earlier questions. Out: the text to
show. Whole sentences are chosen and only chosen options are named, so that every possible text can
be written down beforehand: for translators, and for those who record them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from questionnaires.conditions import holds
from questionnaires.model import Question, Questionnaire
from questionnaires.responses import Answer, Chosen

Translate = Callable[[str], str]
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """The names in curly brackets in a text, in order."""
    return tuple(_PLACE.findall(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's text and hint as one respondent reads them, in their language."""

    text: str
    hint: str


def wording(
    questionnaire: Questionnaire,
    question: Question,
    answers: Mapping[str, Answer],
    translate: Translate = str,
) -> Wording:
    """The first variant whose condition holds, else the text; with what is piped filled in."""
    words = {name: _piped(questionnaire, question, name, answers) for name in question.piped}
    said = {name: translate(text) for name, text in words.items()}
    text = next((v.text for v in question.variants if holds(v.when, answers)), question.text)
    return Wording(_filled(translate(text), said), _filled(_hint(question, translate), said))


def possible_wordings(
    questionnaire: Questionnaire, question: Question, translate: Translate = str
) -> Iterator[Wording]:
    """Every text and hint that this question can have for anybody, the plain one first."""
    texts = (question.text, *(variant.text for variant in question.variants))
    names = tuple(question.piped)
    choices = [_possible_words(questionnaire, question, name) for name in names]
    for text in texts:
        for words in product(*choices):
            said = {name: translate(word) for name, word in zip(names, words, strict=True)}
            hint = _filled(_hint(question, translate), said)
            yield Wording(_filled(translate(text), said), hint)


def plain_text(question: Question) -> str:
    """The text for those who have not met it: reports and codebooks."""
    return _filled(question.text, question.piped)


def _piped(
    questionnaire: Questionnaire, question: Question, name: str, answers: Mapping[str, Answer]
) -> str:
    answer = answers.get(name)
    if isinstance(answer, Chosen):
        for option in _options(questionnaire, name):
            if option[0] == answer.codes[0]:
                return option[1]
    return question.piped[name]


def _possible_words(questionnaire: Questionnaire, question: Question, name: str) -> tuple[str, ...]:
    labels = (label for _, label in _options(questionnaire, name))
    return tuple(dict.fromkeys((question.piped[name], *labels)))


def _options(questionnaire: Questionnaire, name: str) -> tuple[tuple[str, str], ...]:
    for question in questionnaire.questions:
        if question.id == name:
            return tuple((option.code, option.label) for option in question.options)
    return ()


def _hint(question: Question, translate: Translate) -> str:
    """Nothing stays nothing: catalogues answer an empty text with their own heading."""
    return translate(question.hint) if question.hint else ""


def _filled(text: str, words: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: words.get(found[1], found[0]), text)
