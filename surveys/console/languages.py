"""The coordinator's pages on languages: which are complete, checked, offered; and the acts on them.

In: a survey and a language from the address, and forms. Out: pages, and acts with who and why. What
respondents see changes at their next sitting, never inside one.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from questionnaires.model import Survey
from surveys.audiences import Audience, open_to
from surveys.languages import NAMES, direction_of, name_in
from surveys.site import current_site
from surveys.speaking.acts import (
    CannotDo,
    accept_draft,
    offer_of,
    record_check,
    standing_of,
    stop_offering,
)
from surveys.speaking.approvals import LONGEST_PERSON, LONGEST_REASON
from surveys.speaking.catalogues import Lack
from surveys.speaking.offer import Standing
from surveys.speaking.sheet import sheet_of
from surveys.speaking.texts import sheet_code
from surveys.staff.sign_in import signed_in_name

blueprint = Blueprint(
    "languages", __name__, url_prefix="/coordinator/languages", template_folder="../templates"
)

Page = str | Response | tuple[str, int]
_LONGEST_CODE = 20


@blueprint.app_template_filter()
def named(code: str) -> str:
    """A language's name in the language of the page."""
    return name_in(code, get_locale() or "en")


@blueprint.app_template_filter()
def own_name(code: str) -> dict[str, str]:
    """A language's name in itself, with what HTML needs to show it."""
    tag = code.replace("_", "-")
    return {"name": NAMES[code], "tag": tag, "direction": direction_of(code)}


@blueprint.app_template_filter()
def lack_words(lack: Lack) -> str:
    """Why a text cannot be shown, for the person who can mend it."""
    match lack:
        case Lack.EMPTY:
            return gettext("no translation yet")
        case Lack.UNSURE:
            return gettext("marked as unsure by the translator (fuzzy)")
        case Lack.PLACES:
            return gettext("the names in brackets are not those of the English text")
        case Lack.SIGNS:
            return gettext("a per cent sign or a sign of HTML that the English text does not have")
        case Lack.UNCOMPILED:
            return gettext("translated, but not built into the site yet (make translations)")


@blueprint.get("/")
@open_to(Audience.COORDINATOR)
def overview() -> Page:
    """Every survey in every language that has a catalogue."""
    return _overview()


@blueprint.get("/<survey>/<language>")
@open_to(Audience.COORDINATOR)
def one(survey: str, language: str) -> Page:
    """One survey in one language: its standing, what is missing, and what can be done."""
    try:
        return _one(standing_of(current_site(), survey, language))
    except CannotDo as error:
        return _overview(str(error)), 404


@blueprint.get("/<survey>/<language>/sheet")
@open_to(Audience.COORDINATOR)
def sheet(survey: str, language: str) -> Page:
    """All texts side by side, for a speaker to read and sign."""
    site = current_site()
    try:
        made = sheet_of(site, standing_of(site, survey, language))
    except CannotDo as error:
        return _overview(str(error)), 404
    return render_template("console/languages_sheet.html", sheet=made)


@blueprint.post("/<survey>/<language>/check")
@open_to(Audience.COORDINATOR)
def check(survey: str, language: str) -> Page:
    """Record that a named person, who speaks the language, has checked it."""

    def act() -> Standing:
        return record_check(
            current_site(), survey, language,
            person=_typed("person"), code=_typed("code", _LONGEST_CODE), note=_typed("note"),
            who=_who(),
        )  # fmt: skip

    return _do("check", survey, language, act, gettext("Recorded: it has been checked."))


@blueprint.post("/<survey>/<language>/accept")
@open_to(Audience.COORDINATOR)
def accept(survey: str, language: str) -> Page:
    """Offer the language as a draft, knowingly, with a reason."""

    def act() -> Standing:
        return accept_draft(
            current_site(), survey, language,
            person=_who(), reason=_typed("reason"), who=_who(),
        )  # fmt: skip

    return _do("accept", survey, language, act, gettext("Recorded: you accept it as a draft."))


@blueprint.post("/<survey>/<language>/stop")
@open_to(Audience.COORDINATOR)
def stop(survey: str, language: str) -> Page:
    """Stop offering the language to anybody who has not begun."""

    def act() -> Standing:
        return stop_offering(current_site(), survey, language, reason=_typed("reason"), who=_who())

    return _do("stop", survey, language, act, gettext("Recorded: every approval is withdrawn."))


def _do(form: str, survey: str, language: str, act: Callable[[], Standing], done: str) -> Page:
    try:
        act()
    except CannotDo as error:
        return _refused(form, survey, language, error)
    flash(done)
    return redirect(url_for("languages.one", survey=survey, language=language), 303)


def _refused(form: str, survey: str, language: str, error: CannotDo) -> Page:
    """The same page with what was typed and what to do; nothing has changed."""
    try:
        standing = standing_of(current_site(), survey, language)
    except CannotDo:
        return _overview(str(error)), 404
    typed = {name: _typed(name) for name in ("person", "code", "note", "reason")}
    trouble = {"form": form, "field": error.field, "words": str(error)}
    return _one(standing, trouble, typed), 422


def _one(
    standing: Standing, trouble: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> str:
    site = current_site()
    return render_template(
        "console/languages_one.html",
        survey_title=gettext(site.surveys[standing.survey].title),
        standing=standing,
        code=sheet_code(standing.wording.fingerprint),
        catalogue=standing.wording.catalogue,
        offered=offer_of(site).is_offered(standing),
        trouble=trouble or {},
        typed=typed or {},
        longest_name=LONGEST_PERSON,
        longest_reason=LONGEST_REASON,
    )


def _overview(trouble: str = "") -> str:
    site = current_site()
    offer = offer_of(site)
    return render_template(
        "console/languages.html",
        surveys=[_row(survey, offer.standings(survey.id)) for survey in site.surveys.values()],
        is_offered=offer.is_offered,
        trouble=trouble,
    )


def _row(survey: Survey, standings: tuple[Standing, ...]) -> dict[str, object]:
    """A survey with the languages worth a line of their own, and those that lack texts."""
    lacking = [each for each in standings if not each.wording.complete and not each.approvals]
    return {
        "id": survey.id,
        "title": gettext(survey.title),
        "shown": [each for each in standings if each not in lacking],
        "lacking": lacking,
    }


def _typed(field: str, longest: int = 4 * LONGEST_REASON) -> str:
    return request.form.get(field, "")[:longest]


def _who() -> str:
    return signed_in_name(session, current_site().now())
