"""The inbox of the safeguarding lead and the deputy. Messages open in their own browser alone.

In: presses of buttons, and notes that were sealed before they came here. Out: a list by day and
state, and sealed bytes for whoever holds a key. Nothing in this process could read either.
"""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import date

from flask import Blueprint, abort, jsonify, redirect, render_template, request, session, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from surveys.audiences import Audience, open_to
from surveys.audit.log import audit_log_of, record
from surveys.contact.keys import SafeguardingKeys, as_written, load_keys
from surveys.contact.message import BOUND, LONGEST_NOTE, Part, header_for
from surveys.contact.requests import (
    State,
    Step,
    all_requests,
    has_request,
    mark_done,
    mark_seen,
    sealed_request,
)
from surveys.kiosk.assets import INBOX_BUNDLE
from surveys.site import current_site
from surveys.staff.sign_in import signed_in_name
from surveys.vault.envelope import CannotOpen, Purpose, take_apart
from surveys.vault.public_keys import KeysUnfit
from surveys.vault.sealing import seal

log = logging.getLogger("heard")

blueprint = Blueprint(
    "contact", __name__, url_prefix="/safeguarding", template_folder="../templates"
)

_ID_LENGTH = 16


@blueprint.app_template_filter()
def day_words(day: date) -> str:
    """A day in the language of the page."""
    return format_date(day, "EEEE d MMMM y")


@blueprint.get("/")
@open_to(Audience.SAFEGUARDING)
def inbox() -> str:
    """Every message by day and state, and the public keys that notes are sealed to."""
    found = all_requests(current_site().engine)
    return render_template(
        "contact/inbox.html",
        groups=[(state, [one for one in found if one.state is state]) for state in State],
        steps=Step,
        keys=_keys_for_page(),
        unfit=_keys_are_unfit(),
        bounds={"padded": BOUND, "note": LONGEST_NOTE},
        built=INBOX_BUNDLE.is_file(),
        delete_after=current_site().contact.delete_after_days,
    )


@blueprint.post("/<message>/open")
@open_to(Audience.SAFEGUARDING)
def hand_out(message: str) -> Response:
    """The sealed bytes of one message, once the opening is in the audit log."""
    request_id = _id(message)
    sealed = sealed_request(current_site().engine, request_id)
    if sealed is None:
        abort(404)
    _write_down("contact_opened", request_id)
    return jsonify(message=_as_text(sealed.message), note=_as_text(sealed.note))


@blueprint.post("/<message>/seen")
@open_to(Audience.SAFEGUARDING)
def take_on(message: str) -> Response:
    """Somebody takes the message on: nobody further is told that it waits."""
    request_id = _id(message)
    if mark_seen(current_site().engine, request_id, _who(), current_site().now().date()):
        _write_down("contact_seen", request_id)
    return redirect(url_for("contact.inbox"), 303)


@blueprint.post("/<message>/done")
@open_to(Audience.SAFEGUARDING)
def finish(message: str) -> tuple[Response, int]:
    """Something was done, as a note says that only the two can open."""
    request_id, site = _id(message), current_site()
    try:
        note = _fit_note(request_id)
    except KeysUnfit as error:
        log.error("a note on what was done could not be kept: %s", error)
        return jsonify(kept=False), 424  # the page says why, and keeps the note
    if note is None:
        return jsonify(kept=False), 422
    if not mark_done(site.engine, request_id, _who(), site.now().date(), note):
        return jsonify(kept=False), 409  # the other one was quicker; this note stays on the page
    _write_down("contact_done", request_id)
    return jsonify(kept=True), 200


def _fit_note(request_id: bytes) -> bytes | None:
    """The note that was sent, when it is what the page seals: for both, and of the one length.

    Raises KeysUnfit when nobody can tell, because the site's own keys cannot be read.
    """
    keys = load_keys(current_site().public_keys)
    try:
        note = base64.b64decode(request.form.get("note", ""), validate=True)
        envelope = take_apart(note)
    except (binascii.Error, CannotOpen):
        return None
    header = header_for(request_id, Part.NOTE)
    if keys is None or envelope.key_ids != keys.ids or envelope.header.fields != header:
        return None
    fits = envelope.header.purpose is Purpose.CONTACT
    return note if fits and len(note) == len(seal(b"", keys.both, header, BOUND)) else None


def _keys_are_unfit() -> bool:
    """Whether there are keys that cannot be used, which is not the same as none."""
    try:
        load_keys(current_site().public_keys)
    except KeysUnfit:
        return True
    return False


def _keys_for_page() -> dict[str, object] | None:
    """What the page seals notes to; None where there are no keys, or none that fit."""
    try:
        keys: SafeguardingKeys | None = load_keys(current_site().public_keys)
    except KeysUnfit:
        return None
    return {"recipients": [as_written(key) for key in keys.both]} if keys else None


def _id(text: str) -> bytes:
    """The id in an address; 404 when it names nothing."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        abort(404)
    if len(found) != _ID_LENGTH or not has_request(current_site().engine, found):
        abort(404)
    return found


def _as_text(sealed: bytes | None) -> str | None:
    return None if sealed is None else base64.b64encode(sealed).decode()


def _who() -> str:
    return signed_in_name(session, current_site().now())


def _write_down(what: str, request_id: bytes) -> None:
    site = current_site()
    about = {"message": request_id.hex()[:8]}
    record(audit_log_of(site), site.now().date(), _who(), what, about)
