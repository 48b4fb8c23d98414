"""Freezing codes: what is written, what stays, and what is refused."""

import pytest

from questionnaires.faults import QuestionnaireError
from questionnaires.loading import load_with_places
from questionnaires.recorded_codes import changes_since, freeze, read_recorded

PAGES = """
- question: moved
  topic: C12
  type: choice
  text: Have you moved?
  short: Moved
  options:
    - {code: yes, label: "Yes: I have"}
    - {code: no, label: "No"}
    - {code: 3_or_more, label: "# 3 or more"}
- {question: why, type: text, text: Why?, short: Why, max_length: 9}
"""


def test_nothing_recorded_is_none(folder):
    folder.version(PAGES)
    assert read_recorded(load_with_places(folder.path)) is None


def test_freezing_twice_changes_nothing_and_finds_nothing(folder):
    folder.version(PAGES)
    freeze(load_with_places(folder.path))
    first = (folder.path / "codes.lock.yaml").read_text(encoding="utf-8")
    loaded = load_with_places(folder.path)
    assert list(changes_since(loaded, read_recorded(loaded))) == []
    freeze(loaded)
    assert (folder.path / "codes.lock.yaml").read_text(encoding="utf-8") == first
    moved = read_recorded(loaded)["moving-adult"]["moved"]
    assert moved.options == {"yes": "Yes: I have", "no": "No", "3_or_more": "# 3 or more"}


def test_question_that_is_dropped_stays_recorded(folder):
    folder.version(PAGES)
    freeze(load_with_places(folder.path))
    folder.version(PAGES.split("- {question: why", maxsplit=1)[0])
    freeze(load_with_places(folder.path))
    assert "why" in read_recorded(load_with_places(folder.path))["moving-adult"]


def test_labels_that_change_places_are_noticed(folder):
    folder.version(PAGES)
    freeze(load_with_places(folder.path))
    swapped = PAGES.replace("code: yes", "code: x").replace("code: no", "code: yes")
    folder.version(swapped.replace("code: x", "code: no"))
    loaded = load_with_places(folder.path)
    said = [fault.message for fault in changes_since(loaded, read_recorded(loaded))]
    assert said == [
        "“Yes: I have” was recorded as “yes” and is now “no”.",
        "“No” was recorded as “no” and is now “yes”.",
    ]


def test_freezing_refuses_to_lose_a_code_and_keeps_the_file(folder):
    folder.version(PAGES)
    freeze(load_with_places(folder.path))
    before = (folder.path / "codes.lock.yaml").read_bytes()
    folder.version(PAGES.replace("code: no", "code: never"))
    with pytest.raises(QuestionnaireError, match="is now “never”"):
        freeze(load_with_places(folder.path))
    assert (folder.path / "codes.lock.yaml").read_bytes() == before


@pytest.mark.parametrize("text", ["recorded: no", "recorded: {a: {b: {type: grid}}}", "- a", ":"])
def test_damaged_lock_file_is_refused(folder, text):
    folder.version(PAGES)
    folder.file("codes.lock.yaml", text)
    with pytest.raises(QuestionnaireError):
        read_recorded(load_with_places(folder.path))
