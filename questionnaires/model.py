"""What a survey is made of: survey > questionnaire > section > page > question > option.

In: nothing but values. Out: frozen models that refuse to exist in an invalid state.
The code here knows question types, never questions.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OptionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
SymbolName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ThemeId = Annotated[str, StringConstraints(pattern=r"^[LSX][0-9]{1,2}$")]


class Frozen(BaseModel):
    """A model that cannot be changed and accepts no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionType(StrEnum):
    """Every kind of question; each has a widget, codes and a tabulation rule of its own."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    BAND = "band"
    CHOICES = "choices"
    RANKING = "ranking"
    LADDER = "ladder"
    MONTH = "month"
    TEXT = "text"


ONE_OPTION = frozenset({QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.BAND})
"""Types that are answered with exactly one option."""

WITH_OPTIONS = ONE_OPTION | {QuestionType.CHOICES, QuestionType.RANKING}
"""Types whose answers are options, one or several."""


class Valence(StrEnum):
    """Which way an option points, so that versions with different scales can be netted."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    NONE = "none"


class NonAnswer(StrEnum):
    """Every kind of nothing. Silence is information, so each has its own code everywhere."""

    NOT_ASKED = "not_asked"
    SKIPPED = "skipped"
    DONT_KNOW = "dont_know"
    DONT_UNDERSTAND = "dont_understand"
    RATHER_NOT_SAY = "rather_not_say"
    DOES_NOT_APPLY = "does_not_apply"


class Option(Frozen):
    """One answer that a respondent can choose. The code never changes; the label may."""

    code: OptionCode
    label: str = Field(min_length=1)
    valence: Valence = Valence.NONE
    picture: str | None = None
    symbol: SymbolName | None = None
    exclusive: bool = False


class Scale(Frozen):
    """A named, ordered set of options shared by many questions, with the non-answers it offers."""

    id: Identifier
    options: tuple[Option, ...] = Field(min_length=2)
    non_answers: dict[NonAnswer, str] = {}
    pictures: Literal["faces", "amounts", "none"] = "none"


class Condition(Frozen):
    """When a page is asked. A closed set of operators; exactly one form per condition.

    ``question`` with one of ``is_``, ``is_not``, ``answered``, ``at_least``, ``at_most``;
    or one of ``all_``, ``any_``, ``not_`` over further conditions.
    In YAML the keys are written ``is``, ``all``, ``any`` and ``not``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    question: Identifier | None = None
    is_: tuple[OptionCode, ...] | None = Field(None, alias="is")
    is_not: tuple[OptionCode, ...] | None = None
    answered: bool | None = None
    at_least: int | None = None
    at_most: int | None = None
    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        tests = (self.is_, self.is_not, self.answered, self.at_least, self.at_most)
        joins = (self.all_, self.any_, self.not_)
        said = [part for part in (*tests, *joins) if part is not None]
        about_a_question = any(part is not None for part in tests)
        if len(said) != 1 or said[0] == () or about_a_question != (self.question is not None):
            raise ValueError("a condition has exactly one form")
        return self


class Variant(Frozen):
    """Another wording of a question, for those whose earlier answers meet a condition."""

    when: Condition
    text: str = Field(min_length=1)


class Question(Frozen):
    """One question: its stable id (the concept), its wording in this version, its answers."""

    id: Identifier
    type: QuestionType
    text: str = Field(min_length=1)
    hint: str | None = None
    variants: tuple[Variant, ...] = ()
    piped: dict[Identifier, str] = Field(
        {},
        description="earlier questions whose answer is named in the text as {id}, each with the "
        "words that stand there when it was not answered",
    )
    symbol: SymbolName | None = Field(None, description="a picture beside the question")
    clip: str | None = Field(None, description="a recording of its own, by file name")
    short: str = Field(min_length=1, description="a few words for charts and tables")
    topic: str | None = Field(None, description="row of the topic table, e.g. C01")
    themes: tuple[ThemeId, ...] = ()
    scale: Identifier | None = Field(None, description="where the options come from, if shared")
    options: tuple[Option, ...] = ()
    non_answers: dict[NonAnswer, str] = {}
    pictures: Literal["faces", "amounts", "none"] = "none"
    group: Identifier | None = Field(None, description="set on demographics that may divide tables")
    sensitive: bool = False
    max_length: int | None = Field(None, ge=1, le=4000, description="characters, text only")
    low_label: str | None = Field(None, description="ladder: words at 0")
    high_label: str | None = Field(None, description="ladder: words at 10")
    places: int | None = Field(None, ge=1, le=5, description="ranking: how many are put in order")
    earliest_year: int | None = Field(None, ge=1900, le=2200, description="month: first year")
    latest_year: int | None = Field(None, ge=1900, le=2200, description="month: last year")
    good_end: Literal["high", "low"] = Field("high", description="ladder: which end is good news")
    allow: tuple[Identifier, ...] = Field(
        (), exclude=True, description="wording checks that a person has excused this question from"
    )


class Battery(Frozen):
    """What like questions on one scale have in common. Wide screens may show them together."""

    id: Identifier
    text: str = Field(min_length=1)
    hint: str | None = None


class Page(Frozen):
    """One screen: a question, or information only. Its id is the question's id.

    Pages of one battery follow each other; each is a page of its own all the same, so that
    routing, children and small screens need not know of batteries.
    """

    id: Identifier
    when: Condition | None = None
    question: Question | None = None
    battery: Battery | None = None
    heading: str | None = None
    body: tuple[str, ...] = ()


class Section(Frozen):
    """Pages that belong together, under a title that the respondent sees."""

    id: Identifier
    title: str = Field(min_length=1)
    pages: tuple[Page, ...] = Field(min_length=1)


class Questionnaire(Frozen):
    """One version of a survey's instrument, worded for one audience."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    audience: str = Field(min_length=1)
    audience_label: str = Field(min_length=1)
    title: str = Field(min_length=1)
    look: Literal["child", "young", "desk"]
    minutes: int = Field(ge=1, le=60)
    reading: Literal["8-10", "11-15", "16+", "adult"]
    welcome: tuple[str, ...] = Field(min_length=1)
    not_shown_to: str | None = Field(
        None, description="a sentence on who is not shown the answers, where the usual does not fit"
    )
    sections: tuple[Section, ...] = Field(min_length=1)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page in the order of the file, whether or not a respondent will meet it."""
        return tuple(page for section in self.sections for page in section.pages)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order of the file."""
        return tuple(page.question for page in self.pages if page.question)


class Survey(Frozen):
    """A survey with all its versions; one wave asks exactly one Survey."""

    id: Identifier
    title: str
    respondents: str = Field(description="words for reports, e.g. 'children in care'")
    questionnaires: tuple[Questionnaire, ...] = Field(min_length=1)

    def version(self, audience: str) -> Questionnaire:
        """The questionnaire for an audience. Raises KeyError when there is none."""
        for questionnaire in self.questionnaires:
            if questionnaire.audience == audience:
                return questionnaire
        raise KeyError(audience)
