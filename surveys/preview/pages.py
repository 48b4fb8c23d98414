"""The preview: every page of every version in every look, for those who work on the words.

In: the questionnaires of the site, and what an address says of the look. Out: the very pages that
respondents meet, made by the same code from the same templates. Nothing here reads a slot, and
nothing writes: the answers are made up, and every button leads back into the preview.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, g, render_template, request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from questionnaires.conditions import in_words
from questionnaires.duration import duration_of
from questionnaires.model import Page, Questionnaire, QuestionType, Survey
from surveys.answering import asking
from surveys.answering.forms import Fault, nothing_given, nothing_given_in_some
from surveys.answering.look import dress_of_request
from surveys.answering.onward import go_on, page
from surveys.answering.run import Run
from surveys.answering.versions import other_version
from surveys.answering.window import kept_words, until_words
from surveys.audiences import Audience, open_to
from surveys.preview.addresses import WELCOME, Place, address_for
from surveys.preview.fabricated import run_at
from surveys.preview.looks import Look, choices, languages_of, look_from
from surveys.site import current_site

blueprint = Blueprint("preview", __name__, url_prefix="/preview", template_folder="../templates")

_BODY = "<body>"


@blueprint.context_processor
def _addresses() -> dict[str, object]:
    return {"url_for": address_for}


@blueprint.get("/")
@open_to(Audience.COORDINATOR)
def index() -> str:
    """Every version of every survey, and how long it takes."""
    surveys = current_site().surveys.values()
    durations = {one.id: duration_of(one) for survey in surveys for one in survey.questionnaires}
    return render_template("preview/index.html", surveys=surveys, durations=durations)


@blueprint.get("/<survey>/<audience>/")
@open_to(Audience.COORDINATOR)
def version(survey: str, audience: str) -> str:
    """Every page of one version in one look, and every other look."""
    found, questionnaire, look = _found(survey, audience)
    languages = languages_of(found)
    return render_template(
        "preview/version.html",
        survey=found,
        questionnaire=questionnaire,
        place=Place(survey, audience, WELCOME, look),
        look=look,
        spoken=languages[look.language],
        choices=list(choices(look, questionnaire, languages)),
        conditions={one.id: in_words(one.when) for one in questionnaire.pages if one.when},
    )


@blueprint.get("/<survey>/<audience>/welcome")
@open_to(Audience.COORDINATOR)
def welcome(survey: str, audience: str) -> str:
    """What respondents read before the first question."""
    found, questionnaire, look = _found(survey, audience)
    run = run_at(found, questionnaire, None, answered=False, wide=False)

    def drawn() -> tuple[str, int]:
        return page(
            "welcome",
            questionnaire=questionnaire,
            questions=len(questionnaire.questions),
            resuming=False,
            until=until_words(run.wave),
            kept=kept_words(current_site(), run.wave),
            other_version=other_version(run),
            single_custodian=run.wave.single_custodian,
        )

    return _shown(found, questionnaire, Place(survey, audience, WELCOME, look), drawn)


@blueprint.get("/<survey>/<audience>/page/<name>")
@open_to(Audience.COORDINATOR)
def one_page(survey: str, audience: str, name: str) -> str:
    """One page, as a respondent would meet it."""
    found, questionnaire, look = _found(survey, audience)
    asked = _page_called(questionnaire, name)
    run = run_at(
        found,
        questionnaire,
        asked,
        answered=look.state == "answered",
        wide=look.screen == "wide",
    )
    step = run.step_of(name)
    if step is None:
        abort(404)

    def drawn() -> tuple[str, int]:
        faults = _faults(run, step) if look.state == "missed" else {}
        return asking.show(run, step, asking.stored(run, step), faults)

    return _shown(found, questionnaire, Place(survey, audience, name, look), drawn)


@blueprint.post("/<survey>/<audience>/press/<name>")
@open_to(Audience.COORDINATOR)
def press(survey: str, audience: str, name: str) -> Response:
    """Follow a button of a previewed page. Whatever the form holds is thrown away."""
    found, questionnaire, look = _found(survey, audience)
    place = Place(survey, audience, name, look)
    other = look.with_pressed(request.form, languages_of(found))
    if other != look:
        return go_on(Place(survey, audience, name, other).address)
    pressed = request.form.get("go", "next")
    if pressed not in ("next", "skip", "back"):
        return go_on(place.nothing_address)
    before, after = _beside(questionnaire, place)
    onward = before if pressed == "back" else after
    return go_on(onward.address if onward else place.list_address)


@blueprint.route("/<survey>/<audience>/nothing/<name>", methods=["GET", "POST"])
@open_to(Audience.COORDINATOR)
def nothing(survey: str, audience: str, name: str) -> Response | str:
    """What stands behind every other button: that this is a preview, and the way back."""
    _, _, look = _found(survey, audience)
    place = Place(survey, audience, name, look)
    if request.method == "POST":
        return go_on(place.nothing_address)
    return render_template("preview/nothing.html", place=place)


@blueprint.errorhandler(404)
def _no_such_page(error: Exception) -> tuple[str, int]:
    return render_template("errors/404.html", code=404), 404


def _found(survey: str, audience: str) -> tuple[Survey, Questionnaire, Look]:
    found = current_site().surveys.get(survey)
    if found is None or audience not in {one.audience for one in found.questionnaires}:
        abort(404)
    return found, found.version(audience), look_from(request.args, languages_of(found))


def _page_called(questionnaire: Questionnaire, name: str) -> Page:
    for known in questionnaire.pages:
        if known.id == name:
            return known
    abort(404)


def _faults(run: Run, step: int) -> dict[str, Fault]:
    """What is said when Next was pressed with nothing picked; a text may be left empty."""
    screen = [run.pages[place - 1] for place in run.screen(step)]
    asked = [one.question for one in screen if one.question]
    if len(asked) > 1:
        return {question.id: nothing_given_in_some() for question in asked}
    minded = (question for question in asked if question.type is not QuestionType.TEXT)
    return {question.id: nothing_given(question) for question in minded}


def _shown(
    survey: Survey, questionnaire: Questionnaire, place: Place, draw: Callable[[], tuple[str, int]]
) -> str:
    """The real page, with a bar above it that belongs to the preview."""
    languages = languages_of(survey)
    g.dress = place.look.dressed(dress_of_request(), questionnaire, languages)
    g.previewed = place
    with force_locale(place.look.language):
        drawn, _ = draw()
    g.pop("previewed")
    before, after = _beside(questionnaire, place)
    names = [WELCOME, *(known.id for known in questionnaire.pages)]
    when = next((one.when for one in questionnaire.pages if one.id == place.name), None)
    bar = render_template(
        "preview/bar.html",
        place=place,
        before=before,
        after=after,
        number=names.index(place.name),
        total=len(names) - 1,
        when=in_words(when) if when else "",
        spoken=languages[place.look.language],
    )
    return drawn.replace(_BODY, f"{_BODY}\n{bar}", 1)


def _beside(questionnaire: Questionnaire, place: Place) -> tuple[Place | None, Place | None]:
    """The pages before and after, in the order of the file whatever the routing."""
    names = [WELCOME, *_first_of_each_screen(questionnaire, place.look)]
    here = names.index(_screen_of(questionnaire, place))
    around = (names[here - 1] if here else None, names[here + 1] if here + 1 < len(names) else None)
    before, after = (
        Place(place.survey, place.audience, name, place.look) if name else None for name in around
    )
    return before, after


def _first_of_each_screen(questionnaire: Questionnaire, look: Look) -> list[str]:
    names: list[str] = []
    last: Page | None = None
    for known in questionnaire.pages:
        together = last is not None and known.battery is not None and known.battery == last.battery
        if not (together and look.screen == "wide"):
            names.append(known.id)
        last = known
    return names


def _screen_of(questionnaire: Questionnaire, place: Place) -> str:
    """The first page of the screen that a page is shown on."""
    names = _first_of_each_screen(questionnaire, place.look)
    if place.name == WELCOME or place.name in names:
        return place.name
    battery = _page_called(questionnaire, place.name).battery
    return next(known.id for known in questionnaire.pages if known.battery == battery)
