"""The public pages: the front door, people to call, how answers are kept safe, and going away.

In: words, a link or a wish for another look. Out: pages that tell nobody whether a code exists.
"""

from __future__ import annotations

from contextlib import suppress

from flask import redirect, render_template, request, session, url_for
from flask_babel import force_locale, format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from surveys.answering.accessibility import statement
from surveys.answering.blueprint import blueprint
from surveys.answering.look import change_dress, dress_of_request
from surveys.answering.onward import answering_back, go_on, leaving_no_page, lines, page
from surveys.answering.sitting import Hidden, NothingOpen, SittingOver, close, current_run
from surveys.answering.tries import NotYourTurn, begin_in_turn, minutes_to_wait, note_wrong_try
from surveys.answering.window import kept_words
from surveys.audiences import Audience, open_to
from surveys.invitations.codes import TooManyAtOnce, code_in
from surveys.site import current_site
from surveys.staff.sign_in import signed_in_roles
from surveys.tablets.watch import is_watched
from surveys.vault.waves import Wave

_LOOK_PAGES = {
    "start": "front",
    "welcome": "welcome",
    "check": "check",
    "delete": "ask_delete",
    "pictures": "choose_pictures",
    "thanks": "thanks",
    "help": "people_to_call",
    "talk": "talk",
    "privacy": "privacy",
    "accessibility": "accessibility",
}
_LONGEST_CODE = 200
_WAITING = "waiting_at_the_door"


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def front() -> Response | tuple[str, int]:
    """The front door: five words, or a link. A helper who scanned a card goes on at their page:
    browsers take what stands behind the # along.
    """
    if Audience.HELPER in signed_in_roles(session, current_site().now()):
        return redirect(url_for("tablets.helper"), 303)
    status, typed, notice = session.pop(_WAITING, (200, "", ""))
    return page("start", status, typed=typed, notice=notice)


@blueprint.post("/start")
@open_to(Audience.PUBLIC)
def start() -> Response | tuple[str, int]:
    """Open what the words or the link lead to; one kind page for everything else.

    Whatever comes of it, the answer is the way to a page: a browser keeps what was typed into a
    form that was answered with a page itself, so as to be able to show that page again.
    """
    typed = request.form.get("words", "")[:_LONGEST_CODE]
    if not typed.strip():
        return go_on(url_for("answering.front"))
    if minutes := minutes_to_wait():
        return _start_again_later(429, typed, _take_a_break(minutes))
    try:
        begin_in_turn(code_in(typed))
    except NothingOpen:
        note_wrong_try()
        return go_on(url_for("answering.not_open"))
    except NotYourTurn:
        return _start_again_later(429, typed, _take_a_break())
    except TooManyAtOnce:
        return _start_again_later(503, typed, _many_are_starting())
    return go_on(url_for("answering.welcome"))


@blueprint.get("/not-open")
@open_to(Audience.PUBLIC)
def not_open() -> tuple[str, int]:
    """For words that opened nothing, whatever the reason."""
    return page("not_open", 404)


def _start_again_later(status: int, typed: str, notice: str) -> Response:
    """The front door with what was typed still in its box, so that one press is enough later."""
    session[_WAITING] = (status, typed, notice)  # in the sealed cookie, until the door is shown
    return go_on(url_for("answering.front"))


def _many_are_starting() -> str:
    return gettext("Many people are starting right now. Wait a little, then press Start again.")


def _take_a_break(minutes: int = 0) -> str:
    sentences = [
        gettext("You have done nothing wrong. The person who gave you the words can help."),
        gettext("Wait a little, then press Start again."),
    ]
    if minutes:
        sentences.append(gettext("Minutes to wait: %(minutes)s.", minutes=minutes))
    return " ".join(sentences)


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
    wave = _wave_of_visitor()
    return page(
        "privacy",
        back=answering_back(),
        single_custodian=current_site().single_custodian or bool(wave and wave.single_custodian),
        kept=kept_words(current_site(), wave) if wave else "",
    )


@blueprint.get("/accessibility")
@open_to(Audience.PUBLIC)
def accessibility() -> str:
    """What was tested for accessibility and what was not, and whom to tell of a fault."""
    found, dress = statement(), dress_of_request()
    own = all(gettext(text) != text for text in found.texts)  # else all of it is in English
    with force_locale(dress.language if own else "en"):
        day = format_date(found.tested_on, "d MMMM y")
        words = Markup(render_template("accessibility_words.html", statement=found, day=day))  # noqa: S704 - a finished template
    return render_template(
        "accessibility.html",
        words=words,
        language=dress.tag if own else "en",
        direction=dress.direction if own else "ltr",
        back=answering_back(),
    )


def _wave_of_visitor() -> Wave | None:
    """The wave being answered; None for somebody who is not answering."""
    with suppress(Hidden, NothingOpen, SittingOver):
        return current_run().wave
    return None


@blueprint.get("/away")
@open_to(Audience.PUBLIC)
def away() -> tuple[str, int]:
    """A calm page that says nothing about what was open before."""
    return page("away", watched=is_watched(session))


@blueprint.get("/answer/ended")
@open_to(Audience.PUBLIC)
def session_ended() -> Response | tuple[str, int]:
    """For somebody whose sitting has ended, or who has sent their answers."""
    if "access" in session or "done" in session:
        return redirect(answering_back(), 303)
    return page("errors/419")


@blueprint.get("/answer/thanks")
@open_to(Audience.PUBLIC)
def thanks() -> Response | tuple[str, int]:
    """Thank you, what happens next, and people to call; only for somebody who has sent."""
    if not session.get("done"):
        return redirect(answering_back(), 303)
    return page("thanks", lines=lines())


@blueprint.post("/answer/give-back")
@open_to(Audience.PUBLIC)
def give_back() -> Response:
    """Leave nothing of this respondent on the device, and open the door for the next."""
    watched = is_watched(session)
    close()
    door = "tablets.ready" if watched else "answering.front"
    return leaving_no_page(redirect(url_for(door), 303))
