"""Loading: the form that authors write, places of faults, and sayings too rare for an example."""

from time import process_time

import pytest
from pydantic import Field

from questionnaires import messages
from questionnaires.faults import Fault, QuestionnaireError, Severity
from questionnaires.fitting import did_you_mean, fit
from questionnaires.loading import load_survey, load_surveys, load_with_places
from questionnaires.model import Frozen
from questionnaires.yaml_source import Source, parse_source, read_source

MOVED = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  short: Moved
"""


def faults_of(load, *arguments) -> list[str]:
    with pytest.raises(QuestionnaireError) as refusal:
        load(*arguments)
    return [f"{f.file.name}:{f.line}: {f.message}" for f in refusal.value.faults]


def test_survey_loads_with_everything_that_was_written(folder):
    folder.file("survey.yaml", folder.description("younger", "older"))
    folder.version(MOVED + "  topic: C12\n  themes: [L5]\n  sensitive: true\n", "younger")
    folder.version("- information: hello\n  heading: Hello\n  body: [One., Two.]\n", "older")
    survey = load_survey(folder.path)
    assert [q.audience for q in survey.questionnaires] == ["younger", "older"]
    (question,) = survey.version("younger").questions
    assert (question.id, question.topic, question.themes) == ("moved", "C12", ("L5",))
    assert question.sensitive
    (page,) = survey.version("older").pages
    assert (page.id, page.question, page.body) == ("hello", None, ("One.", "Two."))


def test_all_surveys_below_a_root_load_by_name(folder, another_folder, root):
    folder.version(MOVED)
    another_folder.version(MOVED)
    (root / "notes").mkdir()
    assert list(load_surveys(root)) == ["moving", "staying"]


def test_faults_of_all_surveys_are_reported_together(folder, another_folder, root):
    folder.version(MOVED.replace("short", "shrt"))
    assert len(faults_of(load_surveys, root)) == 3
    assert {line.split(":")[0] for line in faults_of(load_surveys, root)} == {"adult.yaml"}


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("adult.yaml", "- a list", "adult.yaml:1: This file should hold names and values."),
        ("adult.yaml", "", "adult.yaml:1: This file should hold names and values."),
        ("adult.yaml", "a: 1\nb: c: d", "adult.yaml:2: The file stops making sense here"),
        ("survey.yaml", "a: &a\n  b: *a", "survey.yaml:2: This repeats something"),
        (
            "survey.yaml",
            "survey: moving\ntitle: T\nrespondents: p\nversions: []",
            "survey.yaml:4: The survey has no versions.",
        ),
        (
            "survey.yaml",
            "survey: moving\ntitle: T\nrespondents: p\nversions: [adult, adult]",
            "survey.yaml:4: The version adult is listed twice.",
        ),
        ("survey.yaml", "survey: Moving", "survey.yaml:1: “survey” cannot be “Moving”."),
        ("../scales.yaml", "yes_no: none", "scales.yaml:1: “yes_no” should hold names and values."),
        (
            "../scales.yaml",
            "yes_no:\n  options:\n    - {code: yes, label: Yes}",
            "scales.yaml:2: “options” holds too few things.",
        ),
        (
            "../scales.yaml",
            "yes_no:\n  options:\n    - {code: a, label: A}\n    - {code: a, label: B}",
            "scales.yaml:4: The code “a” is used twice.",
        ),
        (
            "../scales.yaml",
            "yes_no:\n  options: [{code: a, label: A}, {code: b, label: B}]\n"
            "  non_answers: {not_asked: No}",
            "scales.yaml:3: “not_asked” cannot be offered as an answer.",
        ),
    ],
)
def test_fault_in_a_file(folder, file, text, fault):
    folder.version(MOVED)
    folder.file(file, text)
    assert any(line.startswith(fault) for line in faults_of(load_survey, folder.path))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("  sensitive: perhaps", "“sensitive” should be true or false, not “perhaps”."),
        ("  non_answers: dont_know", "“non_answers” should hold names and values."),
        ("  hint:\n  topic: ''\n  short: ''", "“short” is empty."),
        ("  themes: [safety]", "“safety” is not a theme."),
        (
            "  options: [{code: a, label: A}, {code: b, label: B}]",
            "The question has a scale and options of its own.",
        ),
        ("  when: {question: moved, answered: true}", "The question depends on its own answer."),
        ("  when: {question: happy, at_least: 11}", "11 is not on the ladder."),
        ("  when: moved", "“when” should hold names and values."),
    ],
)
def test_fault_in_a_question(folder, added, message):
    ladder = (
        "- {question: happy, type: ladder, text: Happy?, short: H, low_label: L, high_label: H}"
    )
    written = MOVED.replace("  short: Moved\n", "") if "short:" in added else MOVED
    folder.version(f"{ladder}{written}{added}\n")
    assert any(line.endswith(message) for line in faults_of(load_survey, folder.path))


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ("sections: []", "“sections” is empty."),
        ("sections: none", "“sections” should be a list."),
        ("sections: [only]", "“sections” should hold names and values."),
        ("sections: [{id: only, title: T}]", "“pages” is missing."),
        ("sections: [{id: only, title: T, pages: [moved]}]", "A page is either a question"),
        ("", "“sections” is missing."),
    ],
)
def test_fault_in_sections(folder, sections, message):
    head = folder.version(MOVED).read_text(encoding="utf-8").split("sections:")[0]
    folder.file("adult.yaml", head + sections)
    assert any(message in line for line in faults_of(load_survey, folder.path))


def test_file_that_is_not_text_is_unreadable(folder):
    folder.version(MOVED).write_bytes(b"\xff\xfe\x00")
    assert faults_of(load_survey, folder.path) == ["adult.yaml:1: This file cannot be read."]


def test_two_folders_with_one_survey_name(folder, another_folder, root):
    folder.version(MOVED)
    another_folder.version(MOVED)
    another_folder.file("survey.yaml", folder.description("adult"))
    (fault,) = faults_of(load_surveys, root)
    assert fault.startswith("survey.yaml:1: The survey moving is already in ")


def test_two_versions_with_one_questionnaire_name(folder):
    folder.file("survey.yaml", folder.description("adult", "older"))
    folder.version(MOVED)
    older = folder.version(MOVED, "older")
    older.write_text(older.read_text().replace("moving-older", "moving-adult"), encoding="utf-8")
    assert faults_of(load_survey, folder.path) == [
        "older.yaml:1: The questionnaire moving-adult is already in adult.yaml."
    ]


def test_empty_root_is_refused(tmp_path):
    assert faults_of(load_surveys, tmp_path)[0].endswith("There is no survey here.")


def test_question_with_a_fault_is_not_called_unknown_or_later_by_its_followers(folder):
    folder.version(
        MOVED.replace("short", "shrt")
        + "- {information: end, heading: End, when: {question: moved, is: [yes]}}"
    )
    assert len(faults_of(load_survey, folder.path)) == 2


def test_fault_of_a_kind_without_words_of_its_own_is_still_told():
    class Even(Frozen):
        number: int = Field(multiple_of=2)

    source = Source("even.yaml")
    assert fit(Even, source, (), {"number": 3}, element="even") is None
    assert source.faults[0].message.startswith("“number” cannot be 3: ")
    assert messages.OTHER.message in "“{field}” cannot be {value}: {problem}."


def test_fault_prints_as_file_line_element_message_advice(tmp_path):
    fault = Fault(tmp_path / "a.yaml", 3, "question moved", "It is wrong.", "Mend it.")
    assert str(fault) == f"{tmp_path}/a.yaml:3: question moved: It is wrong. Mend it."
    warning = Fault(tmp_path / "a.yaml", 3, "question moved", "Look.", "", Severity.WARNING)
    assert str(warning) == f"{tmp_path}/a.yaml:3: warning: question moved: Look."


def test_error_lists_its_faults_in_file_order(tmp_path):
    late, early = (Fault(tmp_path / "a.yaml", line, "e", "m") for line in (9, 2))
    error = QuestionnaireError([late, early])
    assert error.faults == (early, late)
    assert str(error) == f"{early}\n{late}"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-1", -1),
        ("1.5", 1.5),
        ("16+", "16+"),
        ("8-10", "8-10"),
        ("2025-01-02", "2025-01-02"),
        ("12:30", "12:30"),
        ('"12"', "12"),
        ("[no, 1]", ["no", 1]),
    ],
)
def test_scalars_are_what_yaml_1_2_says(tmp_path, written, value):
    source = parse_source(tmp_path / "a.yaml", f"key: {written}")
    assert source.mapping == {"key": value}
    assert source.mapping["key"] is value or not isinstance(value, bool)


def test_lines_of_values_and_of_what_contains_them(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("a:\n  - b: 1\n    c: |\n      words\n  - d\n", encoding="utf-8")
    source = read_source(file)
    assert source.line_of(("a",)) == 1
    assert source.line_of(("a", 0, "c")) == 3
    assert source.line_of(("a", 1)) == 5
    assert source.line_of(("a", 1, "nothing", "here")) == 5
    assert source.line_of(("z",)) == 1


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("shrt", ["short", "text"], "Did you mean “short”?"),
        ("grid", ["b", "a"], "These can be used: a, b."),
        ("grid", [], ""),
    ],
)
def test_did_you_mean(word, known, advice):
    assert did_you_mean(word, known) == advice


def test_forty_questions_load_in_a_moment(folder):
    pages = "".join(MOVED.replace("moved", f"moved_{number}") for number in range(40))
    folder.version(pages)
    start = process_time()
    loaded = load_with_places(folder.path)
    assert process_time() - start < 0.5
    assert len(loaded.pages["moving-adult"]) == 40
