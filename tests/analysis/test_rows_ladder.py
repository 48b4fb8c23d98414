"""The good end of a ladder: much happiness is good news, much worry is not."""

from pathlib import Path

import pytest

from analysis.items import items_of
from questionnaires.loading import load_surveys

SURVEYS = load_surveys(Path(__file__).parents[2] / "questionnaires")


@pytest.mark.parametrize(
    ("question", "valences"),
    [
        ("life_satisfaction", ["negative", "neutral", "positive"]),
        ("worried_yesterday", ["positive", "neutral", "negative"]),
    ],
)
def test_bands_point_the_way_the_question_does(question, valences):
    item = next(item for item in items_of(SURVEYS["aftercare"]) if item.question == question)
    bands = [category for category in item.categories if category.kind == "option"]
    assert [band.code for band in bands] == ["low", "middle", "high"]
    assert [band.valence for band in bands] == valences
