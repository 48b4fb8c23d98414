"""The coordinator's pages: an inspection's calendar, its surveys, and how many have answered.

In: nothing but the address. Out: a page. Nothing here changes anything, and nothing here can
tell who has answered.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from surveys.audiences import Audience, open_to
from surveys.console.board import board_of
from surveys.inspections.calendar import Milestone, calendar_for
from surveys.inspections.record import Inspection, inspection_by_id, inspections
from surveys.site import Site, current_site

blueprint = Blueprint(
    "console", __name__, url_prefix="/coordinator", template_folder="../templates"
)


@blueprint.get("/")
@open_to(Audience.COORDINATOR)
def board() -> str:
    """The inspection with the latest Day 1, and the way to the others."""
    found = inspections(current_site().engine)
    if not found:
        return render_template("console/nothing_yet.html")
    return _board_page(found[0], found)


@blueprint.get("/inspections/<inspection_id>")
@open_to(Audience.COORDINATOR)
def inspection(inspection_id: str) -> str:
    """The board of one inspection; 404 for an address that names none."""
    try:
        wanted = inspection_by_id(current_site().engine, bytes.fromhex(inspection_id))
    except ValueError:
        wanted = None
    if wanted is None:
        abort(404)
    return _board_page(wanted, inspections(current_site().engine))


def _board_page(shown: Inspection, every: list[Inspection]) -> str:
    site = current_site()
    return render_template(
        "console/board.html",
        board=board_of(site, shown, _milestones(site, shown), site.now().date()),
        others=[other for other in every if other.id != shown.id],
    )


def _milestones(site: Site, shown: Inspection) -> tuple[Milestone, ...]:
    framework = site.frameworks.get(shown.framework)
    return calendar_for(framework, shown.day_1) if framework else ()
