"""One version of a survey as an XLSForm workbook.

In: a survey, one of its questionnaires, and translations. Out: the bytes of an .xlsx file, from
which ``reading`` makes an equal questionnaire. What was written is read back before it is handed
out, so that nothing is ever lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from questionnaires.fingerprint import instrument_hash
from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import Notes
from questionnaires.interchange.languages import SOURCE, Translations, heading, language_name
from questionnaires.interchange.reading import Imported, read_version
from questionnaires.interchange.said import Said, paragraphs
from questionnaires.interchange.spreadsheet import write_workbook
from questionnaires.interchange.vocabulary import vocabulary_of
from questionnaires.interchange.writing_choices import Lists
from questionnaires.interchange.writing_questions import Cells, QuestionWriter
from questionnaires.model import ONE_OPTION, Battery, Page, Questionnaire, Section, Survey
from questionnaires.wording import msgids

_LOOKS_LIKE_A_REFERENCE = re.compile(r"\$\{(?![a-z0-9_]+-from-)")


def write_version(
    survey: Survey, questionnaire: Questionnaire, translations: Translations | None = None
) -> bytes:
    """The workbook, read back to be sure. Raises WorkbookError when anything would be lost."""
    data = unchecked_workbook(survey, questionnaire, translations)
    written = one_version_of(survey, questionnaire)
    read = read_version(data)
    if not (_are_alike(read.survey, written) and _all_there(written, translations, read)):
        notes = Notes()
        notes.note("workbook", 0, questionnaire.id, messages.LOST_ON_THE_WAY)
        notes.raise_errors()
    return data


def unchecked_workbook(
    survey: Survey, questionnaire: Questionnaire, translations: Translations | None = None
) -> bytes:
    """The workbook as it is written. Raises WorkbookError for what no cell can hold."""
    notes = Notes()
    for field in columns.fields_without_a_place():
        notes.note("workbook", 0, "", messages.FIELD_WITHOUT_A_PLACE, field=field)
    said = Said(translations or {})
    writer = _Writer(questionnaire, said)
    rows = tuple(writer.rows())
    _check_references(rows, notes)
    notes.raise_errors()
    return write_workbook(
        {
            columns.SURVEY: (_survey_columns(said), rows),
            columns.CHOICES: (writer.lists.columns, writer.lists.rows),
            columns.SETTINGS: _settings(survey, questionnaire, said),
        }
    )


def one_version_of(survey: Survey, questionnaire: Questionnaire) -> Survey:
    """The survey as if it had this version only."""
    return survey.model_copy(update={"questionnaires": (questionnaire,)})


def _are_alike(read: Survey, written: Survey) -> bool:
    """Equal, and in the same order throughout, which equality does not ask of names and values."""
    return read == written and read.model_dump_json() == written.model_dump_json()


def _all_there(written: Survey, translations: Translations | None, read: Imported) -> bool:
    """Whether every language that is complete came back as it was."""
    texts = msgids(written)
    return all(
        read.translations.get(code) == {text: catalogue[text] for text in texts}
        for code, catalogue in (translations or {}).items()
        if all(catalogue.get(text) for text in texts)
    )


def _check_references(rows: Sequence[Cells], notes: Notes) -> None:
    """No text may look like a reference to an answer when it is none."""
    for number, row in enumerate(rows, start=2):
        for column, text in row.items():
            is_text = column.startswith(columns.TRANSLATED)
            if is_text and _LOOKS_LIKE_A_REFERENCE.search(text):
                help_ = "Other tools would put an answer there. Take the dollar sign away."
                saying = messages.CANNOT_BE_WRITTEN
                notes.note(columns.SURVEY, number, row["name"], saying, what="“${”", help=help_)


def _survey_columns(said: Said) -> tuple[str, ...]:
    own = (columns.TYPE_COLUMN, *(own.column for own in columns.OF_QUESTION))
    texts = (*said.columns("label"), *said.columns("hint"))
    logic = ("relevant", "constraint", "appearance", "parameters", "calculation")
    return ("type", "name", *texts, *logic, *own)


def _settings(
    survey: Survey, questionnaire: Questionnaire, said: Said
) -> tuple[Sequence[str], Sequence[Cells]]:
    own = {f"{columns.OWN}{f}": str(getattr(questionnaire, f)) for f in columns.OF_QUESTIONNAIRE}
    row = {
        "form_title": questionnaire.title,
        "form_id": _form_id(questionnaire.id),
        "version": instrument_hash(survey).hex()[:16],
        "default_language": language_name(SOURCE),
        **_in_settings(said, columns.TITLE_COLUMN, questionnaire.title),
        f"{columns.OWN}survey": survey.id,
        f"{columns.OWN}survey_title": survey.title,
        f"{columns.OWN}respondents": survey.respondents,
        **own,
        columns.NOT_SHOWN_COLUMN: questionnaire.not_shown_to or "",
        **_in_settings(said, columns.NOT_SHOWN_COLUMN, questionnaire.not_shown_to or ""),
    }
    return tuple(row), (row,)


def _in_settings(said: Said, column: str, text: str) -> Cells:
    """The translations of a setting; the setting itself stands under a heading of its own."""
    cells = said.cells(column, (text,))
    del cells[heading(column, SOURCE)]
    return cells


def _form_id(name: str) -> str:
    """The standard wants a letter or an underscore first."""
    return name if name[0].isalpha() else f"_{name}"


class _Writer:
    """Writes the rows of one questionnaire, in the order in which it asks."""

    def __init__(self, questionnaire: Questionnaire, said: Said) -> None:
        self._questionnaire = questionnaire
        self._said = said
        taken = frozenset(page.id for page in questionnaire.pages)
        self.lists = Lists(said, taken)
        self._taken = set(taken)
        vocabulary = vocabulary_of(questionnaire)
        self._questions = QuestionWriter(said, self.lists, vocabulary)

    def rows(self) -> Iterator[Cells]:
        """Every row of the sheet ``survey``."""
        for number, sentence in enumerate(self._questionnaire.welcome, start=1):
            name = f"welcome-{number}"
            yield {"type": "note", "name": name, **self._said.cells("label", (sentence,))}
        for section in self._questionnaire.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Cells]:
        name = self._name(section.id, columns.SECTION_MARK)
        label = self._said.cells("label", (section.title,))
        yield {"type": "begin_group", "name": name, **label}
        for _, together in groupby(section.pages, key=_what_a_battery_shares):
            pages = tuple(together)
            battery = pages[0].battery
            if battery:
                yield from self._battery(battery, pages)
            else:
                yield from (row for page in pages for row in self._page(page))
        yield {"type": "end_group", "name": name}

    def _page(self, page: Page) -> Iterator[Cells]:
        if page.question:
            yield from self._questions.rows(page.question, page.when)
            return
        row = {"type": "note", "name": page.id}
        if page.heading:
            row |= self._said.cells("label", (page.heading,))
        if page.body:
            row |= self._said.cells("hint", page.body, paragraphs)
        yield {**row, **self._questions.relevant(page.when)}

    def _battery(self, battery: Battery, pages: Sequence[Page]) -> Iterator[Cells]:
        name = self._name(battery.id, columns.BATTERY_MARK)
        hint = self._said.cells("hint", (battery.hint,)) if battery.hint else {}
        asked = [page.question for page in pages if page.question]
        is_table = len({question.type in ONE_OPTION for question in asked}) == 1 and all(
            question.type in columns.TABLE_TYPES and self._questions.is_one_row(question)
            for question in asked
        )
        yield {
            "type": "begin_group",
            "name": name,
            **self._said.cells("label", (battery.text,)),
            **hint,
            "appearance": "table-list" if is_table else "field-list",
            **self._questions.relevant(pages[0].when),
        }
        for question in asked:
            yield from self._questions.rows(question, None)
        yield {"type": "end_group", "name": name}

    def _name(self, name: str, mark: str) -> str:
        """The name, with a mark when something else is called the same."""
        free = (f"{name}{mark}-{number}" for number in range(2, len(self._taken) + 3))
        chosen = next(n for n in (name, f"{name}{mark}", *free) if n not in self._taken)
        self._taken.add(chosen)
        return chosen


def _what_a_battery_shares(page: Page) -> tuple[object, ...]:
    """Pages that follow each other and have this in common stand in one group."""
    if page.battery is None or page.question is None:
        return (None,)
    nothing = tuple(page.question.non_answers.items())
    return (page.battery, page.when, page.question.scale, nothing)
