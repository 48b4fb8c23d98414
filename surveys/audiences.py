"""Who may use a route. Every view says so; admission.py enforces it, a test demands it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    """The kinds of visitor that a route can be open to."""

    PUBLIC = "public"
    RESPONDENT = "respondent"
    HELPER = "helper"
    COORDINATOR = "coordinator"
    DATA_ENTRY = "data_entry"
    SAFEGUARDING = "safeguarding"
    ANALYST = "analyst"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


def open_to(*audiences: Audience) -> Callable[[View], View]:
    """Declare who may use a view. Put it directly above the function, below the route."""

    def declare(view: View) -> View:
        view.audiences = frozenset(audiences)  # type: ignore[attr-defined]  # a mark on any function
        return view

    return declare
