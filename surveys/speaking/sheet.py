"""A checker's sheet: every text of a survey in English and in one language, to be read and signed.

In: a survey in a language. Out: rows, and the same as a page to print or a table to fill in. The
code on the sheet stands for exactly these texts: whoever records the check types it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from surveys.languages import NAMES, direction_of, name_in
from surveys.site import Site
from surveys.speaking.offer import Standing
from surveys.speaking.texts import sheet_code, translation

ROOM = Path(__file__).parents[1] / "templates"
STYLE = Path(__file__).parents[2] / "static" / "languages.css"
_HEADINGS = ("number", "where", "English", "translation", "right (yes or no)", "better words")


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``said`` has all its plural forms; it is empty when there is no translation."""

    number: int
    where: str
    english: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All texts of a survey in one language. ``code`` is empty while texts are missing."""

    survey: str
    title: str
    language: str
    day: date
    code: str
    missing: int
    rows: tuple[Row, ...]

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return self.language.replace("_", "-")

    @property
    def direction(self) -> str:
        """Which way the language runs."""
        return direction_of(self.language)

    @property
    def english_name(self) -> str:
        """The language's name in English."""
        return name_in(self.language, "en")

    @property
    def own_name(self) -> str:
        """The language's name in itself."""
        return NAMES[self.language]


def sheet_of(site: Site, standing: Standing) -> Sheet:
    """The sheet of a survey in a language, as the texts are today."""
    wording = standing.wording
    return Sheet(
        survey=standing.survey,
        title=site.surveys[standing.survey].title,
        language=standing.language,
        day=site.now().date(),
        code=sheet_code(wording.fingerprint) if wording.complete else "",
        missing=len(wording.missing),
        rows=tuple(_rows(standing)),
    )


def _rows(standing: Standing) -> list[Row]:
    catalogue, texts = standing.wording.catalogue, standing.wording.texts
    return [
        Row(
            number,
            text.where,
            tuple(filter(None, (text.id, text.plural))),
            tuple(filter(None, translation(catalogue, text).said)),
        )
        for number, text in enumerate(texts, start=1)
    ]


def as_html(sheet: Sheet) -> str:
    """A page that stands by itself, to be printed or sent to the person who checks."""
    templates = Environment(
        loader=FileSystemLoader(ROOM), autoescape=True, extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    page = templates.get_template("console/languages_sheet_file.html").render(sheet=sheet)
    style = STYLE.read_text(encoding="utf-8")
    return page.replace("</head>", f"<style>\n{style}</style>\n</head>", 1)


def as_csv(sheet: Sheet) -> str:
    """A table with two empty columns for the person who checks."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow((*_HEADINGS, f"{sheet.survey} {sheet.language} {sheet.code}".strip()))
    for row in sheet.rows:
        english, said = " | ".join(row.english), " | ".join(row.said)
        table.writerow((row.number, row.where, english, said, "", ""))
    return written.getvalue()
