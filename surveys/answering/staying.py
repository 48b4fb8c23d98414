"""Staying: a page that has been open for long asks whether anybody is there, and this hears yes.

In: a press of "I am here", or typing. Out: nothing but a fresh start of the idle time.
"""

from __future__ import annotations

from surveys.answering.blueprint import blueprint
from surveys.answering.sitting import current_access
from surveys.audiences import Audience, open_to


@blueprint.post("/answer/still-here")
@open_to(Audience.RESPONDENT)
def still_here() -> tuple[str, int]:
    """Start the idle time afresh: the cookie is written anew with every answer to a request."""
    current_access()
    return "", 204
