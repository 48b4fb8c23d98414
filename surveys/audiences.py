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
    CUSTODIAN = "custodian"
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


def noted(what: str) -> Callable[[View], View]:
    """Have every use of a view by staff written to the audit log: who, what, page and day.

    Put it below ``open_to``. Never on a page of respondents; a test walks all of theirs.
    """

    def mark(view: View) -> View:
        view.noted_as = what  # type: ignore[attr-defined]  # a mark on any function
        return view

    return mark


def confirmed(view: View) -> View:
    """Declare that a view asks whoever is signed in to prove it once more, if the last proof is
    older than five minutes: for releases, exports, keys and accounts. Admission enforces it.
    """
    view.needs_confirming = True  # type: ignore[attr-defined]  # a mark on any function
    return view


def sets_up(view: View) -> View:
    """Declare that a view may be used while an account has no second factor yet."""
    view.sets_up = True  # type: ignore[attr-defined]  # a mark on any function
    return view
