"""The screenless browser sees forms as a browser does; invented people choose what is offered."""

import numpy
import pytest

from questionnaires.model import Option, Question, Valence
from surveys.rehearsal.browser import Choice, forms_in
from surveys.rehearsal.opinions import choose_option, usual_approval
from surveys.rehearsal.respondents import Habits, Respondent

PAGE = """
<form id="f" action="/answer/3" method="post"><input type="hidden" name="csrf_token" value="t">
<label><input type="radio" name="answer" value="yes"> Yes</label>
<label><input type="radio" name="answer" value="no"> No</label>
<textarea name="words"></textarea>
<button name="go" value="next">Next</button></form>
<button form="f" name="go" value="skip" formaction="/elsewhere">Skip</button>
<form action="/other"><input name="q"></form>
"""


def test_forms_as_a_browser_sees_them():
    form, other = forms_in(PAGE)
    assert (form.action, form.method, form.hidden) == ("/answer/3", "post", {"csrf_token": "t"})
    assert form.choices["answer"].values == ["yes", "no"]
    assert form.texts == ["words"]
    assert form.buttons == [("go", "next", ""), ("go", "skip", "/elsewhere")]
    assert other.texts == ["q"]


def person(**habits):
    return Respondent(numpy.random.default_rng(1), ["A line."], {}, 0.5, Habits(**habits))


def test_somebody_who_never_knows_picks_the_non_answer():
    choice = Choice("radio", ["yes", "no", "x:dont_know"])
    assert person(does_not_know=1).choose("q", choice) == ["x:dont_know"]


def test_somebody_who_always_knows_never_does():
    choice = Choice("radio", ["yes", "no", "x:dont_know"])
    somebody = person(does_not_know=0)
    assert {somebody.choose("q", choice)[0] for _ in range(50)} <= {"yes", "no"}


@pytest.mark.parametrize("mood", [0.0, 0.5, 1.0])
def test_a_better_mood_never_leaves_the_form(mood):
    question = Question(
        id="q",
        type="choice",
        text="Is it?",
        short="It is",
        options=(
            Option(code="good", label="Good", valence=Valence.POSITIVE),
            Option(code="bad", label="Bad", valence=Valence.NEGATIVE),
        ),
    )
    dice = numpy.random.default_rng(3)
    picked = [choose_option(question, ["good", "bad"], mood, dice) for _ in range(100)]
    assert set(picked) <= {"good", "bad"}


def test_how_a_question_usually_goes_is_the_same_at_every_rehearsal():
    assert usual_approval("safe_where_i_live") == usual_approval("safe_where_i_live")
    assert 0.35 <= usual_approval("anything") <= 0.97
