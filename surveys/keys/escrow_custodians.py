"""The escrow custodians of a site: three people, of whom any two can make a lost key again.

In: a name and the public half of that person's key. Out: the custodians that a wave's keys can be
put in escrow with. Only public halves are here; escrow.py does the sealing. The release custodian
of a wave is somebody else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from surveys.vault.envelope import Purpose, SuiteId
from surveys.vault.hpke import PublicKey
from surveys.whole_files import PUBLIC, write_new

FORMAT = "heard escrow custodian 1"
HOW_MANY = 3


class EscrowCustodiansUnfit(Exception):
    """Keys cannot be put in escrow with these custodians. The message says why."""


@dataclass(frozen=True, slots=True)
class EscrowCustodian:
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
    """A person's name as part of a file name. Raises EscrowCustodiansUnfit if nothing is left."""
    kept = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not kept:
        raise EscrowCustodiansUnfit("Give a name with letters from a to z.")
    return kept


def escrow_custodian_path(public_keys: Path, name: str) -> Path:
    """Where the public half of a custodian lies."""
    return public_keys / "escrow" / f"{file_name_of(name)}.json"


def add_escrow_custodian(public_keys: Path, custodian: EscrowCustodian) -> Path:
    """Keep a custodian's public half. Raises FileExistsError for a name that is there already."""
    path = escrow_custodian_path(public_keys, custodian.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "format": FORMAT,
        "name": custodian.name,
        "suite": int(custodian.key.suite),
        "key_id": custodian.key.key_id.hex(),
        "key": custodian.key.raw.hex(),
    }
    write_new(path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode(), PUBLIC)
    return path


def escrow_custodians_of(public_keys: Path) -> tuple[EscrowCustodian, ...]:
    """Every custodian of the site, by name. Raises EscrowCustodiansUnfit for a damaged file."""
    return tuple(_read(path) for path in sorted((public_keys / "escrow").glob("*.json")))


def three_escrow_custodians(
    public_keys: Path, names: tuple[str, ...] = ()
) -> tuple[EscrowCustodian, ...]:
    """The three to put keys in escrow with: those named, or the only three there are.

    Raises EscrowCustodiansUnfit when they are not three different people with different keys.
    """
    found = escrow_custodians_of(public_keys)
    if names:
        wanted = {file_name_of(name) for name in names}
        found = tuple(one for one in found if file_name_of(one.name) in wanted)
    if len(found) != HOW_MANY or len({one.key for one in found}) != HOW_MANY:
        raise EscrowCustodiansUnfit(
            "Escrow needs exactly three escrow custodians, each with a key of their own. There "
            f"are: {_names(public_keys)}. Make one with `flask keys escrow-custodian`, or name "
            "three with --among."
        )
    return found


def escrow_custodian_named(public_keys: Path, name: str) -> EscrowCustodian:
    """The custodian of this name. Raises EscrowCustodiansUnfit when there is none."""
    path = escrow_custodian_path(public_keys, name)
    if not path.exists():
        there = _names(public_keys)
        raise EscrowCustodiansUnfit(f"There is no escrow custodian {name}. There are: {there}.")
    return _read(path)


def _names(public_keys: Path) -> str:
    return ", ".join(one.name for one in escrow_custodians_of(public_keys)) or "nobody"


def _read(path: Path) -> EscrowCustodian:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError("of another kind")
        raw = bytes.fromhex(document["key"])
        key = PublicKey(Purpose.ESCROW, SuiteId(document["suite"]), raw)
        if key.key_id.hex() != document["key_id"]:
            raise ValueError("the key does not match its id")
        return EscrowCustodian(str(document["name"]), key)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EscrowCustodiansUnfit(
            f"{path} is not the public half of a custodian: {error}."
        ) from error
