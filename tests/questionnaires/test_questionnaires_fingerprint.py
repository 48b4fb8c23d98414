"""The fingerprint changes with anything a respondent meets or an answer means, and with no more."""

import pytest

from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_survey

PAGES = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  short: Moved
"""


def fingerprint(folder, pages=PAGES) -> bytes:
    folder.version(pages)
    return instrument_hash(load_survey(folder.path))


def test_fingerprint_is_32_bytes_and_repeatable(folder):
    assert len(fingerprint(folder)) == 32
    assert fingerprint(folder) == fingerprint(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Have you moved?", "Have you moved house?"),
        ("question: moved", "question: has_moved"),
        ("short: Moved", "short: Has moved"),
        ("type: choice", "type: choices"),
        ("short: Moved", "short: Moved\n  non_answers: {rather_not_say: No}"),
    ],
)
def test_fingerprint_changes_with_what_is_asked(folder, old, new):
    assert fingerprint(folder) != fingerprint(folder, PAGES.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short: Moved", "short: Moved  # a comment"),
        ("text: Have you moved?", 'text: "Have you moved?"'),
        ("short: Moved", "short: Moved\n  allow: [two_in_one]"),
    ],
)
def test_fingerprint_stays_when_only_the_writing_changes(folder, old, new):
    assert fingerprint(folder) == fingerprint(folder, PAGES.replace(old, new))


def test_fingerprint_covers_every_version(folder):
    before = fingerprint(folder)
    folder.file("survey.yaml", folder.description("adult", "older"))
    folder.version(PAGES, "older")
    assert fingerprint(folder) != before
