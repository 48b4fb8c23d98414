"""Letters and text messages that a council sends itself: one row for each invitation.

In: codes of a wave and the identifiers of the return, to be joined with the council's own
addresses. Out: a table for mail-merge, or one for an SMS gateway whose text names no survey. No
cell of either begins like a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext

from surveys.invitations.cards import address_in_picture
from surveys.invitations.issuing import IssuedCode

LETTER_COLUMNS = ("invitation", "reference", "version", "words", "address", "link")
SMS_COLUMNS = ("invitation", "reference", "text")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def letters_csv(codes: Iterable[IssuedCode], children: Mapping[bytes, str], address: str) -> str:
    """One letter a row, in the order of random ids."""
    rows = (
        (
            code.invitation.id.hex(),
            children.get(code.invitation.member_id or b"", ""),
            code.invitation.audience,
            " ".join(code.words or ()),
            address.rstrip("/"),
            address_in_picture(address, code),
        )
        for code in _in_random_order(codes)
    )
    return _table(LETTER_COLUMNS, rows)


def sms_csv(
    codes: Iterable[IssuedCode], children: Mapping[bytes, str], address: str, authority: str
) -> str:
    """One text message a row, in the order of random ids. Needs a language."""
    rows = (
        (
            code.invitation.id.hex(),
            children.get(code.invitation.member_id or b"", ""),
            sms_text(authority, address_in_picture(address, code)),
        )
        for code in _in_random_order(codes)
    )
    return _table(SMS_COLUMNS, rows)


def sms_text(authority: str, link: str) -> str:
    """A message that a stranger may see on a locked screen: no survey, no word of care."""
    return gettext(
        "%(authority)s would like to know what you think: %(link)s", authority=authority, link=link
    )


def _in_random_order(codes: Iterable[IssuedCode]) -> list[IssuedCode]:
    return sorted(codes, key=lambda code: code.invitation.id)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With a byte order mark, so that spreadsheets read every letter."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows((columns, *_defused(rows)))
    return "\ufeff" + out.getvalue()


def _defused(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Text that begins like a formula gets an apostrophe, which spreadsheets take as text."""
    for row in rows:
        yield [f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in row]
