"""An XLSForm workbook as one version of a survey.

In: the bytes of an .xlsx file. Out: the YAML files of a survey that loads, and the translations
that stood beside it; or every fault, with its sheet and row. Nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.interchange import columns, messages
from questionnaires.interchange.faults import CellFault, Notes
from questionnaires.interchange.groups import Outline, read_outline
from questionnaires.interchange.judging import judge
from questionnaires.interchange.languages import Translations
from questionnaires.interchange.opening import open_workbook
from questionnaires.interchange.placed import Placed
from questionnaires.interchange.reading_choices import ChoiceList, read_lists
from questionnaires.interchange.reading_pages import PageReader
from questionnaires.interchange.reading_questions import QuestionReader
from questionnaires.interchange.reading_settings import SettingsReader, default_language
from questionnaires.interchange.row_types import QUESTIONS
from questionnaires.interchange.scales import Scales
from questionnaires.interchange.sheets import SHEETS, check_columns, check_sheets
from questionnaires.interchange.tables import Table
from questionnaires.interchange.texts import Texts
from questionnaires.interchange.vocabulary import Asked, Kind, Vocabulary
from questionnaires.model import Survey

_KINDS = {"select_one": Kind.ONE, "select_multiple": Kind.SEVERAL, "range": Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Imported:
    """What a workbook holds."""

    files: Mapping[str, str]
    """YAML by its place in a folder of surveys, e.g. ``care4me/8-10.yaml``."""
    survey: Survey
    """What these files load as: a survey with one version."""
    translations: Translations
    warnings: tuple[CellFault, ...]


def read_version(data: bytes) -> Imported:
    """What the workbook holds. Raises WorkbookError with every reason why it cannot be used."""
    notes = Notes()
    opened = open_workbook(data, SHEETS, notes)
    tables = opened.tables
    check_sheets(opened, notes)
    check_columns(tables.values(), notes)
    if columns.SURVEY not in tables:
        notes.raise_errors()
    texts = Texts(tables.values(), default_language(tables.get(columns.SETTINGS)), notes)
    settings = SettingsReader(tables.get(columns.SETTINGS), texts, notes)
    lists = read_lists(tables.get(columns.CHOICES, Table(columns.CHOICES)), texts, notes)
    outline = read_outline(tables[columns.SURVEY], notes)
    scales = Scales(notes)
    calculations = outline.calculations
    vocabulary = _vocabulary(outline, lists)
    questions = QuestionReader(texts, lists, scales, calculations, vocabulary, notes)
    head = settings.head(len(vocabulary))
    pages = PageReader(questions, settings.title)
    version = Placed(
        settings.row,
        {
            **head,
            "welcome": pages.welcome(outline) or [settings.title],
            "sections": pages.sections(outline),
        },
    )
    if "sections" not in version:
        notes.raise_errors()  # why there is none has been said
    survey = settings.survey()
    settings.note_assumptions()
    _note_unused(questions, notes)
    judged = judge(survey, version, scales.written, notes)
    return Imported(judged.files, judged.survey, texts.translations, notes.warnings)


def _vocabulary(outline: Outline, lists: Mapping[str, ChoiceList]) -> Vocabulary:
    """What expressions need to know of every question; ways of giving no answer are none."""
    vocabulary: dict[str, Asked] = {}
    for row in outline.rows():
        if row.command in QUESTIONS and not row.name.endswith(columns.NOTHING_LIST_MARK):
            listed = lists.get(row.list_name)
            kind = _KINDS.get(row.command, Kind.OTHER)
            nothing = listed.nothing if listed and kind in (Kind.ONE, Kind.SEVERAL) else ()
            vocabulary[row.name] = Asked(kind, nothing)
    return vocabulary


def _note_unused(questions: QuestionReader, notes: Notes) -> None:
    """Lists that nobody asks for are a warning; a calculation that names nothing is a fault."""
    for name, listed in questions.lists.items():
        if name not in questions.used_lists:
            notes.note(columns.CHOICES, listed.row.number, name, messages.LIST_UNUSED, list=name)
    for name, found in questions.calculations.items():
        if name not in questions.used_calculations:
            row = found.row
            notes.note(row.sheet, row.number, name, messages.CALCULATION_UNUSED, name=name)
