"""The escrow custodians of a site: three people, of whom any two can make a lost key again.

In: a name and the public half of that person's key. Out: the custodians that a wave's keys can be
put in escrow with. Only public halves are here; escrow.py does the sealing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.hpke import PublicKey

FORMAT = "heard escrow custodian 1"
HOW_MANY = 3


class CustodiansUnfit(Exception):
    """Keys cannot be put in escrow with these custodians. The message says why."""


@dataclass(frozen=True, slots=True)
class Custodian:
    """One of the people, with the key that is sealed to."""

    name: str
    key: PublicKey

    @property
    def key_number(self) -> str:
        """The key id as it stands on the custodian's sheet, to be compared by eye."""
        return key_number(self.key.key_id)


def key_number(key_id: bytes) -> str:
    """A key id in groups of four, for people."""
    text = key_id.hex()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def file_name_of(name: str) -> str:
    """A person's name as part of a file name. Raises CustodiansUnfit when nothing is left of it."""
    kept = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not kept:
        raise CustodiansUnfit("Give a name with letters from a to z.")
    return kept


def custodian_path(public_keys: Path, name: str) -> Path:
    """Where the public half of a custodian lies."""
    return public_keys / "escrow" / f"{file_name_of(name)}.json"


def add_custodian(public_keys: Path, custodian: Custodian) -> Path:
    """Keep a custodian's public half. Raises FileExistsError for a name that is there already."""
    path = custodian_path(public_keys, custodian.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "format": FORMAT,
        "name": custodian.name,
        "suite": int(custodian.key.suite),
        "key_id": custodian.key.key_id.hex(),
        "key": custodian.key.raw.hex(),
    }
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return path


def custodians_of(public_keys: Path) -> tuple[Custodian, ...]:
    """Every custodian of the site, by name. Raises CustodiansUnfit for a damaged file."""
    return tuple(_read(path) for path in sorted((public_keys / "escrow").glob("*.json")))


def three_custodians(public_keys: Path, names: tuple[str, ...] = ()) -> tuple[Custodian, ...]:
    """The three to put keys in escrow with: those named, or the only three there are.

    Raises CustodiansUnfit when they are not three different people with different keys.
    """
    found = custodians_of(public_keys)
    if names:
        wanted = {file_name_of(name) for name in names}
        found = tuple(one for one in found if file_name_of(one.name) in wanted)
    if len(found) != HOW_MANY or len({one.key for one in found}) != HOW_MANY:
        there = ", ".join(one.name for one in custodians_of(public_keys)) or "nobody"
        raise CustodiansUnfit(
            f"Escrow needs exactly three custodians, each with a key of their own. There are: "
            f"{there}. Make one with `flask keys custodian`, or name three with --among."
        )
    return found


def _read(path: Path) -> Custodian:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError("of another kind")
        raw = bytes.fromhex(document["key"])
        key = PublicKey(Purpose.ESCROW, SuiteId(document["suite"]), raw)
        if key.key_id.hex() != document["key_id"]:
            raise ValueError("the key does not match its id")
        return Custodian(str(document["name"]), key)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CustodiansUnfit(f"{path} is not the public half of a custodian: {error}.") from error
