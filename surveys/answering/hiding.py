"""Hide this: a calm page at once, and the way back by a secret of three pictures or the five words.

In: a press of Hide, later pictures or words. Out: pages. While hidden, nothing of the survey is
shown in this browser; what was on the page is saved first. The pictures lie in the sealed cookie
and go with the sitting.
"""

from __future__ import annotations

from flask import request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from surveys.answering.blueprint import blueprint
from surveys.answering.onward import answering_back, go_away, go_on, leaving_no_page, page
from surveys.answering.sitting import close, current_access, current_run
from surveys.audiences import Audience, open_to

PICTURES = ("sun", "boat", "tree", "fish", "star", "apple", "kite", "bell", "shell")
SECRET_LENGTH = 3
_TRIES = 5


def picture_words() -> list[tuple[str, str]]:
    """The pictures of a secret, with the word for each."""
    words = (
        gettext("Sun"), gettext("Boat"), gettext("Tree"),
        gettext("Fish"), gettext("Star"), gettext("Apple"),
        gettext("Kite"), gettext("Bell"), gettext("Shell"),
    )  # fmt: skip
    return list(zip(PICTURES, words, strict=True))


@blueprint.get("/answer/pictures")
@open_to(Audience.RESPONDENT)
def choose_pictures() -> tuple[str, int]:
    """Choose three pictures that bring one back after Hide."""
    current_run()
    return page("pictures", pictures=picture_words(), fault="")


@blueprint.post("/answer/pictures")
@open_to(Audience.RESPONDENT)
def keep_pictures() -> Response | tuple[str, int]:
    """Keep the secret for this sitting."""
    current_run()
    chosen = _chosen()
    if len(chosen) != SECRET_LENGTH:
        fault = gettext("Please pick three pictures.")
        return page("pictures", pictures=picture_words(), fault=fault, picked=chosen)
    session["pictures"] = chosen
    return go_on(url_for("answering.welcome"))


@blueprint.post("/answer/hide")
@open_to(Audience.RESPONDENT)
def hide() -> Response:
    """Hide at once; the sitting stays open behind the calm page."""
    current_access()
    return hidden_away()


def hidden_away() -> Response:
    """To the calm page; nothing of the survey is shown until the way back was found."""
    session["hidden"] = True
    return leaving_no_page(go_on(url_for("answering.hidden")))


@blueprint.get("/break")
@open_to(Audience.PUBLIC)
def hidden() -> Response | tuple[str, int]:
    """A calm page that says nothing of what was open."""
    if not session.get("hidden"):
        return go_on(answering_back())
    return _hidden_page()


@blueprint.post("/break")
@open_to(Audience.PUBLIC)
def come_back() -> Response | tuple[str, int]:
    """Come back with the three pictures; without a secret, with the words at the front door."""
    if not session.get("hidden") or "access" not in session:
        return go_on(answering_back())
    if request.form.get("go") == "stop":
        close()
        return go_away()
    if not session.get("pictures"):
        return go_on(url_for("answering.front"))
    if sorted(_chosen()) == sorted(session["pictures"]):
        session.pop("hidden")
        session.pop("wrong_pictures", None)
        return go_on(answering_back())
    return _wrong()


def _wrong() -> Response | tuple[str, int]:
    """Another try; after a few, the sitting ends and the five words are needed."""
    session["wrong_pictures"] = int(session.get("wrong_pictures", 0)) + 1
    if session["wrong_pictures"] >= _TRIES:
        close()
        return go_on(url_for("answering.front"))
    fault = gettext("Those are not the three pictures. Try again.")
    return _hidden_page(fault)


def _hidden_page(fault: str = "") -> tuple[str, int]:
    pictures = picture_words() if session.get("pictures") else []
    return page("hidden", pictures=pictures, fault=fault)


def _chosen() -> list[str]:
    chosen = set(request.form.getlist("picture"))
    return [name for name in PICTURES if name in chosen]
