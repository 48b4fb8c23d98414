"""Texts without a translation are listed once, with their place; the command names its languages."""

import pytest
from click.testing import CliRunner

from questionnaires.commands import questionnaires
from questionnaires.loading import load_with_places
from questionnaires.translating import NoCatalogue, read_catalogue, untranslated

PAGES = """
- question: moved
  type: choice
  scale: yes_no
  text: Have you moved?
  short: Moved
- question: moved_again
  type: choice
  scale: yes_no
  text: Will you move?
  short: Moves
"""
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def catalogue(folder, said, unsure=()):
    lines = [HEAD]
    for text, translation in said.items():
        mark = "#, fuzzy\n" if text in unsure else ""
        lines.append(f'{mark}msgid "{text}"\nmsgstr "{translation}"\n\n')
    file = folder / "cy" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text("".join(lines), encoding="utf-8")
    return folder


SAID = {
    "Moving": "Symud",
    "These are a few questions.": "Dyma rai cwestiynau.",
    "Questions": "Cwestiynau",
    "Have you moved?": "Ydych chi wedi symud?",
    "Yes": "Ydw",
    "No": "",
    "I don't know": "Dydw i ddim yn gwybod",
}


def found(folder, tmp_path, **more):
    said = catalogue(tmp_path / "translations", SAID, **more)
    return list(untranslated(load_with_places(folder.path), read_catalogue(said, "cy"), "cy"))


def test_texts_without_a_translation_are_named_once_with_their_place(folder, tmp_path):
    file = folder.version(PAGES)
    faults = found(folder, tmp_path)
    assert [fault.message for fault in faults] == [
        "“No” has no translation in cy.",
        "“Will you move?” has no translation in cy.",
    ]
    assert str(faults[1]).startswith(f"{file}:21: warning: question moved_again: ")


def test_a_translation_that_is_unsure_is_said_to_be(folder, tmp_path):
    folder.version(PAGES)
    faults = found(folder, tmp_path, unsure=["Yes"])
    assert "The translation of “Yes” into cy is marked as unsure (fuzzy)." in [
        fault.message for fault in faults
    ]


def test_a_language_without_a_catalogue_names_those_there_are(tmp_path):
    with pytest.raises(NoCatalogue, match="no catalogue ar; there are cy"):
        read_catalogue(catalogue(tmp_path, {}), "ar")


def run(root, translations, *arguments):
    where = ["--root", str(root), "--translations", str(translations)]
    return CliRunner().invoke(questionnaires, ["check", *arguments, *where])


def test_check_lists_them_without_failing(folder, tmp_path):
    folder.version(PAGES)
    done = run(folder.root, catalogue(tmp_path / "translations", SAID), "--language", "cy")
    assert done.exit_code == 0
    assert "“Will you move?” has no translation in cy." in done.output
    assert "Clips in cy: flask --app app sound report" in done.output


def test_check_refuses_a_language_it_does_not_know(folder, tmp_path):
    folder.version(PAGES)
    done = run(folder.root, catalogue(tmp_path / "translations", SAID), "--language", "xx")
    assert done.exit_code == 2
    assert "There is no catalogue xx; there are cy." in done.output


def test_check_of_one_survey_leaves_the_others_alone(folder, another_folder, tmp_path):
    folder.version(PAGES)
    another_folder.version(PAGES.replace("Have you", "Have you not"))
    translations = catalogue(tmp_path / "translations", SAID)
    assert run(folder.root, translations, "moving").exit_code == 0
    assert run(folder.root, translations, "staying").exit_code == 1
    assert run(folder.root, translations, "leaving").exit_code == 2


def test_check_prints_the_minutes_of_every_version(folder, tmp_path):
    folder.version(PAGES)
    done = run(folder.root, catalogue(tmp_path / "translations", SAID), "--minutes")
    assert done.exit_code == 0
    heading, row = done.output.splitlines()[-3:-1]
    assert heading.split() == ["version", "stated", "longest", "typical", "pages", "words"]
    assert row.split()[:2] == ["moving-adult", "1"]
