"""Tells by its first bytes what kind of return was given, and has it read by whoever knows it.

In: one or two paths, and perhaps an OC3 file. Out: a Return. A name's ending is not believed.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from surveys.inspections.annex_a import read_annex_a
from surveys.inspections.return_problems import Kind, Problem
from surveys.inspections.ssda903 import Return, read_care_leavers, read_return
from surveys.inspections.workbook import OLD_OR_ENCRYPTED, ZIPPED
from surveys.inspections.xml_return import read_xml_return

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK = b" \t\r\n\0"


class ReturnKind(StrEnum):
    """The kinds of file that a cohort is read from."""

    CSV = "csv"
    XML = "xml"
    WORKBOOK = "workbook"


def read_files(files: Sequence[Path], oc3: Path | None = None) -> Return:
    """Read a return: header and episodes as CSV, or one XML file, or one Annex A workbook.

    Never raises for what the files may hold; files that make no return together are a problem.
    """
    kinds = [kind_of(file) for file in files]
    if kinds == [ReturnKind.CSV, ReturnKind.CSV]:
        return read_return(files[0], files[1], oc3)
    if len(files) != 1 or kinds == [ReturnKind.CSV]:
        return _none(files)
    read = (read_xml_return if kinds == [ReturnKind.XML] else read_annex_a)(files[0])
    read_care_leavers(read, oc3)
    return read


def kind_of(path: Path) -> ReturnKind:
    """What kind of file this is, judged by how it begins."""
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError:
        return ReturnKind.CSV  # whoever reads it says that it cannot be opened
    if start.startswith((ZIPPED, OLD_OR_ENCRYPTED)):
        return ReturnKind.WORKBOOK
    for mark in _MARKS:
        start = start.removeprefix(mark)
    return ReturnKind.XML if start.lstrip(_BLANK).startswith(b"<") else ReturnKind.CSV


def _none(files: Sequence[Path]) -> Return:
    names = tuple(file.name for file in files)
    return Return(names, problems=[Problem(Kind.NOT_A_RETURN, ", ".join(names))])
