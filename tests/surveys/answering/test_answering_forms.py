"""What a posted form means, told by a table; and pictures, lines to call and colours."""

import re
from datetime import datetime

import pytest
from answering_site import ROOT, TODAY, tiny_questionnaire
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import NonAnswer, Option, Question, QuestionType
from questionnaires.responses import Chosen, Number, Written
from surveys.answering.forms import Fault, given_from, read_answer
from surveys.answering.pictures import picture_of
from surveys.answering.support import SupportLineError, lines_for, load_support_lines
from surveys.vault.drafts import Draft

QUESTIONS = {question.id: question for question in tiny_questionnaire().questions}


def posted(answering, question, **values):
    with answering.app.test_request_context(method="POST", data=values):
        return read_answer(QUESTIONS[question])


@pytest.mark.parametrize(
    ("question", "values", "answer"),
    [
        ("safe", {"answer": "yes"}, Chosen(("yes",))),
        ("safe", {"answer": "x:dont_know"}, NonAnswer.DONT_KNOW),
        ("safe", {"answer": "x:skipped"}, None),
        ("safe", {"answer": ""}, None),
        ("safe", {"words": "yes"}, None),
        ("safe", {}, None),
        ("pets", {"answer": ["dog", "cat", "cat"]}, Chosen(("cat", "dog"))),
        ("pets", {"answer": ["none"]}, Chosen(("none",))),
        ("pets", {"answer": ["x:dont_know"]}, NonAnswer.DONT_KNOW),
        ("pets", {"answer": ["cat", "horse"]}, None),
        ("ladder", {"answer": "0"}, Number(0)),
        ("ladder", {"answer": "10"}, Number(10)),
        ("ladder", {"answer": "11"}, None),
        ("ladder", {"answer": "-1"}, None),
        ("ladder", {"answer": "٣"}, None),
        ("wish", {"words": " a \r\n b "}, Written(" a \n b ")),
        ("wish", {"words": "\r\n"}, None),
        ("wish", {"words": "x" * 40}, Written("x" * 40)),
    ],
)
def test_posted_forms(answering, question, values, answer):
    assert posted(answering, question, **values) == answer


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("pets", {"answer": ["cat", "none"]}),
        ("pets", {"answer": ["cat", "x:dont_know"]}),
        ("wish", {"words": "x" * 41}),
    ],
)
def test_what_cannot_be_saved_is_a_fault_in_words(answering, question, values):
    assert isinstance(posted(answering, question, **values), Fault)


@pytest.mark.parametrize(
    "answer",
    [Chosen(("cat", "dog")), Number(3), Written("<b>\n&amp;"), NonAnswer.DONT_KNOW],
)
def test_a_stored_answer_fills_the_form_it_came_from(answering, answer):
    names = {Chosen: "pets", Number: "ladder", Written: "wish", NonAnswer: "safe"}
    shown = given_from(answer)
    values = {"answer": sorted(shown.picked), "words": shown.text}
    assert posted(answering, names[type(answer)], **values) == answer


def scale(pictures, count, **options):
    made = tuple(Option(code=f"o{place}", label="x", **options) for place in range(count))
    return Question(
        id="q", type=QuestionType.CHOICE, text="t", short="t", options=made, pictures=pictures
    )


@pytest.mark.parametrize(
    ("pictures", "count", "expected"),
    [
        ("faces", 4, ["face_wide", "face_small", "face_down_small", "face_down"]),
        ("faces", 3, ["face_wide", "face_flat", "face_down"]),
        ("amounts", 3, ["amount_4", "amount_2", "amount_0"]),
        ("amounts", 4, ["amount_4", "amount_3", "amount_1", "amount_0"]),
        ("amounts", 7, [""] * 7),
    ],
)
def test_pictures_follow_the_scale(pictures, count, expected):
    question = scale(pictures, count)
    assert [picture_of(option, question) for option in question.options] == expected


def test_an_option_may_bring_its_own_picture():
    question = scale("amounts", 3, picture="face_flat")
    assert picture_of(question.options[0], question) == "face_flat"


LINES = load_support_lines(ROOT / "config" / "support_lines.yaml")


def test_children_see_999_and_childline_first_at_any_hour():
    for hour in (3, 12, 23):
        found = lines_for(LINES, "child", TODAY.replace(hour=hour))
        assert [line.id for line in found][:2] == ["emergency", "childline"]


def test_at_night_those_who_answer_then_come_first():
    night = [line.id for line in lines_for(LINES, "young", datetime(2026, 11, 20, 2, 0))]  # noqa: DTZ001
    assert night.index("samaritans") < night.index("help_at_hand")
    assert {line.id for line in LINES if line.hours == "always"} >= set(night[:4])


def test_every_look_has_somebody_to_call():
    for look in ("child", "young", "desk"):
        assert lines_for(LINES, look, TODAY)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("", "missing"),
        ("hours: always\n    looks: [dog]\n    checked_on: null\n    status: to check", "looks"),
        ("hours: x\n    looks: [child]\n    checked_on: null\n    status: checked", "not when"),
        ("hours: x\n    colour: y\n    looks: [child]\n    checked_on: null\n    status: to check", "colour"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_whole_is_refused(tmp_path, change, message):
    path = tmp_path / "lines.yaml"
    path.write_text(f"lines:\n  - id: a\n    name: n\n    contact: c\n    words: w\n    {change}\n")
    with pytest.raises(SupportLineError, match=message):
        load_support_lines(path)


def palettes():
    blocks = re.findall(r"([^{}]+)\{([^{}]+)\}", (ROOT / "static/tokens.css").read_text())
    for look, colours in [
        ("child", "cream"), ("child", "blue"), ("child", "peach"), ("child", "dark"),
        ("young", "light"), ("young", "cream"), ("young", "dark"), ("young", "auto"),
        ("desk", "light"), ("desk", "cream"), ("desk", "dark"),
    ]:  # fmt: skip
        tokens = {}
        for selector, body in blocks:
            named = set(re.findall(r'data-(?:look|colours)="(\w+)"', selector.split(":not")[0]))
            excluded = set(re.findall(r':not\(\[data-look="(\w+)"', selector))
            if ("forced" in selector) or look in excluded or not named <= {look, colours}:
                continue
            tokens |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))
        yield pytest.param(tokens, id=f"{look}-{colours}")


def contrast(one, other):
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", list(palettes()))
def test_every_palette_has_contrast(tokens):
    for text in ("ink", "ink-soft", "primary"):
        for ground in ("paper", "card", "panel"):
            assert contrast(tokens[text], tokens[ground]) >= 7, (text, ground)
    assert contrast(tokens["ink"], tokens["chosen"]) >= 7
    assert contrast(tokens["on-primary"], tokens["primary"]) >= 7
    for ground in ("paper", "card"):
        assert contrast(tokens["line"], tokens[ground]) >= 3, ground
        assert contrast(tokens["focus-line"], tokens[ground]) >= 3
    assert contrast(tokens["primary"], tokens["chosen"]) >= 3
    assert contrast(tokens["face-ink"], tokens["face"]) >= 7


answers = st.dictionaries(
    st.sampled_from(["safe", "moved", "told", "pets", "ladder", "wish"]),
    st.sampled_from([Chosen(("yes",)), Chosen(("no",)), NonAnswer.SKIPPED, NonAnswer.DONT_KNOW]),
)


@given(answers, st.integers(0, 2**7 - 1), st.integers(1, 7))
def test_no_way_through_a_run_shows_what_is_tucked_away(found, seen, step):
    from surveys.answering.run import Run

    run = Run(tiny_questionnaire(), None, Draft("8-10", found), seen)
    step = min(step, len(run.pages))
    for reached in (run.after(step), run.before(step), run.resume_step()):
        if reached:
            assert not run.tucked(run.pages[reached - 1])
            assert run.shown(run.pages[reached - 1]) in (None, *found.values())
    assert all(run.shown(page) is None for page in run.pages if run.tucked(page))
    if run.resume_step() is None:
        assert {page.id for page in run.pages if page.question} <= set(found)
