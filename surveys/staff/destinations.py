"""Where the desk leads: the pages that a role may open, for the navigation and the home page.

In: roles. Out: links. Whether a page is offered follows from the audience that its view declares,
so the navigation can never promise a page that is then refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Destination:
    """A page worth a link: what it is called, and what one does there."""

    endpoint: str
    name: LazyString
    purpose: LazyString

    @property
    def url(self) -> str:
        """Where the link leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """Whether the page being shown is this one or belongs under it."""
        room = self.endpoint.partition(".")[0]
        return request.endpoint == self.endpoint or (request.blueprint == room and room != DESK)


DESK = "staff"
HOME = Destination("staff.home", lazy_gettext("Home"), lazy_gettext("What you can do here."))
OWN_SIGN_IN = Destination(
    "staff.own_sign_in",
    lazy_gettext("Your sign-in"),
    lazy_gettext("Your app, passkeys, recovery codes and password."),
)
PAGES = (
    Destination(
        "tablets.helper",
        lazy_gettext("Help with a tablet"),
        lazy_gettext("Start a child’s survey on this tablet, and take the tablet back."),
    ),
    Destination(
        "kiosk.prepare",
        lazy_gettext("Tablet without internet"),
        lazy_gettext("Prepare this tablet for a place that has no internet."),
    ),
    Destination(
        "console.board",
        lazy_gettext("Coordinator’s board"),
        lazy_gettext("The calendar, the surveys, and how many have answered. Never who."),
    ),
    Destination(
        "contact.inbox",
        lazy_gettext("Messages"),
        lazy_gettext("What people wrote who need to talk. It opens with your key alone."),
    ),
    Destination(
        "preview.index",
        lazy_gettext("Preview"),
        lazy_gettext("Every page that people are shown, in every language and look."),
    ),
    Destination(
        "languages.overview",
        lazy_gettext("Languages"),
        lazy_gettext("Which languages each survey is offered in, and who has checked them."),
    ),
    Destination(
        "paper.forms",
        lazy_gettext("Paper forms"),
        lazy_gettext("Every survey as a form to print, in every language it is offered in."),
    ),
    Destination(
        "paper_entry.start",
        lazy_gettext("Type in a paper"),
        lazy_gettext("Put the answers of a paper form in the place of its code."),
    ),
    Destination(
        "results.overview",
        lazy_gettext("Results"),
        lazy_gettext("What people said, in protected tables and charts."),
    ),
    Destination(
        "staff.people",
        lazy_gettext("People"),
        lazy_gettext("Who has an account here, invitations, and closing accounts."),
    ),
    OWN_SIGN_IN,
)


def destinations(roles: Iterable[str]) -> tuple[Destination, ...]:
    """The pages beyond home that exist in this site and are open to one of the roles."""
    wanted = frozenset(roles)
    return tuple(page for page in PAGES if _audiences(page.endpoint) & wanted)


def navigation(roles: Iterable[str]) -> tuple[Destination, ...]:
    """The links of the header: home first, and nothing for a visitor without a role."""
    wanted = frozenset(roles)
    return (HOME, *destinations(wanted)) if wanted else ()


def _audiences(endpoint: str) -> frozenset[str]:
    view = current_app.view_functions.get(endpoint)
    return frozenset(str(audience) for audience in getattr(view, "audiences", ()))
