"""Where the buttons of a previewed page lead: to the next preview, or to a page that says so.

In: the address that a respondent's template asks for. Out: an address of this room, so that no
form of a preview can reach the pages where people answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from surveys.preview.looks import Look

WELCOME = "welcome"
_FORMS = frozenset({"answering.save", "answering.change_look", "answering.agree"})
_RESPONDENTS = ("answering.", "tablets.", "kiosk.")


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of which version is being previewed, and in which look."""

    survey: str
    audience: str
    name: str
    look: Look

    @property
    def address(self) -> str:
        """Where this preview is."""
        return self._address("preview.welcome" if self.name == WELCOME else "preview.one_page")

    @property
    def list_address(self) -> str:
        """Where all pages of the version are listed, in the same look."""
        return _url("preview.version", {**self._names, **self.look.query})

    @property
    def press_address(self) -> str:
        """Where the form of this page goes."""
        return self._address("preview.press")

    @property
    def nothing_address(self) -> str:
        """The page that says that nothing happened."""
        return self._address("preview.nothing")

    @property
    def _names(self) -> dict[str, str]:
        return {"survey": self.survey, "audience": self.audience}

    def _address(self, endpoint: str) -> str:
        named = {} if endpoint == "preview.welcome" else {"name": self.name}
        return _url(endpoint, {**self._names, **named, **self.look.query})


def address_for(endpoint: str, **values: object) -> str:
    """What ``url_for`` means in a template while a page is previewed; as ever in all others."""
    place: Place | None = g.get("previewed")
    if place is None or not endpoint.startswith(_RESPONDENTS):
        return _url(endpoint, values)
    return place.press_address if endpoint in _FORMS else place.nothing_address


def _url(endpoint: str, values: Mapping[str, Any]) -> str:
    return url_for(endpoint, **values)
