"""Certificates: what was erased on which day, for the file of the data protection officer.

In: an Erasure and what is left around it. Out: the same words as text and as a page to print, in
the site's folder ``certificates``. Writing one again gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path

from surveys.backup.rules import KEPT_DAYS
from surveys.retention.record import Erasure, Kind
from surveys.site import Site
from surveys.whole_files import PRIVATE, write_anew

FOLDER_NAME = "certificates"
_TITLES = {
    Kind.CONTACTS: "Who was invited has been erased",
    Kind.COHORT: "The list of children to be asked has been erased",
    Kind.DRAFTS: "Unfinished answers have been erased",
    Kind.ANSWERS: "Sealed answers have been erased",
}
_DELETED = "The rows were deleted from the database of the site."
_COMPACTED = (
    "The database was then written anew, so that neither its free pages nor its log hold them."
)
_HOW = {
    Kind.CONTACTS: (
        _DELETED,
        "Lists of codes of it in the site's folder were deleted, if there were any.",
    ),
    Kind.COHORT: (_DELETED,),
    Kind.DRAFTS: (
        "Each was overwritten, at the same length, and all places of the wave were written anew, "
        "so that nobody can tell which of them it concerned.",
    ),
    Kind.ANSWERS: (_DELETED,),
}
_STAYS = {
    Kind.CONTACTS: (
        "How many people were invited, by age version. No person stands beside it.",
        "Of mail addresses whose owners want no mail, a keyed hash each, for as many months as the "
        "site's rule says. Nothing can be read out of it.",
    ),
    Kind.COHORT: ("Nothing of it.",),
    Kind.DRAFTS: ("Answers that were sent before the close, sealed.",),
    Kind.ANSWERS: (
        "The published Summary, in which every figure is protected.",
        "The dates of the wave, how many were invited, by age version, and how many answered, in "
        "tens.",
    ),
}
_ELSEWHERE = {
    Kind.CONTACTS: (
        "Lists of codes and printed letters or cards that were taken out of the site.",
        "The credential seed of the wave, held by the coordinator. Destroy it now: with it and "
        "the site's secrets every code can be printed again.",
        "Mail that was sent with codes in it, at those who sent it and those who received it.",
    ),
    Kind.COHORT: (
        "The SSDA903 return that the list was made from, which is the authority's own.",
        "Reports and lists of problems that were written while it was imported.",
    ),
    Kind.DRAFTS: ("Answers on tablets without internet that were never delivered.",),
    Kind.ANSWERS: (
        "Printed forms that were filled in by hand.",
        "What the analyst took out of the site: rows that were opened, and work made of them.",
    ),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What an erasure leaves: keys still there, keys destroyed, files the site does not know."""

    keys_left: Sequence[str] = ()
    keys_gone: Sequence[str] = ()
    files: Sequence[Path] = ()


Section = tuple[str, tuple[str, ...]]


def write_certificate(site: Site, erasure: Erasure, around: Around) -> Path:
    """Write text and page, each whole or not at all, and return the text's path."""
    sections = tuple(_sections(site, erasure, around))
    title = _title(erasure, around)
    path = certificate_path(site, erasure, around)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_anew(path, _as_text(title, sections).encode(), PRIVATE)
    write_anew(path.with_suffix(".html"), _as_page(title, sections).encode(), PRIVATE)
    return path


def certificate_path(site: Site, erasure: Erasure, around: Around) -> Path:
    """Where a certificate lies; while keys are still there, under a name that says so."""
    name = f"{erasure.erased_on}-{erasure.kind}-{erasure.subject.hex()[:8]}"
    ending = "-not-complete" if around.keys_left else ""
    return site.summaries.parent / FOLDER_NAME / f"{name}{ending}.txt"


def _title(erasure: Erasure, around: Around) -> str:
    return _TITLES[erasure.kind] + (
        ", but this is NOT COMPLETE: keys are still there" if around.keys_left else ""
    )


def _sections(site: Site, erasure: Erasure, around: Around) -> Iterator[Section]:
    gone_on = erasure.erased_on + timedelta(days=KEPT_DAYS + 1)
    counts = tuple(f"{name}: {count}" for name, count in erasure.counts.items())
    yield "What", (site.authority, erasure.title, f"erased on {erasure.erased_on}")
    yield "How many", counts
    yield "How", (*_HOW[erasure.kind], _COMPACTED)
    if around.keys_left:
        yield "What must still be destroyed", tuple(around.keys_left)
    if around.keys_gone:
        yield (
            "Keys noted as destroyed (copies elsewhere are their holders' word)",
            tuple(around.keys_gone),
        )
    yield "What stays", _STAYS[erasure.kind]
    yield (
        "What this site cannot reach",
        (
            f"Backups made before it. Those of `flask backup` are deleted after {KEPT_DAYS} "
            f"days: the last that can hold it is gone on {gone_on}. Others go when their makers "
            "delete them.",
            "What a disk keeps of deleted files. A disk that is encrypted keeps nothing readable.",
            *_ELSEWHERE[erasure.kind],
        ),
    )
    if around.files:
        names = tuple(str(path.relative_to(site.summaries.parent)) for path in around.files)
        yield "Files in the site's folder that the site did not put there: look into each", names
    yield "Read and filed by", ("name: ______________________________   day: ______________",)


def _as_text(title: str, sections: Sequence[Section]) -> str:
    lines = [title, "=" * len(title)]
    for heading, words in sections:
        lines += ["", heading, *(f"  - {word}" for word in words)]
    return "\n".join(lines) + "\n"


def _as_page(title: str, sections: Sequence[Section]) -> str:
    parts = [
        f"<h2>{escape(heading)}</h2>\n<ul>\n"
        + "".join(f"<li>{escape(word)}</li>\n" for word in words)
        + "</ul>"
        for heading, words in sections
    ]
    body = "\n".join((f"<h1>{escape(title)}</h1>", *parts))
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>'
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n'
        "</html>\n"
    )
