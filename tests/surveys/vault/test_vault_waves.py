"""Waves: what they say of themselves, and which steps they can take."""

from datetime import date

import pytest
from vault_wave import new_wave

from questionnaires.model import Survey
from surveys.database import metadata, open_engine
from surveys.vault.envelope import survey_id
from surveys.vault.waves import (
    WaveStatus,
    WrongStatus,
    add_wave,
    all_waves,
    find_wave,
    padded_length,
    prepare_wave,
    set_status,
)

PREPARED, OPEN, CLOSED, RELEASED, PUBLISHED = WaveStatus


@pytest.fixture
def engine():
    engine = open_engine("sqlite://")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def survey(*longest):
    """A survey with a version for each length of free text."""
    versions = [
        {
            "id": f"tiny-{number}",
            "audience": str(number),
            "audience_label": "Anyone",
            "title": "Tiny",
            "look": "desk",
            "minutes": 1,
            "reading": "adult",
            "welcome": ["Welcome."],
            "sections": [{"id": "all", "title": "All", "pages": [text_page(length)]}],
        }
        for number, length in enumerate(longest)
    ]
    return Survey.model_validate(
        {"id": "tiny", "title": "Tiny", "respondents": "anyone", "questionnaires": versions}
    )


def text_page(length):
    question = {"id": "wish", "type": "text", "text": "?", "short": "Wish", "max_length": length}
    return {"id": "wish", "question": question}


def test_prepared_wave_is_found_again_with_every_field(engine):
    inspection, tiny = bytes(range(16)), survey(50)
    opens, closes = date(2026, 11, 2), date(2026, 11, 20)
    wave = prepare_wave(engine, tiny, inspection, opens, closes, number=2, single_custodian=False)
    assert find_wave(engine, wave.id) == wave
    assert (wave.status, wave.survey, wave.number) == (PREPARED, "tiny", 2)
    assert (wave.opens_on, wave.closes_on, wave.single_custodian) == (opens, closes, False)
    assert len(wave.instrument_hash) == 32 and wave.padded_length == padded_length(tiny)
    assert find_wave(engine, bytes(16)) is None


def test_header_ties_envelopes_to_inspection_survey_instrument_and_wave():
    wave = new_wave(number=3)
    assert wave.header.survey_id == survey_id(wave.inspection_id, "care4me")
    assert (wave.header.instrument_hash, wave.header.wave) == (wave.instrument_hash, 3)


def test_padding_is_the_longest_version_in_whole_kib():
    short, long = padded_length(survey(10)), padded_length(survey(2000))
    assert short == 1024 and long > 4 * 2000 and long % 1024 == 0
    assert padded_length(survey(10, 2000, 20)) == long


def test_wave_cannot_close_before_it_opens(engine):
    with pytest.raises(ValueError, match="close"):
        prepare_wave(engine, survey(5), bytes(16), date(2026, 2, 2), date(2026, 2, 1))
    prepare_wave(engine, survey(5), bytes(16), date(2026, 2, 2), date(2026, 2, 2))


def test_waves_are_listed_by_survey_and_number(engine):
    inspection = bytes(range(16))
    made = [
        new_wave(inspection_id=inspection, survey=name, number=number)
        for name, number in (("care4me", 2), ("aftercare", 1), ("care4me", 1))
    ]
    for wave in (*made, new_wave()):
        add_wave(engine, wave)
    assert all_waves(engine, inspection) == [made[1], made[2], made[0]]
    assert len(all_waves(engine)) == 4


ALLOWED = {
    (PREPARED, OPEN),
    (OPEN, CLOSED),
    (CLOSED, OPEN),
    (RELEASED, PUBLISHED),
}


@pytest.mark.parametrize("before", WaveStatus)
@pytest.mark.parametrize("after", WaveStatus)
def test_steps_a_wave_can_take(engine, before, after):
    wave = new_wave(before)
    add_wave(engine, wave)
    if (before, after) in ALLOWED:
        set_status(engine, wave.id, after)
        assert find_wave(engine, wave.id).status is after
    else:
        with pytest.raises(WrongStatus):
            set_status(engine, wave.id, after)
        assert find_wave(engine, wave.id) == wave
