"""The tablet's routing, reading and wording are the server's: on invented and on shipped versions."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires, answers_to
from tablet_script import ScriptError

from questionnaires.allowed_answers import validate_answer
from questionnaires.conditions import holds
from questionnaires.loading import load_surveys
from questionnaires.model import Condition, NonAnswer, Option, Page, Question, Variant
from questionnaires.piping import wording
from questionnaires.responses import (
    Chosen,
    Mode,
    Month,
    Number,
    Ranked,
    Response,
    Written,
    answer_from_json,
    answer_to_json,
    response_from_bytes,
    response_to_bytes,
)
from questionnaires.routing import on_path, path
from surveys.answering.forms import Fault, given_from, read_answer
from surveys.answering.low_answers import is_low
from surveys.answering.progress import progress_at
from surveys.answering.run import Run
from surveys.kiosk.offering import SHOWN_TYPES, reason_against
from surveys.kiosk.packing import logic_of
from surveys.vault.drafts import Draft

ROOT = Path(__file__).parents[3]
SHIPPED = [
    version
    for survey in load_surveys(ROOT / "questionnaires").values()
    for version in survey.questionnaires
]
each_version = pytest.mark.parametrize("version", SHIPPED, ids=lambda version: version.id)


def as_json(answers):
    return {name: answer_to_json(answer) for name, answer in answers.items()}


def routes(script, version, each):
    pages = logic_of(version)["pages"]
    return script.ask("routes", pages=pages, each=[as_json(answers) for answers in each])


def assert_routed_alike(script, version, each):
    for answers, there in zip(each, routes(script, version, each), strict=True):
        met = path(version, answers)
        assert there["path"] == [page.id for page in met]
        assert there["onPath"] == as_json(on_path(version, answers))
        run = Run(version, None, Draft("x", answers))
        for step, progress in enumerate(there["progress"], start=1):
            here = progress_at(run, (step,))
            assert (progress["number"], progress["total"]) == (here.number, here.total)
            assert tuple(progress["stones"]) == here.stones


@settings(max_examples=300, deadline=None)
@given(answered_questionnaires())
def test_any_questionnaire_takes_the_same_path(script, made):
    assert_routed_alike(script, made[0], [made[1]])


@each_version
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_shipped_version_takes_the_same_path(script, version, data):
    each = []
    for _ in range(6):
        some = data.draw(st.sets(st.sampled_from([q.id for q in version.questions])))
        each.append({q.id: data.draw(answers_to(q)) for q in version.questions if q.id in some})
    assert_routed_alike(script, version, [{}, *each])


@each_version
def test_shipped_version_takes_the_same_path_for_every_single_option(script, version):
    """One answer to everything, then each option, rung and non-answer of each question in turn."""
    first = {q.id: _answers(q)[0] for q in version.questions}
    each = [first | {q.id: answer} for q in version.questions for answer in _answers(q)]
    assert_routed_alike(script, version, each)


def _answers(question):
    found = [Chosen((option.code,)) for option in question.options]
    if question.type == "ladder":
        found = [Number(rung) for rung in range(11)]
    return [*found, *question.non_answers, NonAnswer.SKIPPED]


EVERY_ANSWER = [
    {},
    *({"a": found} for found in (NonAnswer.SKIPPED, NonAnswer.DONT_KNOW, Written("x"))),
    *({"a": Chosen(codes)} for codes in (("x",), ("y",), ("z",), ("x", "y"), ("y", "z"))),
    *({"a": Number(rung)} for rung in range(11)),
    *({"a": found} for found in (Ranked(("x",)), Month(2026, 5))),
    *({"a": Number(rung), "b": Chosen(("x",))} for rung in (3, 4, 5)),
]
TESTS = [
    {"question": "a", "is": ["x"]},
    {"question": "a", "is": ["x", "z"]},
    {"question": "a", "is_not": ["x"]},
    {"question": "a", "is_not": ["x", "z"]},
    {"question": "a", "answered": True},
    {"question": "a", "answered": False},
    {"question": "a", "at_least": 4},
    {"question": "a", "at_least": 0},
    {"question": "a", "at_most": 4},
    {"question": "a", "at_most": 10},
]
JOINED = [
    *TESTS,
    *({"not": one} for one in TESTS),
    {"all": [TESTS[6], TESTS[8]]},
    {"any": [TESTS[6], {"question": "b", "is": ["x"]}]},
    {"not": {"all": [TESTS[6], {"any": [TESTS[8], {"not": {"question": "b", "answered": True}}]}]}},
]


@pytest.mark.parametrize("condition", JOINED, ids=str)
def test_every_operator_is_true_of_the_same_answers(script, condition):
    there = script.ask("holds", condition=condition, each=[as_json(one) for one in EVERY_ANSWER])
    model = Condition.model_validate(condition)
    assert there == [holds(model, answers) for answers in EVERY_ANSWER]


@pytest.mark.parametrize(
    "condition",
    [
        {"question": "a", "matches": ".*"},
        {"question": "a", "is": ["b"], "answered": True},
        {"none": []},
    ],
)
def test_what_is_no_operator_is_never_guessed_at(script, condition):
    pages = [{"id": "b", "section": 0, "when": condition, "question": None}]
    with pytest.raises(ScriptError, match="TypeError"):
        script.ask("routes", pages=pages, each=[{"a": ["b"]}])


@settings(max_examples=200, deadline=None)
@given(answered_questionnaires())
def test_a_response_is_the_same_bytes(script, made):
    version, answers = made
    leaving = on_path(version, answers)
    there = script.ask("bytes", questionnaire=version.id, answers=as_json(leaving))
    whole = Response(version.id, leaving, Mode.OFFLINE)
    assert bytes.fromhex(there) == response_to_bytes(whole)
    assert response_from_bytes(bytes.fromhex(there)) == whole


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_any_words_are_the_same_bytes(script, text):
    words = f'"\\\n\t\u2028\u2029{text}'
    there = script.ask("bytes", questionnaire="x", answers={"z": {"t": words}, "a": 3})
    whole = Response("x", {"z": Written(words), "a": Number(3)}, Mode.OFFLINE)
    assert bytes.fromhex(there) == response_to_bytes(whole)


# --- what stands in a form


@pytest.fixture(scope="module")
def app():
    made = Flask("forms")
    made.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    Babel(made)
    return made


QUESTIONS = [q for version in SHIPPED for q in version.questions if q.type in SHOWN_TYPES]


@pytest.mark.parametrize("kind", sorted({q.type for q in QUESTIONS}))
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_form_says_the_same(script, app, kind, data):
    question = data.draw(st.sampled_from([q for q in QUESTIONS if q.type == kind]))
    values = [option.code for option in question.options]
    values += [f"x:{code}" for code in question.non_answers]
    if question.type == "ladder":
        values += [str(rung) for rung in range(11)]
    many = 3 if question.type == "choices" else 1
    picked = (
        data.draw(st.lists(st.sampled_from(values), max_size=many, unique=True)) if values else []
    )
    text = ""
    if question.type == "text":
        most = question.max_length
        alphabet = st.sampled_from(["a", " ", "\n", "\r\n", "é", "😀", "\u200f", "\x07", "\x85"])
        size = data.draw(st.sampled_from([0, 1, 3, most - 1, most, most + 1]))
        text = data.draw(alphabet) * size + data.draw(st.sampled_from(["", "b", " "]))
    assert_read_alike(script, app, question, picked, text)


def assert_read_alike(script, app, question, picked, text):
    form = {"answer": picked, "words": text}
    with app.test_request_context(method="POST", data=form):
        here = read_answer(question)
    (there,) = script.ask(
        "reads", question=_logic(question), each=[{"picked": picked, "text": text}]
    )
    if isinstance(here, Fault):
        assert "fault" in there
        assert ("over" in there) == (str(there.get("over")) in here.title)
    elif here is None:
        assert there == {}
    else:
        assert there == {"answer": answer_to_json(here)}
        assert validate_answer(question, answer_from_json(there["answer"])) == here


def _logic(question):
    version = replace_pages(SHIPPED[0], Page(id=question.id, question=question))
    return logic_of(version)["pages"][0]["question"]


def replace_pages(version, *pages):
    section = version.sections[0].model_copy(update={"pages": pages})
    return version.model_copy(update={"sections": (section,)})


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_stored_answer_stands_in_the_form_as_it_would_online(script, data):
    question = data.draw(st.sampled_from(QUESTIONS))
    answer = data.draw(answers_to(question))
    there = script.ask("entered", answer=answer_to_json(answer))
    here = given_from(answer)
    assert (frozenset(there["picked"]), there["text"]) == (here.picked, here.text)


def test_an_answer_is_low_to_both(script):
    for question in QUESTIONS:
        answers = [answer for answer in _answers(question) if answer != NonAnswer.SKIPPED]
        there = script.ask(
            "lows", question=_logic(question), each=[answer_to_json(answer) for answer in answers]
        )
        assert there == [is_low(question, answer) for answer in answers], question.id


# --- wording


def test_variants_and_piped_words_are_the_same(script):
    options = tuple(Option(code=code, label=code.title()) for code in ("cat", "dog", "eel"))
    pet = Question(id="pet", type="choice", text="Which?", short="Pet", options=options)
    is_eel = Condition(question="pet", is_=("eel",))
    asked = Question(
        id="next", type="text", text="Tell us of your {pet}.", hint="Any {pet} {other}", short="Next",
        max_length=10, piped={"pet": "animal"}, variants=(Variant(when=is_eel, text="An {pet}, really?"),),
    )  # fmt: skip
    version = replace_pages(
        SHIPPED[0], Page(id="pet", question=pet), Page(id="next", question=asked)
    )
    words = {
        "pet": {"text": "Which?", "hint": "", "variants": [], "piped": {}, "labels": {o.code: o.label for o in options}},
        "next": {
            "text": asked.text, "hint": asked.hint, "labels": {}, "piped": dict(asked.piped),
            "variants": [variant.text for variant in asked.variants],
        },
    }  # fmt: skip
    each = [{}, {"pet": NonAnswer.SKIPPED}, *({"pet": Chosen((o.code,))} for o in options)]
    there = script.ask(
        "says", question=_logic(asked), id="next", words=words, each=[as_json(a) for a in each]
    )
    here = [wording(version, asked, answers) for answers in each]
    assert there == [{"text": said.text, "hint": said.hint} for said in here]
    assert [said["text"] for said in there] == [
        "Tell us of your animal.", "Tell us of your animal.", "Tell us of your Cat.",
        "Tell us of your Dog.", "An Eel, really?",
    ]  # fmt: skip


# --- what a tablet can show


def test_every_child_version_of_care4me_can_be_taken():
    versions = [v for v in SHIPPED if v.id.startswith("care4me") and v.look == "child"]
    assert len(versions) >= 2 and not [
        reason_against(version) for version in versions if reason_against(version)
    ]


@pytest.mark.parametrize("kind", ["ranking", "month"])
def test_a_kind_that_cannot_be_shown_is_named(app, kind):
    more = {"places": 1, "options": tuple(Option(code=c, label=c) for c in "ab")}
    if kind == "month":
        more = {"earliest_year": 2000, "latest_year": 2001}
    question = Question(id="q", type=kind, text="When?", short="Moving here", **more)
    with app.test_request_context():
        assert "Moving here" in reason_against(
            replace_pages(SHIPPED[0], Page(id="q", question=question))
        )
