"""Invents an SSDA903 return: header and episodes files of children who do not exist.

In: a folder, how many children, the reference date, a seed. Out: two CSV files in the return's own
columns, the same for the same seed, and what became of each child, kept apart from the files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from surveys.rehearsal.care_stories import Ending, Story, draw_stories

HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
EPISODES = (
    *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER"),
    *("DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
)
_ETHNIC = ("WBRI", "WOTH", "WIRI", "WROM", "MWBC", "MWAS", "AIND", "APKN", "ABAN", "BAFR", "OOTH")
_ETHNIC_SHARES = (0.68, 0.05, 0.01, 0.01, 0.05, 0.03, 0.01, 0.03, 0.02, 0.07, 0.04)
_UNKNOWN_UPN = ("UN1", "UN2", "UN3", "UN4", "UN5")
_NEEDS = ("N1", "N2", "N3", "N4", "N5", "N6", "N8")
_NEED_SHARES = (0.66, 0.02, 0.03, 0.07, 0.14, 0.02, 0.06)
_PLACES = ("U6", "U4", "U1", "U3", "K2", "P1", "R3", "S1")
_PLACE_SHARES = (0.36, 0.22, 0.08, 0.1, 0.14, 0.06, 0.02, 0.02)
_PROVIDERS = {"P1": "PR0", "K2": "PR4", "S1": "PR4", "R3": "PR3"}
_WHY_MOVED = ("CARPL", "CLOSE", "STAND", "CREQB", "CREQO", "CHILD", "LAREQ", "PLACE", "OTHER")
_MOVES_SHARE = 0.75  # of changes; the others are changes of legal status only
_SUPPORTED_SHARE = 0.4  # of those aged 16 and over
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_FIRST_YEAR_OF_LETTERS_FOR_SEX = 2025  # collections are named by the year they end in
_FIRST_YEAR_OF_SUPPORTED_ACCOMMODATION = 2026


@dataclass(frozen=True)
class InventedReturn:
    """The files, and the story of each child by identifier: the generator's own bookkeeping."""

    header: Path
    episodes: Path
    stories: dict[str, Story]


def write_return(
    folder: Path, children: int = 900, *, reference_date: date, seed: int
) -> InventedReturn:
    """Write ``header.csv`` and ``episodes.csv`` into a folder, which is made if need be."""
    draw = np.random.default_rng(seed)
    stories = draw_stories(draw, children, reference_date)
    numbers = 100_000 + draw.choice(900_000, size=children, replace=False)
    named = {str(number): story for number, story in zip(numbers, stories, strict=True)}
    year = reference_date.year + (reference_date.month >= 4)  # 1 April
    folder.mkdir(parents=True, exist_ok=True)
    header, episodes = folder / "header.csv", folder / "episodes.csv"
    _write(header, HEADER, (_header_row(draw, *child, year) for child in named.items()))
    _write(
        episodes,
        EPISODES,
        (row for child in named.items() for row in _episode_rows(draw, *child, year)),
    )
    return InventedReturn(header, episodes, named)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _header_row(draw: np.random.Generator, child: str, story: Story, year: int) -> list[str]:
    letters = year >= _FIRST_YEAR_OF_LETTERS_FOR_SEX
    sex = _pick(draw, ("M", "F") if letters else ("1", "2"), (0.56, 0.44))
    return [child, sex, _day(story.born), _pick(draw, _ETHNIC, _ETHNIC_SHARES), _upn(draw), "", ""]


def _upn(draw: np.random.Generator) -> str:
    """Authority 000 does not exist, so that no number can be a real pupil's."""
    if draw.random() < 0.06:  # the youngest, and children new to the country
        return _pick(draw, _UNKNOWN_UPN)
    return f"{_pick(draw, _LETTERS)}000{draw.integers(10**9):09}"


def _episode_rows(
    draw: np.random.Generator, child: str, story: Story, year: int
) -> list[list[str]]:
    need, home = _pick(draw, _NEEDS, _NEED_SHARES), _postcode(draw)
    rows: list[list[str]] = []
    reason, placement = "S", _placement(draw, story, year)
    for number, (began, ended) in enumerate(story.stretches):
        last = number == len(story.stretches) - 1
        if last and story.ending is Ending.ADOPTED:
            placement = ("A5", "PR1", _postcode(draw), "")
        status = _legal_status(draw, story, number, last=last)
        place, provider, postcode, urn = placement
        moves = not last and draw.random() < _MOVES_SHARE
        why = _pick(draw, _WHY_MOVED) if moves else ""
        until, rec = _day(ended) if ended else "", story.rec if last else "X1"
        start = (child, _day(began), reason, status, need, place, provider)
        rows.append([*start, until, rec, why, home, postcode, urn])
        reason = "P" if moves else "L"
        placement = _placement(draw, story, year) if moves else placement
    return rows


def _placement(draw: np.random.Generator, story: Story, year: int) -> tuple[str, str, str, str]:
    place = _place(draw, story, year)
    urn = "" if place in ("P1", "K3", "H5") else str(9_900_000 + draw.integers(100_000))
    return place, _PROVIDERS.get(place, "PR1"), _postcode(draw), urn


def _place(draw: np.random.Generator, story: Story, year: int) -> str:
    """Where a child of this age may live, in the codes of the collection."""
    if story.is_nearly_grown and draw.random() < _SUPPORTED_SHARE:
        return "K3" if year >= _FIRST_YEAR_OF_SUPPORTED_ACCOMMODATION else "H5"
    place = _pick(draw, _PLACES, _PLACE_SHARES)
    return "U6" if story.age < 8 and place in ("K2", "S1") else place


def _legal_status(draw: np.random.Generator, story: Story, number: int, *, last: bool) -> str:
    if story.short_breaks:
        return "V4" if draw.random() < 0.5 else "V3"
    if story.ending is Ending.ADOPTED and last:
        return "E1"
    if story.by_agreement:
        return "V2"
    return ("V2" if draw.random() < 0.2 else "C1") if number == 0 else "C2"


def _postcode(draw: np.random.Generator) -> str:
    """In area ZZ, which the post does not have."""
    unit = _pick(draw, _LETTERS) + _pick(draw, _LETTERS)
    return f"ZZ{draw.integers(1, 60)} {draw.integers(1, 10)}{unit}"


def _pick(
    draw: np.random.Generator, of: Sequence[str], shares: Sequence[float] | None = None
) -> str:
    return of[int(draw.choice(len(of), p=shares))]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
