"""Frameworks as data: which one applies, what is in it, and what an author is told."""

from datetime import date
from pathlib import Path

import pytest

from surveys.inspections.frameworks import (
    FrameworkError,
    NoFramework,
    framework_for,
    load_frameworks,
)

FOLDER = Path(__file__).parents[3] / "config" / "frameworks"
SURVEYS = (
    "care4me", "aftercare", "social_workers", "staff", "safeguarding_partners", "third_sector",
    "carers", "residential_staff", "parents", "governance",
)  # fmt: skip
THEMES = [*(f"L{n}" for n in range(1, 11)), "S1", "S2", "S3", "S4", "X1"]


@pytest.fixture(scope="module")
def frameworks():
    return load_frameworks(FOLDER)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2009, 4, 1), "2009"),
        (date(2011, 4, 11), "2009"),
        (date(2013, 10, 31), "2009"),
        (date(2018, 1, 1), "ilacs"),
        (date(2026, 11, 23), "ilacs"),
        (date(2027, 9, 1), "ilacs"),  # until a later framework is filled in
    ],
)
def test_date_chooses_the_framework(frameworks, day, expected):
    assert framework_for(frameworks, day).id == expected


@pytest.mark.parametrize("day", [date(2009, 3, 31), date(2013, 11, 1), date(2017, 12, 31)])
def test_dates_without_a_framework_are_told_what_there_is(frameworks, day):
    with pytest.raises(NoFramework) as raised:
        framework_for(frameworks, day)
    assert "2009 (1 April 2009 to 31 October 2013)" in str(raised.value)
    assert "ilacs (1 January 2018 onwards)" in str(raised.value)


def test_planned_framework_is_left_out_until_it_is_filled_in(frameworks):
    assert (FOLDER / "next.yaml").exists()
    assert list(frameworks) == ["2009", "ilacs"]


@pytest.mark.parametrize("name", ["2009", "ilacs"])
def test_every_framework_has_the_same_themes_and_surveys(frameworks, name):
    framework = frameworks[name]
    assert [theme.id for theme in framework.themes] == THEMES
    assert framework.surveys == SURVEYS


def test_labels_of_three_councils_stand_beside_ours(frameworks):
    labels = {theme.id: theme.labels for theme in frameworks["2009"].themes}
    for theme in THEMES[:10]:
        assert set(labels[theme]) == {"nottinghamshire", "nottingham", "leeds"}
    assert labels["L3"]["leeds"] == "Quality of risk management"
    assert labels["L3"]["nottinghamshire"] == "Quality of decision making"
    assert labels["S4"]["leeds"] == "How well local agencies work together"


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("2009", ["Outstanding", "Good", "Adequate", "Inadequate"]),
        ("ilacs", ["Outstanding", "Good", "Requires improvement to be good", "Inadequate"]),
    ],
)
def test_grade_words_are_those_of_the_time(frameworks, name, grades):
    assert [grade.label for grade in frameworks[name].grades] == grades


@pytest.mark.parametrize(
    ("day", "has_overall", "has_care_leavers"),
    [
        (date(2019, 6, 3), True, False),
        (date(2023, 2, 1), True, True),
        (date(2026, 3, 31), True, True),
        (date(2026, 4, 1), False, True),
    ],
)
def test_judgements_come_and_go_with_the_years(frameworks, day, has_overall, has_care_leavers):
    made = frameworks["ilacs"].judgements_on(day)
    assert any(judgement.overall for judgement in made) == has_overall
    assert ("care_leavers" in {judgement.id for judgement in made}) == has_care_leavers


def test_vocabulary_follows_the_framework(frameworks):
    assert frameworks["2009"].vocabulary.children_in_care == "looked after children"
    assert frameworks["ilacs"].vocabulary.children_in_care == "children in care"


def test_empty_file_is_a_slot_for_later(tmp_path):
    (tmp_path / "2009.yaml").write_bytes((FOLDER / "2009.yaml").read_bytes())
    (tmp_path / "2027.yaml").write_text("# nothing is known yet\n")
    assert list(load_frameworks(tmp_path)) == ["2009"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Insp", "titel: Insp", "broken.yaml: title: Field required"),
        ("title: Insp", "titel: Insp", "broken.yaml: titel: Extra inputs"),
        ("judgements: [economic]", "judgements: [money]", "theme L10: no judgement money"),
        ("id: L2\n", "id: Q2\n", "themes[1].id"),
        ("id: L2\n", "id: L1\n", "themes: L1 stands twice"),
        ("day: 3, at", "day: 12, at", "window: Value error, the window has to open before"),
        ("reminders: [5, 8]", "reminders: [5, 12]", "reminders have to lie inside"),
        ('at: "23:59"', 'at: "24:59"', "window.closes.at"),
        ("to: 31\n", "to: 3\n", "`to` has to be a later day"),
        ("valid_to: 2013-10-31", "valid_to: 2003-10-31", "valid_to lies before valid_from"),
        ('id: "2009"', "id: 2009", "broken.yaml: id:"),
        ("surveys: [", "surveys: [[", "this is not YAML"),
        ("title: Insp", "title: a\ntitle: Insp", "this is not YAML"),  # a key stands twice
    ],
)
def test_author_is_told_file_and_key(tmp_path, old, new, said):
    text = (FOLDER / "2009.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "broken.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FrameworkError) as raised:
        load_frameworks(tmp_path)
    assert said in str(raised.value)


def test_overlapping_frameworks_and_repeated_ids_are_refused(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes((FOLDER / "2009.yaml").read_bytes())
    with pytest.raises(FrameworkError, match="still in force") as raised:
        load_frameworks(tmp_path)
    assert "two files have this id" in str(raised.value)


def test_folder_without_frameworks_is_an_error(tmp_path):
    with pytest.raises(FrameworkError, match="no framework"):
        load_frameworks(tmp_path)
