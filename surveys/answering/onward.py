"""Going on to the next page: a redirect, or its address for a script that asked for it.

In: a request whose work is done, and where to go. Out: 303, or {"to": ...} so that a script can
keep the page and what was entered on it when the network fails; it reads the address in a header.
"""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from surveys.answering.look import dress_of_request
from surveys.answering.support import lines_for
from surveys.site import SupportLine, current_site


def go_on(address: str) -> Response:
    """Send the visitor to an address of this site."""
    if request.accept_mimetypes.best == "application/json":
        told = jsonify(to=address)
        told.headers["Heard-To"] = address
        return told
    return redirect(address, 303)


def leaving_no_page(response: Response) -> Response:
    """Have the browser forget the pages of this site.

    Not "cookies": that reaches every site of the council's domain, and our one cookie is taken
    away by name. Not "storage": nothing is stored. Forms are kept out by autocomplete="off".
    """
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def go_away() -> Response:
    """To the calm page, when the sitting is over."""
    return leaving_no_page(go_on(url_for("answering.away")))


def to_step(step: int | None) -> Response:
    """To a step of the run, or to checking when there is none left."""
    return go_on(address_of(step))


def address_of(step: int | None) -> str:
    """The address of a step; of the check page when there is none."""
    return url_for("answering.question", step=step) if step else url_for("answering.check")


def lines() -> list[SupportLine]:
    """The people to call, for this visitor, now."""
    site = current_site()
    return lines_for(site.support_lines, dress_of_request().style, site.now())


def answering_back() -> str:
    """The way back from a side page: to where the respondent was, or to the front door."""
    if "access" not in session:
        return url_for("answering.thanks" if "done" in session else "answering.front")
    if not session.get("agreed"):
        return url_for("answering.welcome")
    return address_of(session.get("at"))


def page(template: str, status: int = 200, **values: object) -> tuple[str, int]:
    """A page of this room."""
    return render_template(f"answering/{template}.html", **values), status
