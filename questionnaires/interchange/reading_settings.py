"""The head of a version and of its survey, from the sheet ``settings``.

In: its one row. Out: what the version file and survey.yaml say first. What a workbook of another
tool does not say is assumed, and the author is told what was.
"""

from __future__ import annotations

import re

from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.tables import Row, Table
from questionnaires.interchange.texts import Texts
from questionnaires.messages import Saying

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+_-]{0,59}")
_SURVEY_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ASSUMED = {
    "audience": "adult",
    "audience_label": "Everybody",
    "look": "desk",
    "reading": "adult",
    "respondents": "respondents",
}
QUESTIONS_A_MINUTE = 5


class SettingsReader:
    """Reads the one row of settings; an empty row stands in for a missing one."""

    def __init__(self, table: Table | None, texts: Texts, notes: Notes) -> None:
        rows = table.rows if table else ()
        self.row = rows[0] if rows else Row(columns.SETTINGS, 2)
        self._texts = texts
        self._notes = notes
        self._assumed: dict[str, str] = {}
        for row in rows[1:]:
            notes.note(row.sheet, row.number, "", messages.SETTINGS_ROWS)
        self.title = texts.setting(self.row, "form_title", columns.TITLE_COLUMN)
        own = columns.NOT_SHOWN_COLUMN
        self._not_shown_to = texts.setting(self.row, own, own)
        self.form_id = self._form_id()
        for column in ("form_title", "form_id"):
            if not self.row.word(column):
                help_ = "Every XLSForm says what it is called."
                self._note(messages.MISSING, column=column, help=help_)

    def head(self, question_count: int) -> Placed:
        """What the version file says before its sections, the welcome aside."""
        minutes = min(60, max(1, round(question_count / QUESTIONS_A_MINUTE)))
        said: dict[str, object] = {
            "questionnaire": self.form_id,
            "audience": self.audience,
            "audience_label": self._own("audience_label"),
            "title": self.title,
            "not_shown_to": self._not_shown_to,
            "look": self._own("look"),
            "reading": self._own("reading"),
            "minutes": self._minutes(str(minutes)),
        }
        return Placed(self.row, said)

    @property
    def audience(self) -> str:
        """The audience, which names a file and so may not lead anywhere else."""
        return self._name_of_file("audience", self._own("audience"), _FILE_NAME, "adult")

    def survey(self) -> Placed:
        """What survey.yaml says."""
        usual = re.sub(r"\W+", "_", self.form_id).strip("_")
        name = self._own("survey", usual)
        said: dict[str, object] = {
            "survey": self._name_of_file("survey", name, _SURVEY_NAME, "imported"),
            "title": self._own("survey_title", self.title),
            "respondents": self._own("respondents"),
            "versions": [self.audience],
        }
        return Placed(self.row, said)

    def note_assumptions(self) -> None:
        """Tell what was assumed, all at once."""
        if self._assumed:
            said = ", ".join(f"{name}: {value}" for name, value in self._assumed.items())
            self._note(messages.ASSUMED, assumed=said)

    def _form_id(self) -> str:
        """The name of the questionnaire, with hyphens where other tools use underscores."""
        written = self.row.word("form_id")
        name = re.sub(r"[\W_]+", "-", written.lower()).strip("-")
        if name != written.removeprefix("_"):
            self._note(messages.NAME_CHANGED, written=written, name=name)
        return name

    def _own(self, field: str, usual: str | None = None) -> str:
        column = f"{columns.OWN}{field}"
        written = self.row.text(column)
        if not written:
            written = _ASSUMED[field] if usual is None else usual
            self._assumed[column] = written
        return written

    def _minutes(self, usual: str) -> object:
        written = self._own("minutes", usual).strip()
        if not re.fullmatch(r"\d{1,4}", written):
            self._note(messages.NOT_A_NUMBER, column=f"{columns.OWN}minutes", value=written)
            return 1
        return int(written)

    def _name_of_file(self, field: str, name: str, form: re.Pattern[str], stand_in: str) -> str:
        if form.fullmatch(name):
            return name
        column = f"{columns.OWN}{field}"
        self._note(messages.NOT_A_FILE_NAME, column=column, value=name)
        return stand_in

    def _note(self, saying: Saying, **values: object) -> None:
        self._notes.note(self.row.sheet, self.row.number, "", saying, **values)


def default_language(table: Table | None) -> str:
    """The language that the settings name, "" when they name none."""
    return table.rows[0].word("default_language") if table and table.rows else ""
