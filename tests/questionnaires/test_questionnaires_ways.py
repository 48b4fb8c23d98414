"""Ways through: none is overlooked, the costliest is found, and likelihoods add up."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.loading import load_surveys
from questionnaires.model import Condition, Option, Page, Question, Questionnaire, Section
from questionnaires.reachability import can_be_met
from questionnaires.reading_rules import ROOM
from questionnaires.responses import Chosen, Number, Written
from questionnaires.routing import path
from questionnaires.ways import answers_leading_to, costliest_way, likelihoods

CODES = ("red", "blue", "green")


def question(name, type_="choice", **more):
    options = tuple(Option(code=code, label=code) for code in CODES)
    if type_ in ("text", "ladder", "month"):
        options = ()
    return Question(id=name, type=type_, text=name, short=name, options=options, **more)


def page(name, when=None, type_="choice", **more):
    condition = Condition.model_validate(when) if when else None
    return Page(id=name, when=condition, question=question(name, type_, **more))


def questionnaire(*pages):
    return Questionnaire(
        id="q", audience="adult", audience_label="Adults", title="Q", look="desk", minutes=1,
        reading="adult", welcome=("Hello",), sections=(Section(id="s", title="S", pages=pages),),
    )  # fmt: skip


def names(pages):
    return [one.id for one in pages]


FORK = questionnaire(
    page("colour"),
    page("why_red", {"question": "colour", "is": ["red"]}),
    page("why_blue", {"question": "colour", "is": ["blue"]}),
    page("shade", {"question": "why_blue", "is_not": ["green"]}),
    page("end"),
)


def test_the_way_with_most_pages_is_found():
    way = costliest_way(FORK, lambda _: 1.0)
    assert names(way.pages) == ["colour", "why_blue", "shade", "end"]
    assert (way.cost, way.answers[0]) == (4.0, ("colour", Chosen(("blue",))))


def test_a_dear_page_outweighs_many_cheap_ones():
    way = costliest_way(FORK, lambda one: 10.0 if one.id == "why_red" else 1.0)
    assert names(way.pages) == ["colour", "why_red", "end"]


def test_likelihoods_by_hand():
    assert likelihoods(FORK) == pytest.approx(
        {"colour": 1, "why_red": 1 / 3, "why_blue": 1 / 3, "shade": 2 / 9, "end": 1}
    )


@pytest.mark.parametrize(
    ("type_", "when", "expected"),
    [
        ("ladder", {"at_least": 9}, Number(9)),
        ("text", {"answered": True}, Written("words")),
        ("choices", {"is": ["green"]}, Chosen(("green",))),
        ("choices", {"is_not": ["red"]}, Chosen(("blue",))),
    ],
)
def test_answers_that_lead_to_a_page_are_of_its_type(type_, when, expected):
    asked = questionnaire(page("first", type_=type_), page("then", {"question": "first", **when}))
    assert answers_leading_to(asked, asked.pages[1]) == {"first": expected}


def test_silence_can_lead_somewhere_too():
    asked = questionnaire(page("first"), page("then", {"question": "first", "answered": False}))
    assert answers_leading_to(asked, asked.pages[1]) == {}
    assert "then" in names(path(asked, {}))


def test_no_answers_lead_to_what_nobody_can_meet():
    never = {"all": [{"question": "first", "is": ["red"]}, {"question": "first", "is": ["blue"]}]}
    asked = questionnaire(page("first"), page("then", never))
    assert answers_leading_to(asked, asked.pages[1]) is None


def test_only_needed_answers_are_made_up():
    asked = questionnaire(
        page("first"), page("other"), page("aside", {"question": "other", "is": ["red"]}),
        page("then", {"question": "first", "is": ["green"]}),
    )  # fmt: skip
    assert answers_leading_to(asked, asked.pages[3]) == {"first": Chosen(("green",))}


conditions = st.sampled_from([None, *product(range(6), CODES)])


@settings(max_examples=60, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=6))
def test_every_way_is_seen_as_walking_all_answers_sees_it(wanted):
    pages = []
    for place, condition in enumerate(wanted):
        earlier = condition is not None and condition[0] < place
        when = {"question": f"q{condition[0]}", "is": [condition[1]]} if earlier else None
        pages.append(page(f"q{place}", when))
    asked = questionnaire(*pages)
    walks = [
        path(asked, {f"q{place}": Chosen((code,)) for place, code in enumerate(codes)})
        for codes in product(CODES, repeat=len(pages))
    ]
    assert costliest_way(asked, lambda _: 1.0).cost == max(map(len, walks))
    likely = likelihoods(asked)
    for one in asked.pages:
        share = sum(one in walk for walk in walks) / len(walks)
        assert likely[one.id] == pytest.approx(share)


@pytest.mark.parametrize(
    "shipped",
    [one for survey in load_surveys(ROOM).values() for one in survey.questionnaires],
    ids=lambda one: one.id,
)
def test_every_page_of_every_shipped_version_can_be_led_to(shipped):
    for one in shipped.pages:
        answers = answers_leading_to(shipped, one)
        assert (answers is not None) == can_be_met(shipped, one)
        assert one in path(shipped, answers)
