"""Offline tablets: a page that works without a network, preparing it, taking in what it sends.

In: a coordinator's choice of wave and places; later, sealed responses with the tokens of places,
and sealed messages with those of slips. Out: a page and its parts, one pack per tablet, slots
filled, messages kept. Delivering needs no session: the token is what lets it in, and admission has
looked at where the request comes from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Response, jsonify, render_template, request, session
from flask.blueprints import BlueprintSetupState
from flask_babel import force_locale, gettext

from surveys.audiences import Audience, open_to
from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.contact.requests import NotKept
from surveys.contact.telling import tell_soon
from surveys.kiosk.blueprint import PREPARERS, blueprint
from surveys.kiosk.delivering import Outcome, take_in
from surveys.kiosk.messages import take_in_message
from surveys.kiosk.offering import Offer, offer_for, offers
from surveys.kiosk.packing import pack_for
from surveys.kiosk.places import MOST_PLACES, make_places
from surveys.kiosk.rendering import dress_for
from surveys.kiosk.shell import PAGE, is_built, worker_script
from surveys.languages import NAMES
from surveys.site import Site, current_site
from surveys.speaking.offer import marked
from surveys.staff.sign_in import signed_in_name
from surveys.vault.public_keys import KeysUnfit, load_wave_keys

log = logging.getLogger("heard")

_STATUS = {
    Outcome.TAKEN: 200,
    Outcome.ALREADY: 200,
    Outcome.USED: 409,
    Outcome.OVER: 410,
    Outcome.MALFORMED: 400,
}
_SEALED_TYPE = "application/octet-stream"


@blueprint.record_once
def deliver_without_a_form(state: BlueprintSetupState) -> None:
    """A delivery carries a token of its own, and no session that another site could misuse."""
    for delivered in (deliver, deliver_message):
        state.app.extensions["csrf"].exempt(delivered)


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def tablet() -> str:
    """The page that works offline: the same for everybody, with nothing in it of any survey."""
    return _tablet_page()


@blueprint.get("/worker.js")
@open_to(Audience.PUBLIC)
def worker() -> Response:
    """The service worker, here because it may only serve pages below its own address."""
    return Response(worker_script(_tablet_page()), mimetype="text/javascript")


@blueprint.get("/manifest.webmanifest")
@open_to(Audience.PUBLIC)
def manifest() -> Response:
    """What a tablet needs to know to put the page on its Home Screen."""
    icon = {"src": "/static/icons/heard.svg", "type": "image/svg+xml", "sizes": "any"}
    values = {
        "name": "Heard",
        "short_name": "Heard",
        "start_url": PAGE,
        "scope": PAGE,
        "display": "standalone",
        "background_color": "#fff8ec",
        "theme_color": "#fff8ec",
        "icons": [icon],
    }
    response = jsonify(values)
    response.mimetype = "application/manifest+json"
    return response


@blueprint.get("/prepare")
@open_to(*PREPARERS)
def prepare() -> str:
    """Choose what this tablet takes along."""
    site = current_site()
    offered = offers(site)
    names = {
        code: (NAMES.get(code, code), mark)
        for offer in offered
        for code, mark in marked(site.languages, offer.wave.survey).items()
    }
    return render_template(
        "kiosk/prepare.html",
        offers=offered,
        names=names,
        built=is_built(),
        most=MOST_PLACES,
    )


@blueprint.post("/pack")
@open_to(*PREPARERS)
def pack() -> tuple[Response, int]:
    """Make places and hand out the pack, this once. Whoever prepares is then logged out here,
    since a child will hold this tablet next.
    """
    site = current_site()
    offer = offer_for(site, request.form.get("wave", ""))
    if offer is None:
        return _refused(gettext("This survey is not open. Load the page again."))
    places = _number(request.form.get("places", ""))
    versions = offer.fitting(frozenset(request.form.getlist("version")))
    if places is None or not versions:
        return _refused(_what_is_missing(places))
    try:
        keys = load_wave_keys(site.public_keys, offer.wave.id)
    except KeysUnfit:
        return _refused(gettext("The survey has no keys yet, so nothing can be sealed for it."))
    languages = tuple(code for code in request.form.getlist("language") if code in offer.languages)
    made = pack_for(site, offer, versions, languages, keys)
    made["places"] = [
        token.hex() for token in make_places(site, offer.wave, versions[0].audience, places)
    ]
    _write_down(offer, places)
    session.clear()
    return jsonify(made), 200


@blueprint.post("/deliver")
@open_to(Audience.PUBLIC)
def deliver() -> tuple[Response, int]:
    """One sealed response: 16 bytes of token, then the envelope, and nothing else."""
    return _taken_by(take_in)


@blueprint.post("/message")
@open_to(Audience.PUBLIC)
def deliver_message() -> tuple[Response, int]:
    """One sealed message: 16 bytes of a slip's token, then the envelope, and nothing else."""
    return _taken_by(_take_and_tell)


def _take_and_tell(site: Site, body: bytes) -> Outcome:
    outcome = take_in_message(site, body)
    if outcome is Outcome.TAKEN:
        tell_soon(site)
    return outcome


def _taken_by(take: Callable[[Site, bytes], Outcome]) -> tuple[Response, int]:
    if request.mimetype != _SEALED_TYPE or request.content_length is None:
        return jsonify(outcome=Outcome.MALFORMED.value), 415
    try:
        outcome = take(current_site(), request.get_data(cache=False))
    except (KeysUnfit, NotKept) as error:
        log.error("a delivery of a tablet could not be taken", exc_info=error)
        return jsonify(outcome="later"), 503
    return jsonify(outcome=outcome.value), _STATUS[outcome]


def _tablet_page() -> str:
    with force_locale("en"):  # the helper's words; what a child meets comes with the pack
        return render_template(
            "kiosk/tablet.html", dress=dress_for("en", {"en": False}), built=is_built()
        )


def _refused(sentence: str) -> tuple[Response, int]:
    return jsonify(sentence=sentence), 422


def _number(typed: str) -> int | None:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    return number if 1 <= number <= MOST_PLACES else None


def _what_is_missing(places: int | None) -> str:
    if places is None:
        return gettext("Choose between 1 and %(most)s places.", most=MOST_PLACES)
    return gettext("Choose at least one version of the questions.")


def _write_down(offer: Offer, places: int) -> None:
    site = current_site()
    about = {"survey": offer.title, "places": str(places)}
    audit.record(
        audit_log_of(site), site.now().date(), signed_in_name(session, site.now()),
        "prepare_offline_tablet", about,
    )  # fmt: skip
