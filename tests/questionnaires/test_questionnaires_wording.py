"""Texts for translation: every one that respondents see, with its line."""

from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract

from questionnaires.loading import load_survey
from questionnaires.reading_rules import ROOM
from questionnaires.wording import extract, msgids

EXAMPLES = Path(__file__).parent.parent / "examples/valid"
PAGES = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  hint: To another home.
  short: Has moved
- information: half_way
  heading: Half way
  body: [A few more., "Yes"]
- question: happy
  type: ladder
  text: How happy are you?
  short: Happy
  low_label: Not at all
  high_label: Completely
"""
TEXTS = (
    "Moving",
    "These are a few questions.",
    "Questions",
    "Have you moved?",
    "To another home.",
    "Yes",
    "No",
    "I don't know",
    "Half way",
    "A few more.",
    "How happy are you?",
    "Not at all",
    "Completely",
)


@pytest.fixture
def survey(folder):
    folder.version(PAGES)
    return load_survey(folder.path)


def extracted(file: Path) -> list[tuple[int, str]]:
    with file.open("rb") as opened:
        found = list(babel_extract(extract, opened))
    return [(line, text) for line, text, _, _ in found]


def test_msgids_are_what_respondents_see_once_each(survey):
    assert msgids(survey) == TEXTS


def test_extractor_gives_lines_and_leaves_out_what_only_staff_see(survey, folder):
    found = extracted(folder.path / "adult.yaml")
    assert (4, "Moving") in found
    assert (8, "These are a few questions.") in found
    assert (17, "Have you moved?") in [(line + 1, text) for line, text in found]
    texts = [text for _, text in found]
    assert not {"Everybody", "Has moved", "moved", "choice"} & set(texts)


@pytest.mark.parametrize(
    "root",
    [ROOM, *sorted(folder.parent for folder in EXAMPLES.glob("*/survey.yaml"))],
    ids=lambda root: root.name,
)
def test_extractor_finds_every_msgid(root):
    folders = [file.parent for file in root.glob("**/survey.yaml")]
    for folder in folders:
        files = [*folder.glob("*.yaml"), folder.parent / "scales.yaml"]
        found = {text for file in files for _, text in extracted(file)}
        assert set(msgids(load_survey(folder))) <= found


@pytest.mark.parametrize("name", ["jargon", "long_words", "reading"])
def test_extractor_finds_nothing_in_word_lists(name):
    assert extracted(ROOM / f"{name}.yaml") == []


def test_extractor_finds_nothing_in_survey_and_lock_files():
    frozen = EXAMPLES / "labels_may_change_after_freezing"
    assert extracted(frozen / "survey.yaml") == []
    assert extracted(frozen / "codes.lock.yaml") == []
