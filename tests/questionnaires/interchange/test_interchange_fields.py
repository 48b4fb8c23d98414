"""A field that the model gains has to have a place in a workbook before anything is written."""

import pytest

from questionnaires.interchange import columns
from questionnaires.interchange.faults import WorkbookError
from questionnaires.interchange.sheets import KNOWN
from questionnaires.interchange.writing import write_version
from questionnaires.loading import load_survey
from questionnaires.model import Frozen, Question
from questionnaires.reading_rules import ROOM


def test_every_field_of_the_model_has_a_place():
    assert columns.fields_without_a_place() == ()


def test_no_place_is_kept_for_a_field_that_is_gone():
    for model, known in columns.IN_THE_STANDARD.items():
        assert set(known) <= set(model.model_fields), model


def test_every_part_of_a_survey_is_looked_at():
    scale = {"Scale"}  # its options stand in the questions that use it
    known = {model.__name__ for model in columns.IN_THE_STANDARD} | scale
    assert {
        model.__name__ for model in Frozen.__subclasses__() if "model" in model.__module__
    } == known


def test_a_field_without_a_place_stops_the_export(monkeypatch):
    rest = {
        field: place
        for field, place in columns.IN_THE_STANDARD[Question].items()
        if field != "hint"
    }
    monkeypatch.setattr(columns, "IN_THE_STANDARD", {**columns.IN_THE_STANDARD, Question: rest})
    survey = load_survey(ROOM / "care4me")
    with pytest.raises(WorkbookError, match=r"The field Question\.hint has no place"):
        write_version(survey, survey.questionnaires[0])


def test_own_columns_are_known_to_the_reader():
    for own in columns.OF_QUESTION:
        assert own.column in KNOWN[columns.SURVEY]
    for own in columns.OF_OPTION:
        assert own.column in KNOWN[columns.CHOICES]


def test_no_own_column_has_two_colons():
    """Two colons mean a language or an attribute; the converter stops at them on ``choices``."""
    assert not [name for sheet in KNOWN.values() for name in sheet if "::" in name]
