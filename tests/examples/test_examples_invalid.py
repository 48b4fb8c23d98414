"""Every invalid example is refused with exactly the faults written beside its lines.

In: the folders of invalid/, where ``# FAULT words`` stands on the line at fault.
"""

import re
from pathlib import Path

import pytest

from questionnaires import messages
from questionnaires.checks import check_survey
from questionnaires.faults import Fault, QuestionnaireError
from questionnaires.loading import load_with_places
from questionnaires.reading_rules import load_wording_rules

INVALID = Path(__file__).parent / "invalid"
EXAMPLES = sorted(folder for folder in INVALID.iterdir() if folder.is_dir())
MARK = re.compile(r"# (FAULT|WARNING) (?P<words>.*)$")
RULES = load_wording_rules()

# Faults with no line of their own to stand on.
WITHOUT_A_LINE = {
    "version_file_is_missing": [("older.yaml", 1, "error", "This file does not exist.")],
    "file_that_is_not_yaml": [("adult.yaml", 15, "error", "The file stops making sense here")],
}


def expected(folder: Path) -> list[tuple[str, int, str, str]]:
    found = list(WITHOUT_A_LINE.get(folder.name, []))
    for file in folder.glob("*.yaml"):
        for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            mark = MARK.search(text)
            severity = "warning" if mark and mark.group(1) == "WARNING" else "error"
            for words in mark.group("words").split(" + ") if mark else ():
                found.append((file.name, line, severity, words))
    return sorted(found)


def faults_of(folder: Path) -> list[Fault]:
    try:
        found = check_survey(load_with_places(folder), RULES)
    except QuestionnaireError as error:
        found = list(error.faults)
    return [fault for fault in found if fault.message != messages.NOT_RECORDED.message]


def matches(fault: Fault, wanted: tuple[str, int, str, str]) -> bool:
    file, line, severity, words = wanted
    said = f"{fault.message} {fault.advice}"
    return (fault.file.name, fault.line, fault.severity) == (file, line, severity) and (
        said.startswith(words)
    )


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_invalid_example_says_each_fault_on_its_line(folder):
    wanted = expected(folder)
    assert wanted, "an invalid example says what is wrong with it"
    found = faults_of(folder)
    unexplained = [str(f) for f in found if not any(matches(f, w) for w in wanted)]
    unsaid = [w for w in wanted if not any(matches(f, w) for f in found)]
    assert (unexplained, unsaid) == ([], [])
    assert len(found) == len(wanted)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_fault_names_an_element_and_speaks_like_a_person(folder):
    for fault in faults_of(folder):
        assert fault.element
        words = f"{fault.message} {fault.advice}"
        assert not re.search(r"pydantic|valid(ation|ator)|NoneType|\bstr\b|\bdict\b", words)


def test_every_saying_is_shown_by_an_example_or_a_test():
    said = {fault.message for folder in EXAMPLES for fault in faults_of(folder)}
    unsaid = [
        name
        for name, saying in vars(messages).items()
        if isinstance(saying, messages.Saying)
        and not any(_pattern(saying).match(message) for message in said)
        and name not in TESTED_ELSEWHERE
    ]
    assert unsaid == []


def _pattern(saying: messages.Saying) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", saying.message)
    return re.compile(".*".join(re.escape(part) for part in parts) + "$")


# Shown in tests/questionnaires/test_questionnaires_loading.py and _checks.py, by these names.
TESTED_ELSEWHERE = {
    "UNREADABLE_FILE",
    "NOT_A_MAPPING",
    "ANCHOR_LOOP",
    "NOT_TRUE_OR_FALSE",
    "NOT_NAMES_AND_VALUES",
    "EMPTY",
    "TOO_FEW",
    "BAD_THEME",
    "OTHER",
    "NO_VERSIONS",
    "REPEATED_VERSION",
    "REPEATED_SURVEY",
    "REPEATED_QUESTIONNAIRE",
    "NO_SURVEYS",
    "SCALE_AND_OPTIONS",
    "OWN_QUESTION",
    "NOT_ON_LADDER",
    "OTHER_GROUP",
    "NOT_RECORDED",
    "GROUP_NOT_BANDED",
    "MINUTES_NOT_MEASURED",  # in test_questionnaires_duration.py
    "MINUTES_SAID_OTHERWISE",
}
