"""Printed forms: one version of a survey in one language as a page for A4 paper.

In: a site, a version, a language, and codes if each copy is to carry one. Out: an HTML page that a
browser prints; on its own in one file, or as PDF, for whoever prints from the command line.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import render_template
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup

from questionnaires.fingerprint import instrument_hash
from questionnaires.model import Questionnaire, Survey
from surveys.paper.layout import Gate, Line, Mark, Part, items, layout
from surveys.site import Site, SupportLine
from surveys.vault.waves import WaveStatus, all_waves

STATIC = Path(__file__).parents[2] / "static"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*?/static/([^"]+)">')
_FONT_RULE = re.compile(r"@font-face \{.*?\}\n?", re.S)
_FONT_FILE = re.compile(r'url\("(fonts/[^"]+)"\)')
_NOT_FOR_A_FOOT = re.compile(r"[^A-Za-z0-9 -]")
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
_FONTS = {"child": "Andika", "desk": "Atkinson Hyperlegible Next"}
_NO_HURRY = 120  # seconds, for a few hundred forms on a slow machine


class NoBrowser(Exception):
    """There is no browser on this machine that could make a PDF. The message says what to do."""


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """The access code on one copy: five words, or none for a link; and both as a picture."""

    words: str
    link: str
    qr: Markup


@dataclass(frozen=True)
class Paper:
    """Everything that the template of a form needs."""

    authority: str
    title: str
    welcome: tuple[str, ...]
    mark: str
    look: str
    promise: str
    parts: tuple[Part, ...]
    lines: tuple[SupportLine, ...]
    codes: Sequence[PrintedCode | None]
    single_custodian: bool
    demo: bool
    has_fonts: bool
    notice: str
    notice_language: str

    @property
    def has_routing(self) -> bool:
        """Whether anybody is ever sent to another question than the next."""
        every: Iterable[Line] = (line for part in self.parts for line in part.lines)
        gates = any(isinstance(line, Gate) for line in every)
        marks: Iterable[Mark] = (
            mark for item in items(self.parts) for mark in (*item.marks, *item.non_answers)
        )
        return gates or any(mark.go_to is not None for mark in marks)


def mark_of(survey: Survey, questionnaire: Questionnaire) -> str:
    """What stands at the foot of a form, so that it is typed in as the version it was printed as.

    It changes with every change of the survey's questions.
    """
    return f"{questionnaire.id} {instrument_hash(survey).hex()[:6].upper()}"


def form_page(
    site: Site,
    survey: Survey,
    questionnaire: Questionnaire,
    language: str,
    codes: Sequence[PrintedCode] = (),
    *,
    notice: str = "",
) -> str:
    """The page to print: one blank form, or one form for each code. Needs a request's context."""
    desk_language = str(get_locale() or "en").replace("_", "-")
    with force_locale(language):
        paper = Paper(
            authority=site.authority,
            title=said(questionnaire.title),
            welcome=tuple(map(said, questionnaire.welcome)),
            mark=mark_of(survey, questionnaire),
            look=questionnaire.look,
            promise="adult" if questionnaire.look == "desk" else questionnaire.reading,
            parts=layout(questionnaire, said),
            lines=_lines(site, questionnaire.look),
            codes=codes or (None,),
            single_custodian=_one_holds_both_keys(site, survey),
            demo=site.demo,
            has_fonts=(STATIC / "vendor" / "fonts.css").is_file(),
            notice=notice,
            notice_language=desk_language,
        )
        return render_template("paper/form.html", paper=paper)


def code_picture(text: str) -> Markup:
    """A QR code as inline SVG, without size or colour of its own."""
    import segno

    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, svgclass="qr-code", lineclass=None, border=4)
    return Markup(svg)  # noqa: S704 - squares made from a code, never anything that was entered


def on_its_own(page: str, feet: Sequence[str]) -> str:
    """The page with its style sheets and the fonts of its letters inside, to be kept as a file.

    ``feet`` are the words at the foot of every sheet, one for each form on the page.
    """
    letters = frozenset(map(ord, page))
    family = _FONTS["child" if 'data-look="child"' in page else "desk"]

    def inside(found: re.Match[str]) -> str:
        sheet = (STATIC / found[1]).read_text(encoding="utf-8")
        return f"<style>\n{_with_fonts(sheet, family, letters)}</style>"

    return _STYLE_SHEET.sub(inside, page).replace("</head>", f"<style>{_feet(feet)}</style></head>")


def _feet(feet: Sequence[str]) -> str:
    """The words at the foot of each sheet, so that a sheet that falls out finds its way back.

    Sheets of several forms have no numbers: those would run on from one form to the next.
    """
    if len(feet) == 1:
        return f'@page {{ @bottom-left {{ content: "{_plain(feet[0])}"; font: 9pt sans-serif }} }}'
    rules = ["@page { @bottom-right { content: none } }"]
    for place, words in enumerate(feet, start=1):
        rules.append(f".form:nth-of-type({place}) {{ page: form-{place} }}")
        foot = f'content: "{_plain(words)}"; font: 9pt sans-serif'
        rules.append(f"@page form-{place} {{ @bottom-left {{ {foot} }} }}")
    return "\n".join(rules)


def _plain(words: str) -> str:
    return _NOT_FOR_A_FOOT.sub("", words)


def write_pdf(page: str, path: Path) -> None:
    """Have Chromium print a page that stands on its own.

    Raises NoBrowser; CalledProcessError or TimeoutExpired when it fails.
    """
    browser = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if browser is None:
        raise NoBrowser("Making a PDF needs Chromium: sudo apt-get install chromium")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "form.html", Path(folder) / "form.pdf"
        source.write_text(page, encoding="utf-8")
        options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", *as_root]
        profile = f"--user-data-dir={folder}/profile"
        subprocess.run(  # noqa: S603 - a program that was looked up, with a file of our own
            [browser, *options, profile, f"--print-to-pdf={made}", source.as_uri()],
            check=True,
            capture_output=True,
            timeout=_NO_HURRY,
        )
        write_privately(made.read_bytes(), path)


def write_privately(content: bytes, path: Path) -> None:
    """A file that its owner alone can read. Raises FileExistsError over another file."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def said(text: str) -> str:
    """A text of a questionnaire in the language of the page."""
    return gettext(text) if text else ""  # of nothing, a catalogue says its own heading


def _lines(site: Site, look: str) -> tuple[SupportLine, ...]:
    """Everybody to call, those marked first leading: paper does not know the hour."""
    fitting = (line for line in site.support_lines if look in line.looks)
    return tuple(sorted(fitting, key=lambda line: not line.first))


def _one_holds_both_keys(site: Site, survey: Survey) -> bool:
    """As the screen says it; the stricter promise when any wave to come has one key holder."""
    to_come = {WaveStatus.PREPARED, WaveStatus.OPEN}
    waves = (wave for wave in all_waves(site.engine) if wave.survey == survey.id)
    return site.single_custodian or any(
        wave.single_custodian for wave in waves if wave.status in to_come
    )


def _with_fonts(sheet: str, family: str, letters: frozenset[int]) -> str:
    """A sheet of fonts with the files inside, without those that have none of the letters."""
    kept: Mapping[str, str] = {
        rule: _FONT_FILE.sub(_as_data, rule)
        for rule in _FONT_RULE.findall(sheet)
        if f'"{family}"' in rule and _serves(rule, letters)
    }
    return _FONT_RULE.sub(lambda found: kept.get(found[0], ""), sheet)


def _serves(rule: str, letters: frozenset[int]) -> bool:
    ranges = (
        (int(first, 16), int(last or first, 16))
        for first, last in _RANGE.findall(rule.partition("unicode-range")[2])
    )
    return any(first <= letter <= last for first, last in ranges for letter in letters)


def _as_data(found: re.Match[str]) -> str:
    content = base64.b64encode((STATIC / "vendor" / found[1]).read_bytes()).decode()
    return f'url("data:font/woff2;base64,{content}")'
