"""A fault that an author can find and mend: file, line, element, what is wrong, what to do.

In: where and what. Out: values that print as ``file:line: element: message advice``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """An error stops the survey from being used; a warning asks a person to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one place of one file, in words for the person who wrote it."""

    file: Path
    line: int
    element: str
    message: str
    advice: str = ""
    severity: Severity = field(default=Severity.ERROR, compare=False)

    def __str__(self) -> str:
        """The one form in which faults are printed anywhere."""
        mark = "warning: " if self.severity is Severity.WARNING else ""
        said = f"{self.file}:{self.line}: {mark}{self.element}: {self.message}"
        return f"{said} {self.advice}" if self.advice else said


class QuestionnaireError(Exception):
    """Questionnaires that cannot be used; ``faults`` holds every reason, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
