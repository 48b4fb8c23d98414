"""The page "I need to talk", which every respondent's page leads to, with a code or without.

In: three texts. Out: one sealed message, whom to ring at once, and when somebody will look. Nothing
of it is put beside the survey: no answer is touched, and the way back is kept in the cookie alone.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict

from flask import current_app, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from surveys.answering.blueprint import blueprint
from surveys.answering.hiding import hidden_away
from surveys.answering.look import change_dress
from surveys.answering.onward import answering_back, go_away, go_on, lines
from surveys.answering.sitting import close
from surveys.answering.tries import hidden_caller
from surveys.audiences import Audience, open_to
from surveys.contact.keys import SafeguardingKeys, load_keys
from surveys.contact.message import LONGEST_NAME, LONGEST_REACH, LONGEST_WORDS, Message, tidy
from surveys.contact.requests import NotKept
from surveys.contact.rules import next_look
from surveys.contact.taking import (
    TOKEN_LENGTH,
    HourlyCap,
    Outcome,
    Sender,
    take_in,
    was_taken,
)
from surveys.contact.telling import tell_full_soon, tell_soon
from surveys.site import Site, SupportLine, current_site
from surveys.vault.public_keys import KeysUnfit

log = logging.getLogger("heard")

MOST_A_DAY = 3
_CAP = "heard.contact_cap"
_JUST_SENT = "talk_sent"
_CHILDLINE = "0800 1111"
_MOST = {"name": LONGEST_NAME, "reach": LONGEST_REACH, "words": LONGEST_WORDS}
Shown = tuple[str, int]


@blueprint.record
def keep_a_cap(state: BlueprintSetupState) -> None:
    """Every app counts at its own door, its share of what the site's workers take in."""
    rules = state.app.extensions["heard"].contact
    workers = state.app.config.get("WORKERS", 1)
    state.app.extensions[_CAP] = HourlyCap(rules.most_per_hour, workers)
    # Whoever needs to talk is not turned away because their page was open for long. Admission
    # looks at where the form came from, and there is nobody's session to misuse.
    state.app.extensions["csrf"].exempt(send_talk)


@blueprint.get("/talk")
@open_to(Audience.PUBLIC)
def talk() -> Shown:
    """Ask somebody to get in touch; without keys to seal to, only whom to ring.

    Straight after sending, and then only: thank you, and when somebody will look. Whoever comes
    back to this page later sees an empty form.
    """
    if session.pop(_JUST_SENT, None):
        return _thanks()
    return _form(Message("", ""), _new_token())


@blueprint.post("/talk")
@open_to(Audience.PUBLIC)
def send_talk() -> Response | Shown:
    """Seal the message and keep it once, or give every word back; or do what else was pressed."""
    pressed = request.form.get("go", "send")
    if pressed == "leave":  # at once, whatever stands in the form
        close()
        return go_away()
    if pressed == "hide":  # once the sitting has run out there is nothing to come back to
        return hidden_away() if "access" in session else go_away()
    token = _token()
    message = Message(*(tidy(request.form.get(name, "")) for name in _MOST))
    keys = _keys()
    if change_dress(request.form) or keys is None:
        return _form(message, token)
    return _send(message, token, keys)


def _send(message: Message, token: bytes, keys: SafeguardingKeys) -> Response | Shown:
    site = current_site()
    try:
        if was_taken(site, token):  # a second press
            return _sent()
        if faults := _faults(message):
            return _form(message, token, faults=faults)
        if _sent_today() >= MOST_A_DAY:
            return _form(message, token, full=True)
        outcome = take_in(site, keys, token, message, _cap(), sender=_sender())
    except NotKept as error:
        log.error("a message could not be kept", exc_info=error)
        outcome = Outcome.FULL
    if outcome is Outcome.FULL:
        _tell_when_full(site)
        return _form(message, token, full=True)
    _count_today()
    tell_soon(site)
    return _sent()


def _tell_when_full(site: Site) -> None:
    """Once an hour the log hears a number, and the lead that somebody was turned away."""
    if count := _cap().news(site.now().timestamp()):
        log.warning("%d sent from /talk in an hour: this worker turns others away", count)
        tell_full_soon(site)


def _sent() -> Response:
    """On to the thanks by an address: a browser keeps the words of a page that it posted itself."""
    session[_JUST_SENT] = True
    return go_on(url_for("answering.talk"))


def _form(
    message: Message, token: bytes, *, faults: dict[str, str] | None = None, full: bool = False
) -> Shown:
    """The page, with whatever was written. One that cannot be sent just now keeps its words."""
    words = render_template(
        "contact/talk.html",
        message=message,
        token=token.hex(),
        most=_MOST,
        faults=faults or {},
        full=full,
        has_keys=_keys() is not None,
        back=answering_back(),
        answering="access" in session,
        lines=_lines(),
    )
    return words, 422 if faults else 429 if full else 200


def _thanks() -> Shown:
    """Exactly when somebody will look, and whom to ring until then."""
    rules = current_site().contact
    look = next_look(rules, current_site().now())
    words = render_template(
        "contact/talk_thanks.html",
        look=look,
        day=format_date(look.following, "EEEE d MMMM"),
        hours={
            "start": rules.looks_from.isoformat("minutes"),
            "end": rules.looks_until.isoformat("minutes"),
        },
        back=answering_back(),
        answering="access" in session,
        lines=_lines(),
    )
    return words, 200


def _faults(message: Message) -> dict[str, str]:
    """What is to be mended, by field, in the order of the page."""
    faults = dict.fromkeys(message.too_long, gettext("Please make this shorter."))
    missing = {
        "name": gettext("Please write what we can call you."),
        "reach": gettext("Please write how and when we can reach you."),
    }
    faults |= {name: missing[name] for name in message.missing}
    return {name: faults[name] for name in asdict(message) if name in faults}


def _keys() -> SafeguardingKeys | None:
    try:
        return load_keys(current_site().public_keys)
    except KeysUnfit as error:
        log.error("%s", error)
        return None


def _lines() -> list[SupportLine]:
    """Whom to ring: 999 and Childline before all others, whatever the hour."""
    return sorted(lines(), key=lambda line: not (line.first or line.contact == _CHILDLINE))


def _new_token() -> bytes:
    return secrets.token_bytes(TOKEN_LENGTH)


def _token() -> bytes:
    """The token of the form, by which a second press is known; a new one for a form without."""
    try:
        found = bytes.fromhex(request.form.get("once", ""))
    except ValueError:
        found = b""
    return found if len(found) == TOKEN_LENGTH else _new_token()


def _cap() -> HourlyCap:
    return current_app.extensions[_CAP]


def _sender() -> Sender:
    return Sender(hidden_caller(), sitting="access" in session or "done" in session)


def _sent_today() -> int:
    day, count = session.get("talked", ("", 0))
    return int(count) if day == current_site().now().date().isoformat() else 0


def _count_today() -> None:
    """Counted in the sealed cookie of this browser, and nowhere else."""
    session["talked"] = [current_site().now().date().isoformat(), _sent_today() + 1]
