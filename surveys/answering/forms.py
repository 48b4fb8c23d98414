"""Forms: one FlaskForm class per question, and what a posted form means as an answer.

In: a question and the form a browser posted. Out: an Answer, nothing, or a Fault in kind words
with everything that was entered kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.form import BaseForm
from wtforms.i18n import DummyTranslations

from questionnaires.allowed_answers import AnswerNotAllowed, validate_answer, without_controls
from questionnaires.model import NonAnswer, Question, QuestionType
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written

NON_ANSWER = "x:"
_LIST = "list"


@dataclass(frozen=True)
class Fault:
    """What to tell the respondent, and what to do about it."""

    title: str
    advice: str


@dataclass(frozen=True)
class Given:
    """What stands in a form: values picked, text written, or the values of its lists in order.

    ``lists`` has the option in each place of a ranking, or month and year; "" where none is chosen.
    """

    picked: frozenset[str] = frozenset()
    text: str = ""
    lists: tuple[str, ...] = ()


class AnswerForm(FlaskForm):
    """What all questions' forms have in common."""

    class Meta(FlaskForm.Meta):
        """WTForms' own messages are never shown, so their catalogues need not be read."""

        def get_translations(self, form: BaseForm) -> DummyTranslations:
            """No translations."""
            return DummyTranslations()


# By id(): questions hold dicts, so cannot be hashed. Keeping the question keeps its id its own.
_FORMS: dict[int, tuple[Question, type[AnswerForm]]] = {}


def form_for(question: Question) -> type[AnswerForm]:
    """The form class of a question, made once per worker."""
    if id(question) not in _FORMS:
        _FORMS[id(question)] = (question, _make_form(question))
    return _FORMS[id(question)][1]


def read_answer(question: Question, prefix: str = "") -> Answer | Fault | None:
    """What the request's form says about the question; None when it says nothing at all."""
    form = form_for(question)(prefix=prefix)
    values = entered(form)
    if question.type is QuestionType.TEXT and values.text.strip():
        return _read_text(question, values)
    if any(values.lists):
        return _read_lists(question, values)
    if not values.picked or not form.answer.validate(form):
        return None
    return _read_picked(question, values.picked)


def entered(form: FlaskForm) -> Given:
    """What a posted form holds, whether or not it is fit to be saved."""
    data = form.answer.data
    picked = set(data) if isinstance(data, list) else {data} if data else set()
    text = _plain(form.words.data) if "words" in form else ""
    lists = tuple(field.data or "" for field in form if field.short_name.startswith(_LIST))
    return Given(frozenset(picked), text, lists)


def given_from(answer: Answer | None) -> Given:
    """A stored answer, as it stands in a form."""
    match answer:
        case Chosen(codes):
            return Given(frozenset(codes))
        case Ranked(codes):
            return Given(lists=codes)
        case Month(year, month):
            return Given(lists=(str(month), str(year)))
        case Number(value):
            return Given(frozenset({str(value)}))
        case Written(text):
            return Given(text=text)
        case NonAnswer() if answer is not NonAnswer.SKIPPED:
            return Given(frozenset({NON_ANSWER + answer}))
    return Given()


def nothing_given(question: Question) -> Fault:
    """What to say when Next was pressed and nothing was picked."""
    many = question.type in {QuestionType.CHOICES, QuestionType.RANKING}
    advice = (
        gettext("Pick one or more, or press Skip.") if many else gettext("Pick one, or press Skip.")
    )
    return Fault(gettext("Nothing picked yet."), advice)


def nothing_given_in_some() -> Fault:
    """What to say when some lines of a battery have no answer."""
    return Fault(
        gettext("Some lines have no answer yet."),
        gettext("Pick one in each line, or press Skip to leave the rest out."),
    )


def _read_lists(question: Question, values: Given) -> Answer | Fault:
    if values.picked:
        return _alone()
    if question.type is QuestionType.MONTH:
        return _read_month(question, *values.lists)
    codes = tuple(filter(None, values.lists))
    try:
        return validate_answer(question, Ranked(codes))
    except AnswerNotAllowed:
        return Fault(
            gettext("The same thing stands in two places."),
            gettext("Choose another one, or leave a place empty."),
        )


def _read_month(question: Question, month: str, year: str) -> Answer | Fault:
    try:
        return validate_answer(question, Month(int(year), int(month)))
    except (ValueError, AnswerNotAllowed):
        return Fault(
            gettext("The month or the year is missing."), gettext("Choose both, or press Skip.")
        )


def _read_text(question: Question, values: Given) -> Answer | Fault:
    most = question.max_length or 0
    if values.picked:
        return _alone()
    if (over := len(values.text) - most) > 0:
        return Fault(
            gettext("That is too long by %(over)s.", over=over),
            gettext("Your words are all still here. Please make them shorter."),
        )
    return validate_answer(question, Written(values.text))


def _read_picked(question: Question, picked: frozenset[str]) -> Answer | Fault | None:
    nothing = {value for value in picked if value.startswith(NON_ANSWER)}
    alone = nothing | {option.code for option in question.options if option.exclusive}
    if len(picked) > 1 and alone & picked:
        return _alone()
    try:
        return validate_answer(question, _answer(question, picked))
    except AnswerNotAllowed:
        return None


def _answer(question: Question, picked: frozenset[str]) -> Answer:
    first = next(iter(picked))
    if first.startswith(NON_ANSWER):
        return NonAnswer(first.removeprefix(NON_ANSWER))
    if question.type is QuestionType.LADDER:
        return Number(int(first))
    return Chosen(tuple(picked))


def _alone() -> Fault:
    return Fault(
        gettext("Two things that do not go together."),
        gettext("One of these can only be picked alone. Please choose."),
    )


def _plain(text: str | None) -> str:
    """As the respondent sees it: browsers send line ends as two characters."""
    return without_controls((text or "").replace("\r\n", "\n"))


def _make_form(question: Question) -> type[AnswerForm]:
    fields: dict[str, object] = {"answer": _answer_field(question)}
    if question.type is QuestionType.TEXT:
        fields["words"] = TextAreaField()
    for place, values in enumerate(list_values(question), start=1):
        fields[f"{_LIST}{place}"] = SelectField(choices=["", *values], validate_choice=True)
    return type("QuestionForm", (AnswerForm,), fields)


def _answer_field(question: Question) -> Field:
    values = [NON_ANSWER + code for code in question.non_answers]
    if question.type is QuestionType.LADDER:
        values = [str(rung) for rung in range(11)] + values
    if question.type is not QuestionType.RANKING:
        values = [option.code for option in question.options] + values
    field = SelectMultipleField if question.type is QuestionType.CHOICES else RadioField
    return field(choices=values, validate_choice=True)


def list_values(question: Question) -> tuple[tuple[str, ...], ...]:
    """The values of each list to choose from: places of a ranking, or months and years."""
    if question.type is QuestionType.RANKING:
        return (tuple(option.code for option in question.options),) * (question.places or 0)
    if question.type is QuestionType.MONTH:
        years = range(question.latest_year or 0, (question.earliest_year or 0) - 1, -1)
        return tuple(str(month) for month in range(1, 13)), tuple(str(year) for year in years)
    return ()
