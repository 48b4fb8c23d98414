"""The printed sheet of each key holder: who, what, where to keep it, what to do when it is lost.

In: a file that was just made, and for whom. Out: an HTML file beside it, in the holder's own
folder, to be printed. A passphrase is never in it: there are lines to write it down by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from surveys.keys.escrow_custodians import key_number
from surveys.vault.waves import Wave

ROOM = Path(__file__).parents[1] / "templates"
STYLE = Path(__file__).parents[2] / "static" / "sheets.css"
_TITLES = {
    "analyst": "The analyst’s key",
    "mix": "The release custodian’s key",
    "escrow custodian": "An escrow custodian’s key",
    "escrow": "An escrow file",
}


@dataclass(frozen=True, slots=True)
class HolderSheet:
    """What a sheet says. ``kind`` is analyst, mix, escrow custodian or escrow."""

    kind: str
    authority: str
    about: str
    holder: str
    file_name: str
    key_id: bytes
    made_on: date
    layer: str = ""
    spare: bool = False
    recovered: bool = False
    one_person: bool = False
    custodians: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading."""
        name = _TITLES[self.kind]
        if self.kind == "escrow":
            return f"{name} for {_TITLES[self.layer][0].lower()}{_TITLES[self.layer][1:]}"
        return f"{name} (spare)" if self.spare else name

    @property
    def has_passphrase(self) -> bool:
        """Whether there is anything to write down by hand."""
        return self.kind != "escrow"

    @property
    def key_number(self) -> str:
        """The key id in groups of four."""
        return key_number(self.key_id)


def about_wave(wave: Wave) -> str:
    """A wave in words, for sheets and certificates."""
    window = f"{in_words(wave.opens_on)} to {in_words(wave.closes_on)}"
    return f"{wave.survey}, wave {wave.number} ({window}), number {wave.id.hex()[:8]}"


def in_words(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B} {day.year}"


def sheet_path(key_file: Path) -> Path:
    """Where the sheet of a key file lies: beside it."""
    return key_file.with_suffix(key_file.suffix + ".html")


def sheet_content(sheet: HolderSheet) -> bytes:
    """What stands in the file of a sheet."""
    return page_of("keys/sheet.html", sheet=sheet).encode()


def page_of(template: str, **values: object) -> str:
    """A page that stands by itself, or the same as plain text."""
    templates = Environment(
        loader=FileSystemLoader(ROOM), autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    page = templates.get_template(template).render(in_words=in_words, **values)
    style = STYLE.read_text(encoding="utf-8")
    return page.replace("</head>", f"<style>\n{style}</style>\n</head>", 1)
