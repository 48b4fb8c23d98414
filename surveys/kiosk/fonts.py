"""Fonts for the pages: copied from the fetched packages, with a style sheet that names them.

In: the folder of @fontsource packages. Out: woff2 files and fonts.css in the vendor folder. A
script that a look's own font lacks is added to its family, so that no page needs to know of it; a
browser fetches a file only when a page has letters of its range.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = (400, 700)
STYLE_SHEET = "fonts.css"
_FOLDER = "fonts"
_LATIN = ("latin", "latin-ext", "cyrillic", "vietnamese")
_LOOKS = ("Andika", "Atkinson Hyperlegible Next")
# by package: the families whose letters it draws, and the subsets of it that are wanted
_WANTED = {
    "andika": (("Andika",), _LATIN),
    "atkinson-hyperlegible-next": (("Atkinson Hyperlegible Next",), _LATIN),
    "noto-sans-arabic": (("Noto Sans Arabic", *_LOOKS), ("arabic",)),
    "noto-sans-ethiopic": (("Noto Sans Ethiopic", *_LOOKS), ("ethiopic",)),
}


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a font: which families it serves, its weight and its letters."""

    file: Path
    families: tuple[str, ...]
    weight: int
    letters: str


def lay_out_fonts(packages: Path, vendor: Path) -> tuple[Path, ...]:
    """Copy the wanted files and write their style sheet. Returns what was made."""
    folder = vendor / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    faces = list(faces_in(packages))
    for face in faces:
        shutil.copyfile(face.file, folder / face.file.name)
    sheet = vendor / STYLE_SHEET
    sheet.write_text("".join(map(_rules, faces)), encoding="ascii")
    return sheet, *sorted(folder.iterdir())


def faces_in(packages: Path) -> Iterator[Face]:
    """The wanted files that the packages have."""
    for package, (families, subsets) in _WANTED.items():
        folder = packages / package
        letters = json.loads((folder / "unicode.json").read_text(encoding="utf-8"))
        for subset in subsets:
            for weight in WEIGHTS:
                file = folder / "files" / f"{package}-{subset}-{weight}-normal.woff2"
                if file.is_file():
                    yield Face(file, families, weight, letters[subset])


def _rules(face: Face) -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-style: normal; font-display: swap; '
        f"font-weight: {face.weight}; "
        f'src: url("{_FOLDER}/{face.file.name}") format("woff2"); '
        f"unicode-range: {face.letters}; }}\n"
        for family in face.families
    )
