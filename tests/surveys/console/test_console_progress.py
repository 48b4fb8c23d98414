"""Counts: whole tens, at night, never so near to everybody or nobody that it points at one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from surveys.console.progress import SMALLEST_GROUP, Progress, at_least, progress_of, take_progress
from surveys.database import metadata, open_engine

WAVE = bytes(range(16))
FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/progress.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("offered", "finals", "shown"),
    [
        (164, 0, None),
        (164, 9, None),
        (164, 10, 10),
        (164, 19, 10),
        (164, 49, 40),
        (164, 154, 150),
        (164, 164, 150),  # fourteen are left out, so nobody's part is known
        (40, 40, 30),
        (20, 20, 10),
        (19, 19, None),
        (10, 10, None),
        (0, 0, None),
    ],
)
def test_figure_is_in_tens_and_leaves_ten_people_unknown(offered, finals, shown):
    assert at_least(offered, finals) == shown


@given(st.integers(0, 3000), st.data())
def test_figure_is_true_and_never_points_at_fewer_than_ten(offered, data):
    finals = data.draw(st.integers(0, offered))
    shown = at_least(offered, finals)
    if shown is None:
        assert finals < SMALLEST_GROUP or Progress(offered, None, FRIDAY).is_too_small_to_count
    else:
        assert shown % 10 == 0 and SMALLEST_GROUP <= shown <= finals
        assert offered - shown >= SMALLEST_GROUP


def test_only_the_rounded_figure_is_stored(engine):
    take_progress(engine, WAVE, offered=164, finals=47, today=FRIDAY)
    with engine.connect() as connection:
        rows = connection.execute(text("select * from wave_progress")).all()
    assert rows == [(WAVE, 164, 40, "2026-11-27")]


def test_progress_is_that_of_the_last_night(engine):
    take_progress(engine, WAVE, offered=164, finals=47, today=FRIDAY)
    take_progress(engine, WAVE, offered=170, finals=61, today=SATURDAY)
    assert progress_of(engine, WAVE) == Progress(170, 60, SATURDAY)


def test_figure_never_falls_when_the_slots_are_gone(engine):
    take_progress(engine, WAVE, offered=164, finals=47, today=FRIDAY)
    take_progress(engine, WAVE, offered=164, finals=0, today=SATURDAY)
    assert progress_of(engine, WAVE) == Progress(164, 40, SATURDAY)


def test_wave_never_counted_has_no_progress(engine):
    assert progress_of(engine, WAVE) is None
