"""Releases on the disk, verified before anybody reads them. In: a folder. Out: releases.

The newest release of a wave is the only one shown. When its signature does not hold nothing of
that wave is shown: an older release in its place could be somebody's choice.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.release_files import release_path, signature_path
from analysis.signing import verify_summary
from analysis.summary import Summary, summary_from_bytes

_NAME = re.compile(
    r"(?P<survey>[a-z][a-z0-9_]*)-(?P<wave>[1-9]\d{0,5})-(?P<release>[1-9]\d{0,5})\.json"
)
PUBLISHER = "publisher.pub"


@dataclass(frozen=True)
class Release:
    """A verified summary, the bytes it was read from, and their signature."""

    summary: Summary
    document: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signed bytes, which anybody can compute again."""
        return hashlib.sha256(self.document).hexdigest()


@dataclass(frozen=True)
class Refused:
    """A release that is not shown, because it is not provably what was published."""

    survey: str
    wave: int
    release: int


def newest_releases(folder: Path) -> tuple[Release | Refused, ...]:
    """The newest release of every wave: the survey that invited most first, refused ones last."""
    newest: dict[tuple[str, int], int] = {}
    for path in folder.glob("*.json"):
        if name := _NAME.fullmatch(path.name):
            wave = (name["survey"], int(name["wave"]))
            newest[wave] = max(newest.get(wave, 0), int(name["release"]))
    found = [_release(folder, survey, wave, last) for (survey, wave), last in newest.items()]
    return tuple(sorted(found, key=_largest_first))


def newest_release(folder: Path, survey: str, wave: int) -> Release | Refused | None:
    """The newest release of one wave; None when nothing has been published."""
    return next(
        (found for found in newest_releases(folder) if _wave_of(found) == (survey, wave)),
        None,
    )


def _largest_first(found: Release | Refused) -> tuple[int, str, int]:
    survey, wave = _wave_of(found)
    if isinstance(found, Refused):
        return 1, survey, -wave
    invited = found.summary.coverage[0].invited.count if found.summary.coverage else None
    return -(invited or 0), survey, -wave


def _wave_of(found: Release | Refused) -> tuple[str, int]:
    if isinstance(found, Refused):
        return found.survey, found.wave
    return found.summary.survey, found.summary.wave


def _release(folder: Path, survey: str, wave: int, release: int) -> Release | Refused:
    refused = Refused(survey, wave, release)
    document = release_path(folder, survey, wave, release)
    signature, publisher = signature_path(document), folder / PUBLISHER
    try:
        changed = tuple(path.stat().st_mtime_ns for path in (document, signature, publisher))
    except OSError:
        return refused
    return _read(document, signature, publisher, changed, refused)


@lru_cache(maxsize=64)
def _read(
    document: Path, signature: Path, publisher: Path, _changed: tuple[int, ...], refused: Refused
) -> Release | Refused:
    """Read once for each state of the files. Nothing is parsed before its signature holds."""
    try:
        signed, public = signature.read_bytes(), bytes.fromhex(publisher.read_text("ascii"))
        data = verify_summary(document.read_bytes(), signed, public)
        summary = summary_from_bytes(data)
    except (OSError, ValueError):  # a bad signature and a foreign format are both ValueErrors
        return refused
    said = (summary.survey, summary.wave, summary.release)
    if said != (refused.survey, refused.wave, refused.release):
        return refused
    return Release(summary, data, signed)
