"""What is promised about the keys is true of this very survey, and alike on both its pages."""

from datetime import date

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite, tiny_survey

from surveys.vault.waves import set_retention

ONE = {
    "8-10": ("one grown-up reads all the answers", "one grown-up has all the keys"),
    "11-15": ("one person opens all the answers", "one person holds both keys"),
    "16+": ("one person opens all the answers", "one person holds both keys"),
    "adult": ("one person holds both keys",),
}
FEW = {
    "8-10": "a few grown-ups read all the answers",
    "11-15": "a few people open all the answers",
    "16+": "a few people open all the answers",
    "adult": "all answers are opened together",
}


@pytest.fixture
def arrived(tmp_path):
    """A respondent at the welcome page; the site keeps to two people, the wave perhaps not."""
    sites = []

    def arrive(reading, *, single):
        made = AnsweringSite(tmp_path, tiny_survey(reading=reading), single_custodian=False)
        sites.append(made)
        with made.site.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE wave SET single_custodian = ?", (single,))
        person = Respondent(made)
        person.enter()
        return person

    yield arrive
    for made in sites:
        made.site.engine.dispose()


@pytest.mark.parametrize("reading", ONE)
def test_one_person_with_both_keys_is_never_called_a_few(arrived, reading):
    person = arrived(reading, single=True)
    assert all(words in person.text for words in ONE[reading])
    assert "a few" not in person.text
    person.get("/privacy")
    assert "One person holds both keys" in person.text


@pytest.mark.parametrize("reading", FEW)
def test_two_people_with_a_key_each_are_not_called_one(arrived, reading):
    person = arrived(reading, single=False)
    assert FEW[reading] in person.text
    assert not [words for words in ONE[reading] if words in person.text]
    person.get("/privacy")
    assert "One person" not in person.text


def test_privacy_before_any_survey_speaks_of_the_site(answering):
    person = Respondent(answering)
    person.get("/privacy")
    assert ("One person holds both keys" in person.text) is answering.site.single_custodian is True


@pytest.mark.parametrize("reading", ONE)
def test_every_age_is_told_of_break_ins_while_they_answer(arrived, reading):
    person = arrived(reading, single=True)
    broke_in = "Somebody who broke into the website while you are answering could see your answers."
    assert broke_in in person.text
    assert "The questions do not ask for your name" in person.text
    person.get("/privacy")
    assert broke_in in person.text


def test_day_of_deletion_is_that_of_the_wave_and_of_its_backups(arrived):
    person = arrived("8-10", single=True)
    set_retention(person.answering.site.engine, person.answering.wave.id, date(2027, 5, 31))
    said = "This website deletes all answers by 5 July 2027."  # 35 days on
    for address in ("/answer/welcome", "/privacy"):
        person.get(address)
        assert said in person.text


def test_a_wave_from_before_is_deleted_by_the_rule_of_the_site(arrived):
    person = arrived("8-10", single=True)
    assert (
        "This website deletes all answers by 4 January 2029." in person.text
    )  # 24 months and 35 days


def test_nobody_answering_is_told_no_day(answering):
    person = Respondent(answering)
    person.get("/privacy")
    assert "This website deletes" not in person.text
    assert "Answers that were not sent are deleted when the survey is closed." in person.text
