"""A survey folder to write small questionnaires into."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

HEAD = """\
questionnaire: {survey}-{audience}
audience: {audience}
audience_label: Everybody
title: Moving
look: desk
reading: adult
minutes: 1
welcome: [These are a few questions.]
sections:
  - id: only
    title: Questions
    pages:
"""
SCALES = """\
yes_no:
  options:
    - {code: yes, label: "Yes", valence: positive}
    - {code: no, label: "No", valence: negative}
  non_answers: {dont_know: I don't know}
"""


class Folder:
    """Writes the files of one survey below a root."""

    def __init__(self, root: Path, survey: str) -> None:
        self.root = root
        self.path = root / survey
        self.survey = survey
        self.path.mkdir()
        self.file("survey.yaml", self.description("adult"))

    def description(self, *versions: str) -> str:
        listed = ", ".join(versions)
        return f"survey: {self.survey}\ntitle: T\nrespondents: people\nversions: [{listed}]\n"

    def file(self, name: str, text: str) -> Path:
        file = self.path / name
        file.write_text(text, encoding="utf-8")
        return file

    def version(self, pages: str, audience: str = "adult") -> Path:
        text = HEAD.format(survey=self.survey, audience=audience)
        return self.file(f"{audience}.yaml", text + indent(dedent(pages).strip("\n"), " " * 6))


@pytest.fixture
def root(tmp_path):
    (tmp_path / "scales.yaml").write_text(SCALES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def folder(root):
    return Folder(root, "moving")


@pytest.fixture
def another_folder(root):
    return Folder(root, "staying")
