"""Stopping mail: a page with one button, for whoever holds the link in a mail. No code is asked.

In: the token of a mail. Out: an address that gets no more mail. Opening the page changes nothing,
so programs that open every link stop nobody's mail; a mail program's own button posts (RFC 8058).
A token is sealed, so nobody can make one; whether it is whole says nothing of anybody. A link that
a mail program cut is told so: nobody shall believe that mail has stopped when it has not.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup

from surveys.audiences import Audience, open_to
from surveys.invitations.outbox.keys import hash_in_token, outbox_keys
from surveys.invitations.outbox.mails import STOP_PATH
from surveys.invitations.outbox.opt_outs import keep_out
from surveys.languages import NAMES, direction_of
from surveys.site import current_site

Shown = tuple[str, int]
blueprint = Blueprint("outbox", __name__, template_folder="../../templates", url_prefix=STOP_PATH)


@blueprint.record
def post_without_a_form(state: BlueprintSetupState) -> None:
    """A mail program posts without having opened the page; the token says all that is needed."""
    state.app.extensions["csrf"].exempt(stop_mail)


@blueprint.get("/<token>")
@open_to(Audience.PUBLIC)
def ask(token: str) -> Shown:
    """The button. The page is the same for every token of this site, before and after."""
    return _page("ask" if _hash_in(token) else "broken", action=request.full_path.rstrip("?"))


@blueprint.post("/<token>")
@open_to(Audience.PUBLIC)
def stop_mail(token: str) -> Shown:
    """No more mail to the address that the token is for. Nobody is sent on: RFC 8058, 3.1."""
    site, address_hash = current_site(), _hash_in(token)
    if address_hash is None:
        return _page("broken")
    keep_out(site.engine, address_hash, site.now().date(), site.retention.opt_outs_months)
    return _page("done")


def _hash_in(token: str) -> bytes | None:
    return hash_in_token(outbox_keys(current_site().storage_key), token)


def _page(state: str, action: str = "") -> Shown:
    """The page in the language of the mail, or of the visitor; all in English if that lacks it."""
    asked = request.args.get("language", "")
    language = asked if asked in NAMES else str(get_locale() or "en")
    own = language if _is_whole(language) else "en"
    shown = {"state": state, "action": action, "months": current_site().retention.opt_outs_months}
    with force_locale(own):
        words = Markup(render_template("outbox/stop_words.html", **shown))  # noqa: S704 - a finished template
    tongue = {"language": own.replace("_", "-"), "direction": direction_of(own)}
    page = render_template("outbox/stop.html", words=words, state=state, **tongue)
    return page, 404 if state == "broken" else 200


def _is_whole(language: str) -> bool:
    return all(text != own for text, own in zip(_said("en"), _said(language), strict=True))


def _said(language: str) -> tuple[str, ...]:
    """Every text of both pages, as a language says it."""
    with force_locale(language):
        return (
            gettext("Stop these e-mails?"),
            gettext(
                "If you press the button, we send no more e-mails about surveys to the address you "
                "had this from."
            ),
            gettext("Stop these e-mails"),
            gettext(
                "If you have not answered yet, the link in the e-mail still works until the "
                "questions close."
            ),
            gettext("The e-mails have stopped"),
            gettext(
                "We send no more e-mails about surveys to the address you had this from. We "
                "remember this for %(months)s months."
            ),
            gettext("To get e-mails again, tell %(authority)s."),
            gettext("This link is not whole"),
            gettext(
                "The e-mails have not been stopped. Copy the whole link from the e-mail, or tell "
                "%(authority)s."
            ),
        )
