"""Whom the site tells when something waits for them: mail addresses of people at work.

In: the table ``[notify]`` of site.toml. Out: Notify. Never the address of a respondent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any


@dataclass(frozen=True, slots=True)
class Notify:
    """Addresses by what they are told of; empty where nobody is to be told."""

    safeguarding_lead: str = ""
    safeguarding_deputy: str = ""
    safeguarding_third: str = ""
    audit: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for what is not a mail address."""
        for address in self.all:
            if not is_address(address):
                raise ValueError(f"{address!r} is not one mail address")

    @property
    def all(self) -> tuple[str, ...]:
        """Every address there is."""
        people = (self.safeguarding_lead, self.safeguarding_deputy, self.safeguarding_third)
        return (*filter(None, people), *self.audit)


def notify_from(table: Mapping[str, Any]) -> Notify:
    """The addresses in a table of settings. Raises TypeError or ValueError, in words."""
    people = {name: text for name, text in table.items() if name != "audit"}
    audit = table.get("audit", ())
    if not all(isinstance(text, str) for text in people.values()) or isinstance(audit, str):
        raise ValueError("an address is a text in quotes; audit is a list of them")
    return Notify(**people, audit=tuple(map(str, audit)))


def is_address(text: str) -> bool:
    """Whether a text is one bare address; whether anybody reads there is another matter."""
    local, at, domain = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' ,;:<>()[]"\\')
    return bool(local and at and domain) and plain and parseaddr(text) == ("", text)
