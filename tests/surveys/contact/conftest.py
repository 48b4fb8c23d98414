"""A site with the two keys for messages, and the inbox's script in Node."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
for room in ("surveys/answering", "surveys/kiosk", "surveys/mail", "surveys/contact"):
    if str(TESTS / room) not in sys.path:
        sys.path.insert(0, str(TESTS / room))

from answering_respondent import Respondent  # noqa: E402
from answering_site import AnsweringSite  # noqa: E402
from contact_keys import KEYS  # noqa: E402

from surveys.contact.keys import write_keys  # noqa: E402


@pytest.fixture
def answering(tmp_path):
    """Respondents' pages with a survey that is open, and keys to seal messages to."""
    made = AnsweringSite(tmp_path / "site")
    write_keys(made.site.public_keys, KEYS)
    yield made
    made.site.engine.dispose()


@pytest.fixture
def respondent(answering):
    """Somebody at the front door, without a code put in."""
    return Respondent(answering)
