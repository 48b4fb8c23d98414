"""Forms: one FlaskForm class per question, and what a posted form means as an answer.

In: a question and the form a browser posted. Out: an Answer, nothing, or a Fault in kind words
with everything that was entered kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.form import BaseForm
from wtforms.i18n import DummyTranslations

from questionnaires.allowed_answers import AnswerNotAllowed, validate_answer
from questionnaires.model import NonAnswer, Question, QuestionType
from questionnaires.responses import Answer, Chosen, Number, Written

NON_ANSWER = "x:"


@dataclass(frozen=True)
class Fault:
    """What to tell the respondent, and what to do about it."""

    title: str
    advice: str


@dataclass(frozen=True)
class Given:
    """What stands in a form: values picked, or text written."""

    picked: frozenset[str] = frozenset()
    text: str = ""


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


def read_answer(question: Question) -> Answer | Fault | None:
    """What the request's form says about the question; None when it says nothing at all."""
    form = form_for(question)()
    values = entered(form)
    if question.type is QuestionType.TEXT and values.text.strip():
        return _read_text(question, values)
    if not values.picked or not form.answer.validate(form):
        return None
    return _read_picked(question, values.picked)


def entered(form: FlaskForm) -> Given:
    """What a posted form holds, whether or not it is fit to be saved."""
    data = form.answer.data
    picked = set(data) if isinstance(data, list) else {data} if data else set()
    text = _plain(form.words.data) if "words" in form else ""
    return Given(frozenset(picked), text)


def given_from(answer: Answer | None) -> Given:
    """A stored answer, as it stands in a form."""
    match answer:
        case Chosen(codes):
            return Given(frozenset(codes))
        case Number(value):
            return Given(frozenset({str(value)}))
        case Written(text):
            return Given(text=text)
        case NonAnswer() if answer is not NonAnswer.SKIPPED:
            return Given(frozenset({NON_ANSWER + answer}))
    return Given()


def nothing_given(question: Question) -> Fault:
    """What to say when Next was pressed and nothing was picked."""
    many = question.type is QuestionType.CHOICES
    advice = (
        gettext("Pick one or more, or press Skip.") if many else gettext("Pick one, or press Skip.")
    )
    return Fault(gettext("Nothing picked yet."), advice)


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
    return (text or "").replace("\r\n", "\n")


def _make_form(question: Question) -> type[AnswerForm]:
    values = [NON_ANSWER + code for code in question.non_answers]
    if question.type is QuestionType.LADDER:
        values = [str(rung) for rung in range(11)] + values
    values = [option.code for option in question.options] + values
    field = SelectMultipleField if question.type is QuestionType.CHOICES else RadioField
    fields: dict[str, object] = {"answer": field(choices=values, validate_choice=True)}
    if question.type is QuestionType.TEXT:
        fields["words"] = TextAreaField()
    return type("QuestionForm", (AnswerForm,), fields)
