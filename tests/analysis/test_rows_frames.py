"""Responses become small integers, sorted by content; what does not fit is refused."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_responses import invented_responses
from small_survey import POLICY, small_survey

from analysis.frames import ResponseDoesNotFit, build_frame
from analysis.plan import plan_tables
from analysis.tables import tabulate
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Number, Response, Written

YOUNG = {"safe": Chosen(("yes",)), "moved": Chosen(("no",)), "gender": Chosen(("girl",))}
OLD = {
    "safe": NonAnswer.DONT_KNOW,
    "moved": Chosen(("yes",)),
    "told": Chosen(("no",)),
    "happy": Number(7),
    "fun": Chosen(("sport",)),
    "wish": Written("A dog."),
    "gender": NonAnswer.SKIPPED,
}


def young(**answers):
    return Response("small-8-10", YOUNG | answers)


def old(**answers):
    return Response("small-11-15", OLD | answers)


def old_and_never_moved():
    answers = OLD | {"moved": Chosen(("no",))}
    return Response("small-11-15", {key: answers[key] for key in answers if key != "told"})


def test_each_answer_has_its_category():
    frame = build_frame([young(), old()], small_survey())
    assert frame.iloc[0].to_dict() == {
        "audience": "8-10", "safe:a3": "yes", "safe:f4": "not_asked", "moved": "no",
        "gender": "girl", "told": "not_asked", "happy": "not_asked",
        "fun.sport": "not_asked", "fun.music": "not_asked", "how_answered": "screen",
    }  # fmt: skip
    assert frame.iloc[1].to_dict() == {
        "audience": "11-15", "safe:a3": "not_asked", "safe:f4": "dont_know", "moved": "yes",
        "gender": "skipped", "told": "no", "happy": "high",
        "fun.sport": "sport", "fun.music": "not_chosen", "how_answered": "screen",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rung", "band"),
    [(0, "low"), (4, "low"), (5, "middle"), (6, "middle"), (7, "high"), (10, "high")],
)
def test_ladder_is_kept_in_three_bands(rung, band):
    assert build_frame([old(happy=Number(rung))], small_survey())["happy"].tolist() == [band]


def test_frame_holds_small_integers_and_no_text():
    frame = build_frame([young(), old()] * 50, small_survey())
    assert {frame[name].cat.codes.dtype for name in frame} == {numpy.dtype("int8")}
    assert "wish" not in frame.columns
    assert "dog" not in frame.to_csv()


@given(st.permutations([young(), old(), old_and_never_moved(), young(safe=Chosen(("no",)))]))
@settings(deadline=None)
def test_order_of_arrival_is_lost(responses):
    first = [young(), old(), old_and_never_moved(), young(safe=Chosen(("no",)))]
    assert build_frame(responses, small_survey()).equals(build_frame(first, small_survey()))


@pytest.mark.parametrize(
    "response",
    [
        Response("another-8-10", YOUNG),
        young(safe=Chosen(("perhaps",))),
        young(safe=Chosen(("yes", "no"))),
        young(safe=Number(3)),
        young(safe=NonAnswer.DOES_NOT_APPLY),
        young(safe=NonAnswer.NOT_ASKED),
        young(extra=Chosen(("yes",))),
        Response("small-8-10", {"moved": Chosen(("no",)), "gender": Chosen(("girl",))}),
        old(happy=Number(11)),
        old(fun=Chosen(("chess",))),
        old(fun=Chosen(())),
    ],
)
def test_what_the_survey_could_not_have_asked_is_refused_without_saying_what(response):
    with pytest.raises(ResponseDoesNotFit) as refused:
        build_frame([response], small_survey())
    for word in ("perhaps", "chess", "girl", "safe", "happy"):
        assert word not in str(refused.value)


def test_nobody_gives_an_empty_frame():
    frame = build_frame([], small_survey())
    assert len(frame) == 0
    assert list(frame)[:2] == ["audience", "safe:a3"]


def counted(responses):
    survey = small_survey()
    plan = plan_tables(survey, [], POLICY)
    tables = tabulate(build_frame(responses, survey), plan)
    return {
        (table.item, table.group): {row.level: row.counts for row in table.rows} for table in tables
    }


def test_tables_count_everyone_in_the_items_population():
    tables = counted([young(), young(safe=Chosen(("no",))), old(), old_and_never_moved()])
    assert tables["(respondents)", "all"] == {"all": (4,)}
    assert tables["(respondents)", "age_version"] == {"8-10": (2,), "11-15": (2,)}
    # yes, sometimes, no, left out, not sure: of the two who have this scale
    assert tables["safe:a3", "all"] == {"all": (1, 0, 1, 0, 0)}
    assert tables["moved", "age_version"] == {"8-10": (0, 2, 0), "11-15": (1, 1, 0)}
    # yes, sometimes, no, left out, not asked
    assert tables["told", "all"] == {"all": (0, 0, 1, 0, 1)}
    assert tables["moved", "gender"] == {
        "girl": (0, 2, 0),
        "boy": (0, 0, 0),
        "not_stated": (1, 1, 0),
    }


def test_bases_of_levels_are_the_same_for_every_item_of_a_population():
    survey = small_survey()
    plan = plan_tables(survey, [], POLICY)
    responses = invented_responses(survey, {"8-10": 0.4, "11-15": 0.6}, 200)
    bases = {}
    for table in tabulate(build_frame(responses, survey), plan):
        population = plan.item_by_id[table.item].asked_of
        for row in table.rows:
            bases.setdefault((population, table.group, row.level), set()).add(row.base)
    assert all(len(found) == 1 for found in bases.values())
