"""What stands on a printed form, line by line: numbers, letters, boxes, and where to go next.

In: one version of a survey and a way to translate. Out: parts with their lines, for the printed
form and for the desk where it is typed in, so that both always have the same numbers and letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from questionnaires.allowed_answers import LADDER
from questionnaires.codebook import non_answer_letters, numbers, option_letters
from questionnaires.conditions import holds, questions_in
from questionnaires.model import (
    ONE_OPTION,
    Condition,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Section,
)
from questionnaires.piping import wording
from questionnaires.responses import Answer, Chosen
from surveys.paper.gates import Asking, Rule, Translate

END = 0
PRESS_HELP = "If you need help, press Help."  # on paper, the form's own words stand in its place
NON_ANSWER = "x:"
_LETTERS_ON_A_LINE = {"child": 50, "young": 75, "desk": 90}
_FEWEST_LINES, _MOST_LINES = 2, {"child": 8, "young": 9, "desk": 10}  # two questions on a sheet


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to tick: what is printed beside it, the value it stands for, and where it leads.

    ``go_to`` is the number of a question, END, or None for the next question.
    """

    letter: str
    value: str
    label: str
    option: Option | None = None
    go_to: int | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """Another wording, for those at whom the rule is true (or not true, unless ``opens``)."""

    rule: Rule
    opens: bool
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question, with everything that is printed at it."""

    number: int
    question: Question
    text: str
    hint: str
    variants: tuple[Variant, ...]
    marks: tuple[Mark, ...]
    non_answers: tuple[Mark, ...]
    battery: str = ""
    battery_hint: str = ""
    ends: tuple[str, str] = ("", "")
    ruled_lines: int = 0
    kind: str = "item"


@dataclass(frozen=True, slots=True)
class Grid:
    """A battery: like questions below each other, with one row of boxes each."""

    text: str
    hint: str
    rows: tuple[Item, ...]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Told:
    """Something to read; with ``help``, also where to find people to call."""

    heading: str
    body: tuple[str, ...]
    help: bool = False
    kind: str = "told"


@dataclass(frozen=True, slots=True)
class Gate:
    """Says who answers the questions from ``first`` to ``last``, and where all others go.

    ``first`` and ``last`` are None when there is only something to read.
    """

    rule: Rule
    opens: bool
    first: int | None
    last: int | None
    go_to: int
    kind: str = "gate"


Line = Item | Grid | Told | Gate


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the questionnaire."""

    title: str
    lines: tuple[Line, ...]


def layout(questionnaire: Questionnaire, translate: Translate = str) -> tuple[Part, ...]:
    """Everything that is printed between the first and the last page, in order."""
    return _Layout(questionnaire, translate).parts()


def items(parts: tuple[Part, ...]) -> Iterator[Item]:
    """Every question on paper, in order, those in grids too."""
    for part in parts:
        for line in part.lines:
            if isinstance(line, Grid):
                yield from line.rows
            elif isinstance(line, Item):
                yield line


class _Layout:
    def __init__(self, questionnaire: Questionnaire, translate: Translate) -> None:
        self.questionnaire = questionnaire
        self.say: Translate = lambda text: translate(text) if text else ""
        self.asking = Asking(questionnaire, self.say)
        self.numbers = numbers(questionnaire)

    def parts(self) -> tuple[Part, ...]:
        """Every section with its lines."""
        return tuple(
            Part(self.say(section.title), tuple(self._lines(section)))
            for section in self.questionnaire.sections
        )

    def _lines(self, section: Section) -> Iterator[Line]:
        for when, group in groupby(section.pages, key=lambda page: page.when):
            pages = list(group)
            if when is not None:
                yield self._gate(when, pages)
            for _, members in groupby(pages, key=_battery_id):
                yield from self._together(list(members))

    def _together(self, pages: list[Page]) -> Iterator[Line]:
        """Pages of one battery, or pages that belong to none."""
        made = [self._item(page, page.question) if page.question else None for page in pages]
        rows = tuple(item for item in made if item)
        battery = pages[0].battery
        if battery and len(rows) > 1 and self._as_grid(rows):
            text, hint = self.say(battery.text), self.say(battery.hint or "")
            yield Grid(text, hint, rows)
            return
        for page, item in zip(pages, made, strict=True):
            if item is None:
                yield self._told(page)
            elif battery:
                text, hint = self.say(battery.text), self.say(battery.hint or "")
                yield replace(item, battery=text, battery_hint=hint)
            else:
                yield item

    def _told(self, page: Page) -> Told:
        body = tuple(self.say(text) for text in page.body if text != PRESS_HELP)
        return Told(self.say(page.heading or ""), body, help=PRESS_HELP in page.body)

    def _as_grid(self, rows: tuple[Item, ...]) -> bool:
        """Whether all rows have the same boxes. Children have one question at a time."""
        heads = {tuple((mark.letter, mark.label) for mark in _boxes(row)) for row in rows}
        simple = all(row.question.type in ONE_OPTION for row in rows)
        return simple and len(heads) == 1 and self.questionnaire.look != "child"

    def _gate(self, when: Condition, pages: list[Page]) -> Gate:
        asked = [self.numbers[page.id] for page in pages if page.question]
        rule, opens = self.asking.rule(when)
        first, last = (asked[0], asked[-1]) if asked else (None, None)
        return Gate(rule, opens, first, last, self._after(pages[-1]))

    def _after(self, page: Page) -> int:
        """The number of the first question after a page, or END."""
        every = self.questionnaire.pages
        rest = every[every.index(page) + 1 :]
        return next((self.numbers[later.id] for later in rest if later.question), END)

    def _item(self, page: Page, question: Question) -> Item:
        return Item(
            number=self.numbers[question.id],
            question=question,
            text=self._worded(question, question.text)[0],
            hint=self._worded(question, question.text)[1],
            variants=tuple(
                Variant(*self.asking.rule(each.when), self._worded(question, each.text)[0])
                for each in question.variants
            ),
            marks=tuple(self._marks(page, question)),
            non_answers=tuple(self._non_answers(page, question)),
            ends=(self.say(question.low_label or ""), self.say(question.high_label or "")),
            ruled_lines=self._ruled_lines(question),
        )

    def _worded(self, question: Question, text: str) -> tuple[str, str]:
        """A wording and the hint, with plain words in the place of earlier answers."""
        alone = question.model_copy(update={"text": text, "variants": ()})
        said = wording(self.questionnaire, alone, {}, self.say)
        return said.text, said.hint

    def _marks(self, page: Page, question: Question) -> Iterator[Mark]:
        if question.type is QuestionType.LADDER:
            yield from (Mark(str(rung), str(rung), str(rung)) for rung in LADDER)
        letters = option_letters(question)
        for option in question.options:
            leads = self._leads(page, question, Chosen((option.code,)))
            letter, label = letters[option.code], self.say(option.label)
            yield Mark(letter, option.code, label, option, leads)

    def _non_answers(self, page: Page, question: Question) -> Iterator[Mark]:
        letters = non_answer_letters(question)
        for code, label in question.non_answers.items():
            leads = self._leads(page, question, code)
            yield Mark(letters[code], NON_ANSWER + code, self.say(label), go_to=leads)

    def _leads(self, page: Page, question: Question, answer: Answer) -> int | None:
        """Where an answer leads, when it alone decides about the questions that follow at once."""
        following = self._following(page)
        if not following or question.type not in ONE_OPTION:
            return None
        when = following[0].when
        if when is None or set(questions_in(when)) != {question.id}:
            return None
        return None if holds(when, {question.id: answer}) else self._after(following[-1])

    def _following(self, page: Page) -> list[Page]:
        """The pages right after a page that share one condition."""
        every = self.questionnaire.pages
        rest = every[every.index(page) + 1 :]
        return list(next(groupby(rest, key=lambda later: later.when), (None, ()))[1])

    def _ruled_lines(self, question: Question) -> int:
        if question.type is not QuestionType.TEXT:
            return 0
        look = self.questionnaire.look
        wanted = -(-(question.max_length or 0) // _LETTERS_ON_A_LINE[look])
        return min(max(wanted, _FEWEST_LINES), _MOST_LINES[look])


def _battery_id(page: Page) -> str:
    return page.battery.id if page.battery else ""


def _boxes(item: Item) -> tuple[Mark, ...]:
    return item.marks + item.non_answers
