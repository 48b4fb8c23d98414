"""Author checks that no example shows: groups between versions, unrecorded codes, reachability."""

import pytest

from questionnaires.checks import check_survey
from questionnaires.faults import Severity
from questionnaires.loading import load_survey, load_with_places
from questionnaires.reachability import can_be_met
from questionnaires.reading_rules import LEVELS, load_wording_rules

RULES = load_wording_rules()
MOVED = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  short: Moved
"""
WHO = """
- question: who
  type: choices
  text: Who helped?
  short: Who
  options:
    - {code: family, label: Family}
    - {code: friends, label: Friends}
    - {code: nobody, label: Nobody, exclusive: true}
  non_answers: {dont_know: I don't know}
"""
HAPPY = """
- {question: happy, type: ladder, text: Happy?, short: Happy, low_label: Low, high_label: High}
"""


def messages_of(folder) -> list[str]:
    return [fault.message for fault in check_survey(load_with_places(folder.path), RULES)]


def test_group_that_differs_between_versions(folder):
    folder.file("survey.yaml", folder.description("younger", "older"))
    folder.version(MOVED + "  group: gender\n  non_answers: {rather_not_say: No}", "younger")
    folder.version(MOVED, "older")
    assert "“moved” belongs to the group None here and to gender in younger." in messages_of(folder)


def test_group_that_is_not_a_choice(folder):
    folder.version(HAPPY.replace("type:", "group: gender, type:"))
    assert any(m.startswith("A question that divides tables") for m in messages_of(folder))


def test_unrecorded_codes_are_a_warning(folder):
    folder.version(MOVED)
    (fault,) = check_survey(load_with_places(folder.path), RULES)
    assert fault.message == "The option codes of this survey have not been recorded."
    assert (fault.severity, fault.file.name, fault.line) == (Severity.WARNING, "survey.yaml", 1)


def test_jargon_of_older_readers_is_jargon_for_the_youngest():
    assert RULES.jargon_by_level.keys() == set(LEVELS)
    youngest = dict(RULES.jargon("8-10"))
    for level in LEVELS:
        assert dict(RULES.jargon(level)).items() <= youngest.items()


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ("{question: moved, is: [yes]}", True),
        ("{all: [{question: moved, is: [yes]}, {question: moved, is_not: [yes]}]}", False),
        ("{all: [{question: moved, is: [yes]}, {question: moved, answered: false}]}", False),
        ("{all: [{question: happy, at_least: 4}, {question: happy, at_most: 4}]}", True),
        ("{all: [{question: happy, at_least: 5}, {question: happy, at_most: 4}]}", False),
        (
            "{not: {any: [{question: moved, answered: true}, {question: moved, answered: false}]}}",
            False,
        ),
        ("{all: [{question: who, is: [family]}, {question: who, is: [friends]}]}", True),
        ("{all: [{question: who, is: [family]}, {question: who, is: [nobody]}]}", False),
        ("{all: [{question: who, is: [family]}, {question: who, is_not: [family]}]}", False),
        ("{all: [{question: who, is_not: [family]}, {question: who, is_not: [nobody]}]}", True),
        ("{all: [{question: who, is: [nobody]}, {question: why, answered: true}]}", False),
        ("{all: [{question: who, is: [friends]}, {question: why, answered: true}]}", True),
    ],
)
def test_reachability(folder, condition, is_met):
    why = """
- {question: why, type: text, text: Why?, short: Why, max_length: 9, when: {question: who, is_not: [nobody]}}
"""
    end = f"\n- {{information: end, heading: End, when: {condition}}}\n"
    folder.version(MOVED + WHO + HAPPY + why + end)
    questionnaire = load_survey(folder.path).questionnaires[0]
    assert can_be_met(questionnaire, questionnaire.pages[-1]) is is_met


def test_too_much_to_try_counts_as_reachable(folder):
    pages = "".join(HAPPY.replace("happy", f"happy_{n}") for n in range(6))
    parts = ", ".join(f"{{question: happy_{n}, at_least: 5}}" for n in range(6))
    impossible = "{question: happy_0, at_most: 4}"
    folder.version(
        pages + f"- {{information: end, heading: E, when: {{all: [{parts}, {impossible}]}}}}"
    )
    questionnaire = load_survey(folder.path).questionnaires[0]
    assert can_be_met(questionnaire, questionnaire.pages[-1])
