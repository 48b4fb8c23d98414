"""A new survey to begin from: one version that holds every kind of question, with comments.

In: a name, a look and an audience. Out: a folder that loads and passes the checks as it stands.
The text is in skeleton.txt; it is not called .yaml, so that it is never taken for a survey.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Literal

from questionnaires.duration import duration_of
from questionnaires.faults import QuestionnaireError
from questionnaires.loading import SCALES_FILE, SURVEY_FILE, load_survey
from questionnaires.reading_rules import ROOM, Level
from questionnaires.yaml_source import read_source

Look = Literal["child", "young", "desk"]
LOOKS: tuple[Look, ...] = ("child", "young", "desk")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_AUDIENCE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\+?")
_USUAL: dict[Look, tuple[str, Level, str]] = {
    "child": ("8-10", "8-10", "Aged 8 to 10"),
    "young": ("16+", "16+", "Aged 16 and over"),
    "desk": ("adult", "adult", "Adults"),
}
"""For each look the audience, its reading level and its name in words."""
_LEVELS: dict[str, Level] = {"8-10": "8-10", "11-15": "11-15", "16-17": "16+", "16+": "16+"}
_FIRST_MINUTES = 5

_SURVEY = """\
# {name}: this folder is one survey. Every version listed here is a file of that name beside it.
survey: {name}
title: A few questions
respondents: the people who answer   # in words for reports, e.g. children in care
versions: ["{audience}"]
"""
_BATTERY = """
      # Like questions on one scale of scales.yaml. Wide screens show them together; for children
      # and on phones each is a page of its own.
      - battery: at_home
        text: Is this true where you live?
        scale: {scale}
        questions:
          - question: own_space
            text: I have a place of my own.
            short: Has a place of their own

          - question: warm_enough
            text: It is warm enough.
            short: Is warm enough
"""


class CannotBegin(ValueError):
    """The survey was not made and nothing was left behind; the message says why."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new survey is to be."""

    name: str
    look: Look = "child"
    audience: str | None = None

    @property
    def version(self) -> str:
        """The audience of its one version."""
        return self.audience or _USUAL[self.look][0]

    @property
    def words(self) -> dict[str, str]:
        """What stands in the places of the template."""
        audience, level, label = _USUAL[self.look]
        in_file_names = self.version.replace("+", "plus").replace("_", "-")
        return {
            "name": self.name,
            "questionnaire": f"{self.name.replace('_', '-').strip('-')}-{in_file_names}",
            "look": self.look,
            "audience": self.version,
            "audience_label": label if self.version == audience else f"Version {self.version}",
            "reading": _LEVELS.get(self.version, level),
        }


def begin_survey(root: Path, wanted: Beginning) -> Path:
    """Make the folder of a new survey and return it. Raises CannotBegin when it would overwrite."""
    if not _NAME.fullmatch(wanted.name) or "__" in wanted.name or wanted.name.endswith("_"):
        raise CannotBegin(
            f"A survey cannot be called {wanted.name}. Use small letters, digits and single "
            "underscores, beginning with a letter, e.g. young_carers."
        )
    if not _AUDIENCE.fullmatch(wanted.version):
        raise CannotBegin(f"An audience cannot be called {wanted.version}. Write e.g. 11-15.")
    folder = root / wanted.name
    if folder.exists():
        raise CannotBegin(f"{folder} is there already. Choose another name; nothing was changed.")
    folder.mkdir()
    _write(folder, wanted, _FIRST_MINUTES)
    try:
        (made,) = load_survey(folder).questionnaires
    except QuestionnaireError as error:
        rmtree(folder)
        raise CannotBegin(f"The example does not fit what is in {root}:\n{error}") from error
    _write(folder, wanted, duration_of(made).fitting)
    return folder


def _write(folder: Path, wanted: Beginning, minutes: int) -> None:
    words = {**wanted.words, "minutes": str(minutes), "battery": _battery(folder.parent)}
    version = (ROOM / "skeleton.txt").read_text(encoding="utf-8").format(**words)
    (folder / SURVEY_FILE).write_text(_SURVEY.format(**words), encoding="utf-8")
    (folder / f"{wanted.version}.yaml").write_text(version, encoding="utf-8")


def _battery(root: Path) -> str:
    """An example with a scale that there is; nothing where no scale is shared."""
    file = root / SCALES_FILE
    scales = list(read_source(file).mapping) if file.exists() else []
    if not scales:
        return ""
    return _BATTERY.format(scale="a3" if "a3" in scales else scales[0])
