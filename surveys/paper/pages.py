"""The coordinator's pages: every form there is to print, and the form itself.

In: nothing but the address. Out: a list of versions and languages, or a blank form that the browser
prints. Forms with codes are made on the command line alone, where the codes are.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask_babel import gettext

from questionnaires.model import Questionnaire, Survey
from surveys.audiences import Audience, open_to
from surveys.languages import NAMES
from surveys.paper.printing import form_page, mark_of
from surveys.site import Site, current_site
from surveys.speaking.offer import marked

blueprint = Blueprint("paper", __name__, url_prefix="/paper", template_folder="../templates")


@dataclass(frozen=True)
class Printable:
    """One version of a survey, and the languages that it can be printed in."""

    survey: Survey
    version: Questionnaire
    mark: str
    languages: tuple[tuple[str, str, bool], ...]


@blueprint.get("/")
@open_to(Audience.COORDINATOR)
def forms() -> str:
    """Every version of every survey, with a form in each language it is offered in."""
    site = current_site()
    listed = [
        Printable(survey, version, mark_of(survey, version), _languages(site, survey))
        for survey in site.surveys.values()
        for version in survey.questionnaires
    ]
    unchecked = [line.name for line in site.support_lines if not line.checked_on]
    return render_template("paper/forms.html", forms=listed, unchecked=unchecked)


@blueprint.get("/<survey>/<version>/<language>")
@open_to(Audience.COORDINATOR)
def form(survey: str, version: str, language: str) -> str:
    """A blank form; 404 for a version or a language that is not offered."""
    site = current_site()
    found = site.surveys.get(survey)
    if found is None or language not in (code for code, _, _ in _languages(site, found)):
        abort(404)
    wanted = next((each for each in found.questionnaires if each.audience == version), None)
    if wanted is None:
        abort(404)
    notice = gettext("Print this page with your browser, on A4 paper. This line is not printed.")
    return form_page(site, found, wanted, language, notice=notice)


def _languages(site: Site, survey: Survey) -> tuple[tuple[str, str, bool], ...]:
    """Codes, names, and whether each is marked as a draft."""
    offered = marked(site.languages, survey.id) or {"en": False}
    return tuple((code, NAMES.get(code, code), draft) for code, draft in offered.items())
