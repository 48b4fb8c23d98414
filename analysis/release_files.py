"""Releases as files: numbered, whole or not there, and never changed.

In: the bytes of a Summary and their signature. Out: two files. The signature is there first, so
that no reader ever meets a Summary without one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUMMARY, SIGNATURE = ".json", ".sig"


class ReleaseExists(Exception):
    """There is a release of this number. Releases are never replaced."""


def numbers_of(folder: Path, survey: str, wave: int) -> list[int]:
    """The releases of a wave that have left any file, in order."""
    name = re.compile(rf"{re.escape(survey)}-{wave}-([1-9][0-9]{{0,5}})\.(?:json|sig)")
    found = (name.fullmatch(path.name) for path in folder.iterdir())
    return sorted({int(match[1]) for match in found if match})


def next_number(folder: Path, survey: str, wave: int) -> int:
    """The number after the last release of a wave."""
    return max(numbers_of(folder, survey, wave), default=0) + 1


def release_path(folder: Path, survey: str, wave: int, release: int) -> Path:
    """Where the Summary of a release lies; its signature lies beside it."""
    return folder / f"{survey}-{wave}-{release}{SUMMARY}"


def signature_path(summary: Path) -> Path:
    """Where the signature of a Summary lies."""
    return summary.with_suffix(SIGNATURE)


def write_release(path: Path, summary: bytes, signature: bytes) -> None:
    """Write both files or none. Raises ReleaseExists when either is there."""
    with (
        _unfinished(signature_path(path), signature) as signed,
        _unfinished(path, summary) as document,
    ):
        _put(signed, signature_path(path))
        try:
            _put(document, path)
        except BaseException:
            signature_path(path).unlink()
            raise
        _settle(path.parent)


@contextmanager
def _unfinished(path: Path, data: bytes) -> Iterator[Path]:
    """A complete copy under another name, gone at the end."""
    copy = path.with_name(f".{path.name}.unfinished")
    try:
        with copy.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _put(copy: Path, path: Path) -> None:
    try:
        os.link(copy, path)  # unlike a rename, never replaces
    except FileExistsError:
        raise ReleaseExists(f"{path.name} is there already") from None


def _settle(folder: Path) -> None:
    """Make the names themselves lasting."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
