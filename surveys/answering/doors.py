"""The public pages: the front door, people to call, how answers are kept safe, and going away.

In: words, a link or a wish for another look. Out: pages that tell nobody whether a code exists.
"""

from __future__ import annotations

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from surveys.answering.blueprint import blueprint
from surveys.answering.look import change_dress
from surveys.answering.onward import answering_back, go_on, lines, page
from surveys.answering.sitting import NothingOpen, begin, end
from surveys.audiences import Audience, open_to
from surveys.site import current_site

_LOOK_PAGES = {
    "start": "front",
    "welcome": "welcome",
    "check": "check",
    "delete": "ask_delete",
    "thanks": "thanks",
    "help": "people_to_call",
    "privacy": "privacy",
}
_LONGEST_CODE = 200


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def front() -> tuple[str, int]:
    """The front door: five words, or a link."""
    return page("start")


@blueprint.post("/start")
@open_to(Audience.PUBLIC)
def start() -> Response | tuple[str, int]:
    """Open what the words or the link lead to; one kind page for everything else."""
    typed = request.form.get("words", "")[:_LONGEST_CODE]
    if not typed.strip():
        return go_on(url_for("answering.front"))
    try:
        begin(typed)
    except NothingOpen:
        return page("not_open", 404)
    return go_on(url_for("answering.welcome"))


@blueprint.post("/look")
@open_to(Audience.PUBLIC)
def change_look() -> Response:
    """Another language, size or colours, on a page that has no answer to keep."""
    change_dress(request.form)
    here = _LOOK_PAGES.get(request.form.get("here", ""), "front")
    return redirect(url_for(f"answering.{here}"), 303)


@blueprint.get("/help")
@open_to(Audience.PUBLIC)
def people_to_call() -> tuple[str, int]:
    """People to call, in the order that fits the visitor and the hour."""
    return page("help", lines=lines(), back=answering_back(), answering="access" in session)


@blueprint.get("/privacy")
@open_to(Audience.PUBLIC)
def privacy() -> tuple[str, int]:
    """What is promised about answers, and what is not."""
    single = current_site().single_custodian
    return page("privacy", back=answering_back(), single_custodian=single)


@blueprint.get("/away")
@open_to(Audience.PUBLIC)
def away() -> tuple[str, int]:
    """A calm page that says nothing about what was open before."""
    return page("away")


@blueprint.get("/answer/ended")
@open_to(Audience.PUBLIC)
def session_ended() -> Response | tuple[str, int]:
    """For somebody whose sitting has ended, or who has sent their answers."""
    if "access" in session or "done" in session:
        return redirect(answering_back(), 303)
    return page("errors/419")


@blueprint.get("/answer/thanks")
@open_to(Audience.PUBLIC)
def thanks() -> tuple[str, int]:
    """Thank you, what happens next, and people to call."""
    return page("thanks", lines=lines())


@blueprint.post("/answer/give-back")
@open_to(Audience.PUBLIC)
def give_back() -> Response:
    """Leave nothing of this respondent on the device, and open the front door for the next."""
    end()
    response = redirect(url_for("answering.front"), 303)
    # not "storage": nothing is stored, and it is slow; form contents are kept out by
    # autocomplete="off"
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return response
