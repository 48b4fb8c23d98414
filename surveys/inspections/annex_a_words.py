"""The codes behind what Annex A writes out: "k) E47: Special Guardianship Orders - ..." is E47.

In: the text of a cell. Out: a code of the SSDA903 return, or nothing when there is none in it.
Where somebody wrote the words without the code, the words of the published list are known.
"""

from __future__ import annotations

import re

from surveys.inspections.rules import ENDINGS
from surveys.inspections.ssda903 import UNKNOWN

_LETTER = r"(?:[a-z]{1,2}\d?\s*\)\s*)?"
_CODE = re.compile(_LETTER + r"([a-z]\d{1,2}[ab]?)(?![a-z0-9])", re.IGNORECASE)
_STATUSES = re.compile(r"C[12]|D1|E1|V[234]|L[123]|J[123]")
_ENDINGS_IN_WORDS = {
    "adopted application unopposed": "E11",
    "adopted consent dispensed": "E12",
    "died": "E2",
    "deceased": "E2",
    "death": "E2",
    "care taken by another la": "E3",
    "care taken over by another la": "E3",
    "age assessment determined child was 18 or over": "E15",
    "child moved abroad": "E16",
    "sentenced to custody": "E9",
    "residence order granted": "E41",
    "accommodation on remand ended": "E14",
    "moved into independent living supported": "E5",
    "moved into independent living no support": "E6",
    "aged 18 and remained with current carers": "E17",
    "care ceased for any other reason": "E8",
}
_SHORT_BREAKS = ("short term break", "short break", "respite")
_DEATH = re.compile(r"\b(died|death|dead|deceased)\b")
_IN_TOUCH = {"yes": "YES", "y": "YES", "no": "NO", "n": "NO", "nreq": "NREQ", "rhom": "RHOM"}


def ending_code(text: str) -> str:
    """The reason for leaving as a code; empty when the text names none. Any death is E2."""
    words = _words(text)
    code = _code(text)
    if code == "E2" or _DEATH.search(words):
        return "E2"
    if code in ENDINGS or code == "X1":
        return code
    return _ENDINGS_IN_WORDS.get(words, "")


def legal_status_code(text: str) -> str:
    """The legal status as a code; empty when the text names none."""
    code = _code(text)
    if _STATUSES.fullmatch(code):
        return code
    is_short = any(phrase in _words(text) for phrase in _SHORT_BREAKS)
    return "V4" if is_short else ""


def in_touch_code(text: str) -> str:
    """YES, NO, DIED, REFU, NREQ or RHOM; a mark for what is none of them; empty for a blank."""
    words = _words(text)
    if not words:
        return ""
    if _DEATH.search(words):
        return "DIED"
    if words.startswith("refu"):
        return "REFU"
    return _IN_TOUCH.get(words, UNKNOWN)


def _code(text: str) -> str:
    found = _CODE.match(text.strip())
    return found[1].upper() if found else ""


def _words(text: str) -> str:
    """The words alone, without the letter that Annex A counts its options by."""
    plain = re.sub(r"^" + _LETTER, "", text.strip().casefold())
    return " ".join(re.findall(r"[a-z0-9]+", plain))
