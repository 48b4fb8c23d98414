"""What is promised about the keys is true of this very survey, and alike on both its pages."""

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite, tiny_survey

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
