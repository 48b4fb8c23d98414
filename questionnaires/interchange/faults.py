"""A fault in a workbook that its author can find and mend: sheet, row, what is wrong, what to do.

In: where and what. Out: values that print as ``survey, row 5: element: message advice``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from questionnaires.faults import Severity
from questionnaires.messages import Saying


@dataclass(frozen=True, slots=True, order=True)
class CellFault:
    """One thing wrong in one row of one sheet. Row 0 is the sheet, or the file, as a whole."""

    sheet: str
    row: int
    element: str
    message: str
    advice: str = ""
    severity: Severity = field(default=Severity.ERROR, compare=False)

    def __str__(self) -> str:
        """The one form in which faults of a workbook are printed."""
        place = f"{self.sheet}, row {self.row}" if self.row else self.sheet
        mark = "warning: " if self.severity is Severity.WARNING else ""
        element = f"{self.element}: " if self.element else ""
        said = f"{place}: {mark}{element}{self.message}"
        return f"{said} {self.advice}" if self.advice else said


class WorkbookError(Exception):
    """A workbook that cannot be read or written; ``faults`` holds every reason, in order."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults: tuple[CellFault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Notes:
    """Collects the faults of one workbook, so that its author hears of all at once."""

    def __init__(self) -> None:
        self._faults: dict[CellFault, None] = {}

    def note(self, sheet: str, row: int, element: str, saying: Saying, /, **values: object) -> None:
        """Note a fault, once."""
        fault = CellFault(
            sheet,
            row,
            element,
            saying.message.format(**values),
            saying.advice.format(**values),
            saying.severity,
        )
        self.add(fault)

    def add(self, fault: CellFault) -> None:
        """Note a fault that somebody else has put into words."""
        self._faults.setdefault(fault)

    @property
    def errors(self) -> tuple[CellFault, ...]:
        """What stops the workbook from being used."""
        return tuple(f for f in self._faults if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[CellFault, ...]:
        """What a person should look at."""
        return tuple(sorted(f for f in self._faults if f.severity is Severity.WARNING))

    def raise_errors(self) -> None:
        """Raise WorkbookError when anything stops the workbook from being used."""
        if self.errors:
            raise WorkbookError(self.errors)
