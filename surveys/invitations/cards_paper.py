"""A4 pages as PDF without a browser: the fonts of every language offered, shaped, and no dates.

In: texts, QR codes and lines, in millimetres. Out: bytes that are the same whenever the same is
drawn. Imported by commands alone: the web process needs none of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode, XPos, YPos

WIDTH, HEIGHT = 210.0, 297.0  # millimetres
POINT = 25.4 / 72
QUIET_ZONE = 4  # modules, as the standard wants them
_FONTS = Path(__file__).parents[2] / "static" / "vendor" / "fonts"
_FIRST = "andika-latin"
_OTHERS = {
    "andika-latin-ext": range(0x0100, 0x0300),
    "andika-vietnamese": range(0x1EA0, 0x1EFA),
    "andika-cyrillic": range(0x0400, 0x0500),
    "noto-sans-arabic-arabic": range(0x0600, 0x0700),
    "noto-sans-ethiopic-ethiopic": range(0x1200, 0x1380),
}
"""The other fonts, and where most of their letters are: there each is looked into first."""
_WEIGHTS = {"": 400, "B": 700}
_PLAIN = "Helvetica"  # in every reader of PDF; Western European letters only
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_DATE = b"/CreationDate (D:20000101000000Z)"
_LETTER_BY_LETTER = {
    "liga": False
}  # words are typed as they stand; joined writing joins all the same


class NoLetters(Exception):
    """There is no font for a text. The message says what to do."""


class Paper(FPDF):
    """A4 pages of black on white. ``is_rtl`` says which way the language runs."""

    def __init__(self, *, is_rtl: bool = False, keywords: Iterable[str] = ()) -> None:
        super().__init__(format="A4", unit="mm")
        self.is_rtl = is_rtl
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_creation_date(_NO_DAY)
        self.set_creator("Heard")
        self.set_producer("Heard")
        self.set_keywords(" ".join(keywords))
        self._use_fonts()

    def file_id(self) -> None:
        """No identifier: the same cards make the same file."""

    def made(self) -> bytes:
        """The document. It says no date."""
        made = bytes(self.output())
        if made.count(_DATE) != 1:
            raise ValueError("a date of another form stands in the document")
        return made.replace(_DATE, b" " * len(_DATE))

    def learn_letters(self, text: str) -> None:
        """Fetch the fonts that a text needs, and no more: unpacking one takes its time.

        Raises NoLetters when a letter has no shape in any font that is here.
        """
        for letter in text:
            if letter in self._known or letter.isspace():
                continue
            while not self._has(letter):
                if not self._left:
                    raise NoLetters(
                        f"There is no font for the letter U+{ord(letter):04X}. Run `make assets`."
                    )
                self._left.sort(key=lambda name: ord(letter) not in _OTHERS[name])
                self._add(self._left.pop(0))
            self._known.add(letter)

    def write_in(
        self,
        box: tuple[float, float, float],
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: str = "",
        leading: float = 1.25,
    ) -> float:
        """Write a text into a box (left, top, width) and return how far down it went.

        It stands at the side where its language begins, unless ``align`` says otherwise.
        """
        left, top, width = box
        self.learn_letters(text)
        self.set_font(self.letters, "B" if bold else "", size)
        self.set_xy(left, top)
        self.multi_cell(
            width, size * POINT * leading, text,
            align=align or ("R" if self.is_rtl else "L"),
            new_x=XPos.LEFT, new_y=YPos.NEXT, wrapmode=WrapMode.WORD,
        )  # fmt: skip
        return self.get_y()

    def fitting(self, text: str, width: float, sizes: Iterable[float], most_lines: int) -> float:
        """The first of the sizes at which a text has so few lines; the last if there is none."""
        for size in sizes:
            if self.lines(text, width, size) <= most_lines:
                break
        return size

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> int:
        """How many lines a text takes."""
        self.learn_letters(text)
        self.set_font(self.letters, "B" if bold else "", size)
        found = self.multi_cell(
            width, 5, text, dry_run=True, output=MethodReturnValue.LINES, wrapmode=WrapMode.WORD
        )
        return len(found) if isinstance(found, list) else 1

    def picture(self, text: str, left: float, top: float, side: float) -> None:
        """A QR code of a text, with its quiet zone, in a square."""
        rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
        module = side / (len(rows) + 2 * QUIET_ZONE)
        self.set_fill_color(0)
        for row, modules in enumerate(rows):
            y = top + (row + QUIET_ZONE) * module
            for start, length in _dark_runs(modules):
                x = left + (start + QUIET_ZONE) * module
                self.rect(x, y, length * module, module, style="F")

    def _use_fonts(self) -> None:
        """The first font alone: the others are added when a letter asks for them."""
        self._known: set[str] = set()
        self._left = [name for name in _OTHERS if _are_there(name)]
        if _are_there(_FIRST):
            self.letters = _FIRST
            self._add(_FIRST)
            self.set_text_shaping(True, features=_LETTER_BY_LETTER)
        else:
            self.letters, self._left = _PLAIN, []
            self.core_fonts_encoding = "windows-1252"

    def _has(self, letter: str) -> bool:
        if self.letters == _PLAIN:
            return _is_plain(letter)
        return any(ord(letter) in getattr(font, "cmap", ()) for font in self.fonts.values())

    def _add(self, name: str) -> None:
        for style, path in _files(name).items():
            self.add_font(name, style, path)
        self.set_fallback_fonts(sorted({key.rstrip("B") for key in self.fonts} - {self.letters}))


def _files(name: str) -> dict[str, Path]:
    return {style: _FONTS / f"{name}-{weight}-normal.woff2" for style, weight in _WEIGHTS.items()}


def _are_there(name: str) -> bool:
    return all(path.is_file() for path in _files(name).values())


def _is_plain(letter: str) -> bool:
    try:
        return bool(letter.encode("windows-1252"))
    except UnicodeEncodeError:
        return False


def _dark_runs(modules: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many there are side by side."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(modules):
        if is_dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((place, 1))
    return runs
