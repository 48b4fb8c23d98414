"""The desk where papers are typed in: the code, one long page, a look at it all, and Send.

In: a signed-in member of staff and a paper in front of them. Out: one sealed response marked as
paper. Who typed it, and when, is written nowhere; answers given on a screen before are never shown.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from questionnaires.model import Questionnaire
from surveys.answering.forms import Fault, Given
from surveys.answering.onward import leaving_no_page
from surveys.answering.sitting import access_for
from surveys.answering.tries import minutes_to_wait, note_wrong_try
from surveys.audiences import Audience, open_to
from surveys.invitations.codes import TooManyAtOnce, code_in
from surveys.paper.layout import Part, items, layout
from surveys.paper.printing import mark_of, said
from surveys.paper.sheets import (
    NothingThere,
    OpenSheet,
    UsedElsewhere,
    keep_typed,
    open_sheet,
    send_typed,
    sheet_from,
)
from surveys.paper.typed import UNREADABLE, given_again, prefix_of, read_typed, to_check
from surveys.site import current_site
from surveys.vault.public_keys import KeysUnfit

log = logging.getLogger("heard")
blueprint = Blueprint(
    "paper_entry", __name__, url_prefix="/paper/entry", template_folder="../templates"
)

Page = str | Response | tuple[str, int]
_LONGEST_CODE = 200
_LARGEST_FORM = 5 * 1024 * 1024  # a million of anything in one box comes back with kind words
_TRIES = ("tries", "next_try")


@blueprint.url_value_preprocessor
def allow_a_long_form(endpoint: str | None, values: object) -> None:
    """A whole paper comes at once here, where a screen sends one answer at a time."""
    request.max_content_length = request.max_form_memory_size = _LARGEST_FORM


@blueprint.get("/")
@open_to(Audience.DATA_ENTRY)
def start() -> Page:
    """What to keep to, and the code of the next paper."""
    return _start_page()


@blueprint.post("/")
@open_to(Audience.DATA_ENTRY)
def open_paper() -> Page:
    """The empty form of the paper whose code was typed or scanned."""
    typed = request.form.get("words", "")[:_LONGEST_CODE]
    if not typed.strip():
        return _start_page(gettext("Type the five words of the paper, or scan its code.")), 422
    if minutes := minutes_to_wait():
        trouble = gettext("Too many tries. Minutes to wait: %(minutes)s.", minutes=minutes)
        return _start_page(trouble, typed), 429
    try:
        access = access_for(code_in(typed), current_site())
        if access is None:
            raise NothingThere
        opened = open_sheet(current_site(), access, inside=False)
    except TooManyAtOnce:
        trouble = gettext("Many are starting right now. Wait a little, then try again.")
        return _start_page(trouble, typed), 503
    except NothingThere:
        note_wrong_try()
        return _start_page(_opens_nothing(), typed), 404
    for key in _TRIES:  # a day of typing has its slips; they do not add up
        session.pop(key, None)
    return _form_page(opened)


@blueprint.post("/version")
@open_to(Audience.DATA_ENTRY)
def another_version() -> Page:
    """The empty form of another version of the same survey: as the top of the paper says."""
    opened = _opened()
    return _form_page(opened, _version_of(opened), {})


@blueprint.post("/change")
@open_to(Audience.DATA_ENTRY)
def change() -> Page:
    """Back to the form with what was typed here. What came from elsewhere is not shown."""
    return _form_page(_opened())


@blueprint.post("/check")
@open_to(Audience.DATA_ENTRY)
def check() -> Page:
    """Keep what was typed, and show it once more beside what should be looked at."""
    opened, sheet = _opened(), sheet_from(request.form.get("paper", ""))
    version = _version_of(opened)
    parts = layout(version, said)
    typed = read_typed(items(parts))
    if typed.faults:
        return _form_page(opened, version, typed.given, typed.faults), 422
    elsewhere = sheet.sitting != opened.draft.sitting
    if elsewhere or (opened.has_earlier_answers and "replace" not in request.form):
        return _form_page(opened, version, typed.given, elsewhere=elsewhere, asked=True), 422
    try:
        kept = keep_typed(current_site(), opened.sheet, version, typed.answers)
    except UsedElsewhere:  # between two lines of this function
        return _form_page(_opened(), version, typed.given, elsewhere=True, asked=True), 422
    found = to_check(version, items(parts), typed.answers)
    return render_template("paper/check.html", paper=kept.text, found=found, version=version)


@blueprint.post("/send")
@open_to(Audience.DATA_ENTRY)
def send() -> Response:
    """Seal it and hand it in; then nothing of it is left in this browser."""
    send_typed(current_site(), sheet_from(request.form.get("paper", "")))
    return leaving_no_page(redirect(url_for("paper_entry.sent"), 303))


@blueprint.get("/sent")
@open_to(Audience.DATA_ENTRY)
def sent() -> str:
    """What to do with the paper now."""
    return render_template("paper/sent.html")


@blueprint.errorhandler(NothingThere)
def nothing_there(error: NothingThere) -> Page:
    """The slot was filled from elsewhere meanwhile, or the survey has closed."""
    return _start_page(_opens_nothing()), 404


@blueprint.errorhandler(UsedElsewhere)
def used_elsewhere(error: UsedElsewhere) -> Page:
    """An old page: what it showed is no longer what lies in the slot."""
    trouble = gettext(
        "This paper’s code was used since, in another window or on a screen, and may have been "
        "sent from there. Nothing was sent from here. Keep the paper, and type its code again."
    )
    return _start_page(trouble), 409


@blueprint.errorhandler(KeysUnfit)
def keys_unfit(error: KeysUnfit) -> Page:
    """Nothing may be typed that could not be sealed; the log says why."""
    log.error("%s", error)
    trouble = gettext("Answers cannot be sealed just now. Tell the people who run this site.")
    return _start_page(trouble), 503


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Page:
    """More than a million letters: nobody's paper."""
    trouble = gettext(
        "That was far more than a paper can hold, so nothing of it was kept. Type its code again."
    )
    return _start_page(trouble), 413


def _opened() -> OpenSheet:
    sheet = sheet_from(request.form.get("paper", ""))
    return open_sheet(current_site(), sheet.access, inside=True)


def _version_of(opened: OpenSheet) -> Questionnaire:
    """The version that the form names, else the one that the code was made for."""
    versions = current_site().surveys[opened.wave.survey].questionnaires
    wanted = request.form.get("version", opened.draft.audience)
    return next((each for each in versions if each.audience == wanted), versions[0])


def _opens_nothing() -> str:
    return gettext(
        "That code opens nothing just now: a word may be spelt in another way, the answers may "
        "have been sent, on paper or on a screen, or the survey is not open."
    )


def _start_page(trouble: str = "", typed: str = "") -> str:
    return render_template("paper/entry.html", trouble=trouble, typed=typed)


def _form_page(
    opened: OpenSheet,
    version: Questionnaire | None = None,
    given: Mapping[str, Given] | None = None,
    faults: Mapping[str, Fault] | None = None,
    *,
    elsewhere: bool = False,
    asked: bool = False,
) -> str:
    survey = current_site().surveys[opened.wave.survey]
    version = version or survey.version(opened.draft.audience)
    parts: tuple[Part, ...] = layout(version, said)
    again = given is None and opened.is_ours
    if given is None:
        given = given_again(opened.draft.answers) if opened.is_ours else {}
    return render_template(
        "paper/type.html",
        paper=opened.sheet.text,
        version=version,
        versions=survey.questionnaires,
        mark=mark_of(survey, version),
        parts=parts,
        given=given,
        faults=faults or {},
        faulty=[item for item in items(parts) if item.question.id in (faults or {})],
        again=again,
        to_replace=opened.has_earlier_answers,
        elsewhere=elsewhere,
        asked=asked,
        prefix_of=prefix_of,
        unreadable=UNREADABLE,
        nothing=Given(),
    )
