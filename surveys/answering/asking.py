"""The questions: the welcome, one page after another, and saving what is answered.

In: a respondent's session and posted forms. Out: pages, and one durable write per answer. Whatever
button was pressed, an answer fit to be saved is saved first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import abort, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from questionnaires.model import NonAnswer, Page, QuestionType
from questionnaires.piping import Wording, wording
from questionnaires.responses import Answer
from surveys.answering.blueprint import blueprint
from surveys.answering.forms import (
    Fault,
    Given,
    entered,
    form_for,
    given_from,
    nothing_given,
    nothing_given_in_some,
    read_answer,
)
from surveys.answering.hiding import hidden_away
from surveys.answering.look import change_dress, put_on
from surveys.answering.low_answers import is_low, words_after_low
from surveys.answering.onward import go_away, go_on, lines, page, to_step
from surveys.answering.progress import progress_at
from surveys.answering.run import Run, with_answer
from surveys.answering.sitting import change_own, close, current_run, mark_seen
from surveys.answering.versions import other_version, to_version
from surveys.answering.window import kept_words, until_words
from surveys.audiences import Audience, open_to
from surveys.site import current_site


@blueprint.get("/answer/welcome")
@open_to(Audience.RESPONDENT)
def welcome() -> tuple[str, int]:
    """What this is, who will see the answers and who will not, before the first question."""
    run = current_run()
    return page(
        "welcome",
        questionnaire=run.questionnaire,
        questions=len(run.questionnaire.questions),
        resuming=bool(run.draft.answers),
        until=until_words(run.wave),
        kept=kept_words(current_site(), run.wave),
        other_version=other_version(run),
        single_custodian=run.wave.single_custodian or current_site().single_custodian,
    )


@blueprint.post("/answer/welcome")
@open_to(Audience.RESPONDENT)
def agree() -> Response:
    """Yes, I'll take part."""
    run = current_run()
    session["agreed"] = True
    # which of two buttons was there to press was decided by the width of the screen
    session["wide"] = request.form.get("screen") == "wide"
    return to_step(run.resume_step())


@blueprint.post("/answer/version")
@open_to(Audience.RESPONDENT)
def change_version() -> Response:
    """To the easy words with pictures, or back to the first version; only before any answer."""
    run = current_run()
    wanted = other_version(run)
    if wanted is not None:
        draft = change_own(lambda stored: to_version(run, stored, wanted))
        if draft.audience == wanted.audience:
            put_on(wanted.look, run.wave.survey)
    return go_on(url_for("answering.welcome"))


@blueprint.get("/answer/<int:step>")
@open_to(Audience.RESPONDENT)
def question(step: int) -> Response | tuple[str, int]:
    """One page. A step that may not be shown leads to where the respondent can go on."""
    run = current_run()
    if not session.get("agreed"):
        return go_on(url_for("answering.welcome"))
    found = run.page(step)
    if found is None or run.tucked(found):
        return to_step(run.resume_step())
    return show(run, step, stored(run, step))


@blueprint.post("/answer/<int:step>")
@open_to(Audience.RESPONDENT)
def save(step: int) -> Response | tuple[str, int]:
    """Save what the page says, then do what the pressed button says."""
    run = current_run()
    if not session.get("agreed"):
        return go_on(url_for("answering.welcome"))
    pressed = _pressed()
    places = [place for name in request.form.getlist("page") if (place := run.step_of(name))]
    if not places:  # the path has changed meanwhile: nothing to save, and nobody's fault
        return to_step(run.resume_step())
    faults: dict[str, Fault] = {}
    alone = len(places) == 1
    for place in places:
        asked = run.pages[place - 1]
        # an old form of a page that is tucked away: what was answered there stands
        answer = None if run.tucked(asked) else _answer_on(asked, pressed, alone=alone)
        if isinstance(answer, Fault):
            faults[asked.id] = answer
        elif answer is not None:
            # conditions look back only, so the page keeps its step whatever it was answered
            run = _store(run, asked.id, answer)
    return _onward(run, places[0], pressed, faults)


def _pressed() -> str:
    if change_dress(request.form):
        return "look"
    return request.form.get("go", "next")


def prefix_of(asked: Page, *, alone: bool) -> str:
    """What the names of a question's fields begin with, when it shares its page with others."""
    return "" if alone else f"{asked.id}-"


def _answer_on(asked: Page, pressed: str, *, alone: bool) -> Answer | Fault | None:
    if asked.question is None:
        return None
    if pressed == "skip" and alone:
        return NonAnswer.SKIPPED
    answer = read_answer(asked.question, prefix_of(asked, alone=alone))
    if answer is not None:
        return answer
    if pressed == "skip":
        return NonAnswer.SKIPPED
    if pressed == "next" and asked.question.type is QuestionType.TEXT:
        return NonAnswer.SKIPPED
    if pressed == "next":
        return nothing_given(asked.question) if alone else nothing_given_in_some()
    return None


def _store(run: Run, page_id: str, answer: Answer) -> Run:
    """Write one answer over whatever the draft holds by now. Raises as change_own does."""
    draft = change_own(lambda stored: with_answer(stored, page_id, answer))
    return mark_seen(replace(run, draft=draft), page_id)


def _onward(
    run: Run, step: int, pressed: str, faults: Mapping[str, Fault]
) -> Response | tuple[str, int]:
    if pressed == "leave":  # at once, whatever stands in the form
        close()
        return go_away()
    if pressed == "hide":  # at once too; what could be saved of the page is saved
        session["at"] = step
        return hidden_away()
    if faults:
        return show(run, step, _entered(run, step), faults, pressed)
    if pressed in _SIDEWAYS:
        return _sideways(run, step, pressed)
    if pressed not in ("next", "skip"):
        abort(404)
    following = _following(run, step)
    session["at"] = following
    return to_step(following)


def _following(run: Run, step: int) -> int | None:
    """The next step; after a change from the check page, the first one that it opened."""
    if request.form.get("then") != "check":
        return run.after(step)
    opened = [later for later in run.open_steps if later > step]
    return opened[0] if opened else None


_SIDEWAYS = frozenset({"look", "help", "talk", "back", "delete"})


def _sideways(run: Run, step: int, pressed: str) -> Response:
    session["at"] = step
    then = request.form.get("then") if request.form.get("then") == "check" else None
    addresses = {
        "look": url_for("answering.question", step=step, then=then),
        "help": url_for("answering.people_to_call"),
        "talk": url_for("answering.talk"),
        "delete": url_for("answering.ask_delete"),
    }
    if pressed in addresses:
        return go_on(addresses[pressed])
    before = run.before(step)
    return to_step(before) if before else go_on(url_for("answering.welcome"))


def stored(run: Run, step: int) -> dict[str, Given]:
    """What stands in the forms of a screen: the answers that may be shown."""
    pages = (run.pages[place - 1] for place in run.screen(step))
    return {shown.id: given_from(run.shown(shown)) for shown in pages}


def _entered(run: Run, step: int) -> dict[str, Given]:
    screen = run.screen(step)
    pages = (run.pages[place - 1] for place in screen)
    return {
        shown.id: entered(form_for(shown.question)(prefix=prefix_of(shown, alone=len(screen) == 1)))
        for shown in pages
        if shown.question
    }


def show(
    run: Run,
    step: int,
    given: Mapping[str, Given],
    faults: Mapping[str, Fault] | None = None,
    pressed: str = "",
) -> tuple[str, int]:
    """One screen: its questions, worded and filled in, with what is wrong with them."""
    screen = run.screen(step)
    fault = next(iter(faults.values())) if faults else None
    return page(
        "question",
        step=step,
        page=run.pages[step - 1],
        after_low=words_after_low() if _after_low(run, screen[0]) else "",
        asked=[_asked(run, run.pages[place - 1], given, faults or {}, screen) for place in screen],
        fault=fault,
        progress=progress_at(run, screen),
        has_answers=bool(run.draft.answers),
        then_check=request.values.get("then") == "check",
        # help must open even when the answer is too long to be saved, and lose none of it
        help_lines=lines() if pressed in ("help", "talk") else (),
        to_talk=pressed == "talk",
    )


def _after_low(run: Run, step: int) -> bool:
    """Whether the page before was answered low, in this sitting. Worked out anew for each page."""
    before = run.before(step)
    page_before = run.pages[before - 1] if before else None
    if page_before is None or page_before.question is None:
        return False
    minded = page_before.question.sensitive or run.questionnaire.look != "desk"
    return minded and is_low(page_before.question, run.shown(page_before))


@dataclass(frozen=True)
class Asked:
    """One question on a page, as the template draws it: worded, filled in, and named."""

    page: Page
    wording: Wording
    given: Given
    fault: Fault | None
    prefix: str


def _asked(
    run: Run,
    shown: Page,
    given: Mapping[str, Given],
    faults: Mapping[str, Fault],
    screen: tuple[int, ...],
) -> Asked:
    words = Wording("", "")
    if shown.question:
        words = wording(run.questionnaire, shown.question, run.answers_shown, gettext)
    prefix = prefix_of(shown, alone=len(screen) == 1)
    return Asked(shown, words, given.get(shown.id, Given()), faults.get(shown.id), prefix)
