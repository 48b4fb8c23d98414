"""Checks without which a questionnaire could not be asked: names, options, conditions.

In: the pages of one questionnaire, each with the place it stands in. Out: faults, noted on the
source. These run at every loading; the wording is judged elsewhere, in checks.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaires import messages
from questionnaires.faults import Fault
from questionnaires.fitting import did_you_mean
from questionnaires.messages import Saying
from questionnaires.model import (
    ONE_OPTION,
    WITH_OPTIONS,
    Condition,
    NonAnswer,
    Option,
    Page,
    Question,
    QuestionType,
)
from questionnaires.piping import placeholders
from questionnaires.yaml_source import Route, Source, Step

OFFERABLE = (
    NonAnswer.DONT_KNOW,
    NonAnswer.DONT_UNDERSTAND,
    NonAnswer.RATHER_NOT_SAY,
    NonAnswer.DOES_NOT_APPLY,
)
"""Non-answers that a question can offer. Skipping is always possible and never written down."""

_OPERATORS = {
    QuestionType.CHOICE: ("is", "is_not", "answered"),
    QuestionType.YES_NO: ("is", "is_not", "answered"),
    QuestionType.BAND: ("is", "is_not", "answered"),
    QuestionType.CHOICES: ("is", "is_not", "answered"),
    QuestionType.RANKING: ("answered",),
    QuestionType.MONTH: ("answered",),
    QuestionType.LADDER: ("at_least", "at_most", "answered"),
    QuestionType.TEXT: ("answered",),
}


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page and where it is written, so that faults can point at it."""

    page: Page
    source: Source
    route: Route

    @property
    def element(self) -> str:
        """How the page is named in a fault."""
        return f"{'question' if self.page.question else 'information'} {self.page.id}"

    def fault(self, saying: Saying, *steps: Step, **values: object) -> Fault:
        """A fault at a value of this page, e.g. ``fault(saying, "options", 2)``."""
        return self.source.fault((*self.route, *steps), self.element, saying, **values)

    def note(self, saying: Saying, *steps: Step, **values: object) -> None:
        """Note a fault on the source, which then cannot be used."""
        self.source.faults.append(self.fault(saying, *steps, **values))


def check_structure(pages: Sequence[PlacedPage], written_ids: Iterable[str]) -> None:
    """Note every structural fault. ``written_ids`` also names pages that could not be built."""
    _check_reuse(pages)
    earlier: dict[str, Page] = {}
    built = frozenset(placed.page.id for placed in pages)
    broken = frozenset(written_ids) - built
    for placed in pages:
        if placed.page.question:
            check_question(placed, placed.page.question)
        elif not (placed.page.heading or placed.page.body):
            placed.note(messages.INFORMATION_SAYS_NOTHING)
        if placed.page.when:
            check = _ConditionCheck(placed, earlier, built, broken)
            check.check(placed.page.when, ("when",))
        if placed.page.question:
            _check_wordings(placed, placed.page.question, earlier, built, broken)
        earlier.setdefault(placed.page.id, placed.page)


def _check_wordings(
    placed: PlacedPage,
    question: Question,
    earlier: Mapping[str, Page],
    built: frozenset[str],
    broken: frozenset[str],
) -> None:
    """Note variants and piped words that ask about what has not been answered by then."""
    check = _ConditionCheck(placed, earlier, built, broken)
    for place, variant in enumerate(question.variants):
        check.check(variant.when, ("variants", place, "when"))
    texts = (question.text, question.hint or "", *(v.text for v in question.variants))
    named = {name for text in texts for name in placeholders(text)}
    for name in sorted(named - question.piped.keys()):
        placed.note(messages.PIPED_UNDECLARED, "text", name=name)
    for name in sorted(question.piped.keys() - named):
        placed.note(messages.PIPED_UNUSED, "piped", name, name=name)
    for name in question.piped:
        asked = earlier[name].question if name in earlier else None
        if asked is None or asked.type not in ONE_OPTION:
            placed.note(messages.PIPED_FROM_WHAT, "piped", name, name=name)


def _check_reuse(pages: Sequence[PlacedPage]) -> None:
    first: dict[str, int] = {}
    for placed in pages:
        key = "question" if placed.page.question else "information"
        line = placed.source.line_of((*placed.route, key))
        if placed.page.id in first:
            placed.note(messages.REUSED_PAGE, key, page=placed.page.id, line=first[placed.page.id])
        first.setdefault(placed.page.id, line)


def check_question(placed: PlacedPage, question: Question) -> None:
    """Note what makes a question impossible to ask or to answer."""
    has_own_options = question.type in WITH_OPTIONS and question.scale is None
    if has_own_options and len(question.options) < 2:
        placed.note(messages.TOO_FEW_OPTIONS, "options", type=question.type)
    _check_fields_for_type(placed, question)
    for saying, place, values in option_faults(question.options):
        placed.note(saying, "options", place, **values)
    if question.type is not QuestionType.CHOICES:
        for place, option in enumerate(question.options):
            if option.exclusive:
                placed.note(messages.EXCLUSIVE_NEEDS_CHOICES, "options", place)
    for code in unofferable(question.non_answers):
        placed.note(
            messages.NOT_OFFERABLE, "non_answers", code, code=code, choices=", ".join(OFFERABLE)
        )


def option_faults(options: Sequence[Option]) -> Iterator[tuple[Saying, int, dict[str, object]]]:
    """Codes and labels that are used twice, each with the place of the second."""
    codes: set[str] = set()
    labels: set[str] = set()
    for place, option in enumerate(options):
        if option.code in codes:
            yield messages.REPEATED_CODE, place, {"code": option.code}
        if option.label in labels:
            yield messages.REPEATED_LABEL, place, {"label": option.label}
        codes.add(option.code)
        labels.add(option.label)


def unofferable(non_answers: Mapping[NonAnswer, str]) -> tuple[NonAnswer, ...]:
    """Non-answers that arise by themselves and so cannot be offered."""
    return tuple(code for code in non_answers if code not in OFFERABLE)


def _check_fields_for_type(placed: PlacedPage, question: Question) -> None:
    meant_for = {
        "options": (bool(question.options), WITH_OPTIONS),
        "scale": (question.scale is not None, WITH_OPTIONS),
        "max_length": (question.max_length is not None, {QuestionType.TEXT}),
        "low_label": (question.low_label is not None, {QuestionType.LADDER}),
        "high_label": (question.high_label is not None, {QuestionType.LADDER}),
        "good_end": (question.good_end != "high", {QuestionType.LADDER}),
        "places": (question.places is not None, {QuestionType.RANKING}),
        "earliest_year": (question.earliest_year is not None, {QuestionType.MONTH}),
        "latest_year": (question.latest_year is not None, {QuestionType.MONTH}),
    }
    for field, (is_written, types) in meant_for.items():
        if is_written and question.type not in types:
            placed.note(messages.NOT_FOR_TYPE, field, field=field, type=question.type)
    _check_what_type_needs(placed, question)


def _check_what_type_needs(placed: PlacedPage, question: Question) -> None:
    if question.type is QuestionType.TEXT and question.max_length is None:
        placed.note(messages.TEXT_WITHOUT_LENGTH)
    if question.type is QuestionType.YES_NO and len(question.options) > 2:
        placed.note(messages.YES_NO_IS_TWO, "options")
    if question.type is QuestionType.RANKING and not (
        question.places and question.places < len(question.options)
    ):
        placed.note(messages.RANKING_WITHOUT_PLACES)
    if question.type is QuestionType.MONTH and not (
        question.earliest_year
        and question.latest_year
        and question.earliest_year <= question.latest_year
    ):
        placed.note(messages.MONTH_WITHOUT_YEARS)
    if question.type is QuestionType.LADDER and not (question.low_label and question.high_label):
        placed.note(messages.LADDER_WITHOUT_WORDS)


@dataclass(frozen=True, slots=True)
class _ConditionCheck:
    placed: PlacedPage
    earlier: Mapping[str, Page]
    built: frozenset[str]
    broken: frozenset[str]

    def check(self, condition: Condition, steps: Route) -> None:
        """Note what is wrong with a condition and with every condition inside it."""
        for key, parts in (("all", condition.all_), ("any", condition.any_)):
            for place, part in enumerate(parts or ()):
                self.check(part, (*steps, key, place))
        if condition.not_:
            self.check(condition.not_, (*steps, "not"))
        if condition.question is not None:
            self._check_test(condition, condition.question, steps)

    def _check_test(self, condition: Condition, asked: str, steps: Route) -> None:
        page = self.earlier.get(asked)
        if page is None:
            self._note_missing(asked, steps)
        elif page.question is None:
            self.placed.note(messages.NOT_A_QUESTION, *steps, question=asked)
        else:
            self._check_operator(condition, page.question, steps)

    def _note_missing(self, asked: str, steps: Route) -> None:
        if asked == self.placed.page.id:
            self.placed.note(messages.OWN_QUESTION, *steps)
        elif asked in self.built:
            self.placed.note(messages.LATER_QUESTION, *steps, question=asked)
        elif asked not in self.broken:
            help_ = did_you_mean(asked, self.earlier)
            self.placed.note(messages.UNKNOWN_QUESTION, *steps, question=asked, help=help_)

    def _check_operator(self, condition: Condition, asked: Question, steps: Route) -> None:
        operator = operator_of(condition)
        allowed = _OPERATORS[asked.type]
        if operator not in allowed:
            self.placed.note(
                messages.OPERATOR_NOT_FOR_TYPE,
                *steps,
                operator=operator,
                question=asked.id,
                type=asked.type,
                choices=" or ".join(allowed),
            )
            return
        self._check_codes(condition.is_ or condition.is_not or (), operator, asked, steps)
        for value in (condition.at_least, condition.at_most):
            if value is not None and not 0 <= value <= 10:
                self.placed.note(messages.NOT_ON_LADDER, *steps, value=value)

    def _check_codes(
        self, codes: Iterable[str], operator: str, asked: Question, steps: Route
    ) -> None:
        known = {option.code for option in asked.options}
        for place, code in enumerate(codes):
            if code in known:
                continue
            is_nothing = code in frozenset(NonAnswer)
            self.placed.note(
                messages.NON_ANSWER_CODE if is_nothing else messages.UNKNOWN_CODE,
                *steps,
                operator,
                place,
                question=asked.id,
                code=code,
                choices=", ".join(option.code for option in asked.options),
            )


def operator_of(condition: Condition) -> str:
    """The operator of a condition on one question, as it is written in YAML."""
    for operator in ("is_not", "answered", "at_least", "at_most"):
        if getattr(condition, operator) is not None:
            return operator
    return "is"
