"""A site with the respondents' pages, and a respondent who presses buttons on them."""

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite


@pytest.fixture
def answering(tmp_path):
    made = AnsweringSite(tmp_path / "site")
    yield made
    made.site.engine.dispose()


@pytest.fixture
def respondent(answering):
    """Somebody who has just put in their link and agreed."""
    person = Respondent(answering)
    person.enter()
    person.agree()
    return person
