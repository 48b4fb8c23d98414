"""The numbers as CSV. In: a verified Summary. Out: one long table, the same numbers as the pages.

Withheld numbers are symbols, as in official statistics: c confidential, k rounds to nothing,
z not applicable, t only in the totals. Text that a spreadsheet could run as a formula is defused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask_babel import gettext

from analysis.cells import Cell, CellStatus
from analysis.measures import Reading, Share, has_valence, read_table
from analysis.number_words import (
    count_words,
    share_words,
)
from analysis.summary import Item, Policy, Summary, Theme
from analysis.themes import EVERYONE, concepts_of, levels, response_rate, theme_rows
from questionnaires.model import Valence

COLUMNS = (
    "survey",
    "wave",
    "release",
    "themes",
    "question",
    "item",
    "short",
    "group",
    "group_label",
    "level",
    "level_label",
    "kind",
    "code",
    "label",
    "count",
    "percent",
    "percent_of",
    "status",
    "meaning",
)

SYMBOLS = {
    CellStatus.PRIMARY_SUPPRESSED: "c",
    CellStatus.COMPLEMENTARY_SUPPRESSED: "c",
    CellStatus.NETTED: "t",
    CellStatus.NOT_APPLICABLE: "z",
}
ROUNDS_TO_NOTHING = "k"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Line = dict[str, object]


def release_csv(summary: Summary) -> str:
    """Everything of a release: response, themes, and every table of every item."""
    lines = [*_response_lines(summary), *_theme_lines(summary, summary.themes)]
    for item in summary.items:
        lines.extend(_item_lines(summary, item))
    return _write(summary, lines)


def theme_csv(summary: Summary, theme: Theme) -> str:
    """One theme: its shares, and every table of its items."""
    lines = list(_theme_lines(summary, (theme,)))
    for concept in concepts_of(summary, theme):
        for item in concept.items:
            lines.extend(_item_lines(summary, item))
    return _write(summary, lines)


def symbols_explained(policy: Policy) -> tuple[tuple[str, str], ...]:
    """The legend of the symbols, for the page beside the download."""
    return (
        (
            "c",
            gettext(
                "confidential: fewer than %(minimum)s answered, or it would give away another",
                minimum=policy.minimum_publishable_base,
            ),
        ),
        (
            "k",
            gettext("fewer than %(count)s people: rounds to nothing", count=policy.rounding_base),
        ),
        ("t", gettext("only in the totals, because the group is small")),
        ("z", gettext("not applicable: not asked here")),
    )


def _write(summary: Summary, lines: Iterable[Line]) -> str:
    """With a byte order mark, so that spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    same: Line = {"survey": summary.survey, "wave": summary.wave, "release": summary.release}
    for line in (*lines, *_custody_lines(summary)):
        writer.writerow({name: _defused(value) for name, value in (same | line).items()})
    return "\ufeff" + out.getvalue()


def _custody_lines(summary: Summary) -> Iterator[Line]:
    """That one person held both keys, where it was so: it travels with the numbers."""
    if summary.single_custodian:
        words = gettext(
            "Single-custodian mode: one person held both keys of this wave. Nobody else had to "
            "agree before the answers could be opened."
        )
        yield {"question": "keys", "kind": "note", "code": "single_custodian", "label": words}


def _defused(value: object) -> object:
    """Text that begins like a formula gets an apostrophe, which spreadsheets take as text."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _response_lines(summary: Summary) -> Iterator[Line]:
    for row in summary.coverage:
        rate = response_rate(row.invited, row.responded)
        place: Line = {
            "question": "response",
            "short": gettext("Response"),
            "level": row.level,
            "level_label": row.label,
            "kind": "coverage",
        }
        for code, label, cell in (
            ("invited", gettext("Invited"), row.invited),
            ("responded", gettext("Took part"), row.responded),
        ):
            yield place | {"code": code, "label": label} | _count(cell, summary.policy)
        yield place | {"code": "rate", "label": gettext("Response rate")} | _share(rate, summary)


def _theme_lines(summary: Summary, themes: Iterable[Theme]) -> Iterator[Line]:
    wanted = {theme.id for theme in themes}
    for row in theme_rows(summary):
        if row.id not in wanted:
            continue
        for level, cell in zip(levels(summary), row.cells, strict=True):
            percent = str(cell.percent) if cell.shown else SYMBOLS[cell.status]
            yield {
                "themes": row.id,
                "short": row.label,
                "group": "all" if level.id == EVERYONE else "age_version",
                "level": level.id,
                "level_label": level.label,
                "kind": "theme",
                "code": "mean_positive_share",
                "label": gettext(
                    "Mean positive share of %(count)s questions", count=cell.questions
                ),
                "percent": percent,
                "status": cell.status.value,
                "meaning": share_words(cell, summary.policy),
            }


def _item_lines(summary: Summary, item: Item) -> Iterator[Line]:
    for table in item.tables:
        for reading in read_table(item, table, summary.policy):
            place: Line = {
                "themes": " ".join(item.themes),
                "question": item.question,
                "item": item.id,
                "short": item.short,
                "group": table.group,
                "group_label": table.group_label,
                "level": reading.level,
                "level_label": reading.label,
            }
            for category in table.categories:
                found = _category(reading, category.code, summary)
                said = {"kind": category.kind, "code": category.code, "label": category.label}
                of = "asked" if category.kind == "non_answer" else "answered"
                yield place | said | found | {"percent_of": of}
            yield from (place | line for line in _net_lines(item, reading, summary))
            yield from (place | line for line in _base_lines(reading, summary.policy))


def _category(reading: Reading, code: str, summary: Summary) -> Line:
    share = _share(reading.shares[code], summary)
    return share | _count(reading.cells[code], summary.policy) if share else {}


def _net_lines(item: Item, reading: Reading, summary: Summary) -> Iterator[Line]:
    if not has_valence(item):
        return
    for valence, share in reading.nets.items():
        if share.status is not CellStatus.NOT_APPLICABLE:
            line = {"kind": "net", "code": f"all_{valence.value}", "label": _net_label(valence)}
            yield line | _share(share, summary) | {"percent_of": "answered"}


def _net_label(valence: Valence) -> str:
    return {
        Valence.POSITIVE: gettext("Positive in all"),
        Valence.NEUTRAL: gettext("In between in all"),
        Valence.NEGATIVE: gettext("Negative in all"),
    }[valence]


def _base_lines(reading: Reading, policy: Policy) -> Iterator[Line]:
    for code, label, cell in (
        ("base", gettext("Everyone in the group"), reading.base),
        ("asked", gettext("Asked"), reading.asked),
        ("answered", gettext("Gave an answer (base)"), reading.valid),
    ):
        yield {"kind": "base", "code": code, "label": label} | _count(cell, policy)


def _count(cell: Cell, policy: Policy) -> Line:
    meaning = count_words(cell, policy) if not cell.count else ""
    symbol = SYMBOLS[cell.status] if cell.count is None else cell.count or ROUNDS_TO_NOTHING
    return {"count": symbol, "status": cell.status.value, "meaning": meaning}


def _share(share: Share, summary: Summary) -> Line:
    if not share.shown:
        symbol = SYMBOLS[share.status]
        return {
            "count": symbol,
            "percent": symbol,
            "status": share.status.value,
            "meaning": share_words(share, summary.policy),
        }
    rounded = share.percent or ROUNDS_TO_NOTHING
    meaning = share_words(share, summary.policy) if share.percent in (0, 100) else ""
    return {
        "count": share.part or ROUNDS_TO_NOTHING,
        "percent": "nearly all" if share.percent == 100 else rounded,
        "status": share.status.value,
        "meaning": meaning,
    }
