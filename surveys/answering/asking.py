"""The questions: the welcome, one page after another, and saving what is answered.

In: a respondent's session and posted forms. Out: pages, and one durable write per answer. Whatever
button was pressed, an answer fit to be saved is saved first.
"""

from __future__ import annotations

from flask import abort, request, session, url_for
from werkzeug.wrappers import Response

from questionnaires.model import NonAnswer, Page, QuestionType
from questionnaires.responses import Answer
from surveys.answering.blueprint import blueprint
from surveys.answering.forms import (
    Fault,
    Given,
    entered,
    form_for,
    given_from,
    nothing_given,
    read_answer,
)
from surveys.answering.look import change_dress
from surveys.answering.onward import go_away, go_on, lines, page, to_step
from surveys.answering.progress import progress_at
from surveys.answering.run import Run, with_answer
from surveys.answering.sitting import change_own, close, current_run, mark_seen
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
        single_custodian=run.wave.single_custodian or current_site().single_custodian,
    )


@blueprint.post("/answer/welcome")
@open_to(Audience.RESPONDENT)
def agree() -> Response:
    """Yes, I'll take part."""
    run = current_run()
    session["agreed"] = True
    return to_step(run, run.resume_step())


@blueprint.get("/answer/<int:step>")
@open_to(Audience.RESPONDENT)
def question(step: int) -> Response | tuple[str, int]:
    """One page. A step that may not be shown leads to where the respondent can go on."""
    run = current_run()
    if not session.get("agreed"):
        return go_on(url_for("answering.welcome"))
    found = run.page(step)
    if found is None or run.tucked(found):
        return to_step(run, run.resume_step())
    return _show(run, step, given_from(run.shown(found)))


@blueprint.post("/answer/<int:step>")
@open_to(Audience.RESPONDENT)
def save(step: int) -> Response | tuple[str, int]:
    """Save what the page says, then do what the pressed button says."""
    run = current_run()
    if not session.get("agreed"):
        return go_on(url_for("answering.welcome"))
    place = run.step_of(request.form.get("page", ""))
    if place is None:  # the path has changed meanwhile: nothing to save, and nobody's fault
        return to_step(run, run.resume_step())
    asked, pressed = run.pages[place - 1], _pressed()
    # an old form of a page that is tucked away: what was answered there stands
    answer = None if run.tucked(asked) else _answer_on(asked, pressed)
    if answer is not None and not isinstance(answer, Fault):
        # conditions look back only, so the page keeps its step whatever it was answered
        run = _store(run, asked.id, answer)
    return _onward(run, place, pressed, answer)


def _pressed() -> str:
    if change_dress(request.form):
        return "look"
    return request.form.get("go", "next")


def _answer_on(asked: Page, pressed: str) -> Answer | Fault | None:
    if asked.question is None:
        return None
    if pressed == "skip":
        return NonAnswer.SKIPPED
    answer = read_answer(asked.question)
    if answer is None and pressed == "next":
        if asked.question.type is QuestionType.TEXT:
            return NonAnswer.SKIPPED
        return nothing_given(asked.question)
    return answer


def _store(run: Run, page_id: str, answer: Answer) -> Run:
    """Write one answer over whatever the draft holds by now. Raises as change_own does."""
    draft = change_own(lambda stored: with_answer(stored, page_id, answer))
    return mark_seen(Run(run.questionnaire, run.wave, draft, run.seen), page_id)


def _onward(
    run: Run, step: int, pressed: str, answer: Answer | Fault | None
) -> Response | tuple[str, int]:
    if pressed == "leave":  # at once, whatever stands in the form
        close()
        return go_away()
    if isinstance(answer, Fault):
        return _show(run, step, _entered_on(run.pages[step - 1]), answer, pressed)
    if pressed in _SIDEWAYS:
        return _sideways(run, step, pressed)
    if pressed not in ("next", "skip"):
        abort(404)
    following = _following(run, step)
    session["at"] = following
    return to_step(run, following)


def _following(run: Run, step: int) -> int | None:
    """The next step; after a change from the check page, the first one that it opened."""
    if request.form.get("then") != "check":
        return run.after(step)
    opened = [later for later in run.open_steps if later > step]
    return opened[0] if opened else None


_SIDEWAYS = frozenset({"look", "help", "back", "delete"})


def _sideways(run: Run, step: int, pressed: str) -> Response:
    session["at"] = step
    then = request.form.get("then") if request.form.get("then") == "check" else None
    addresses = {
        "look": url_for("answering.question", step=step, then=then),
        "help": url_for("answering.people_to_call"),
        "delete": url_for("answering.ask_delete"),
    }
    if pressed in addresses:
        return go_on(addresses[pressed])
    before = run.before(step)
    return to_step(run, before) if before else go_on(url_for("answering.welcome"))


def _entered_on(asked: Page) -> Given:
    return entered(form_for(asked.question)()) if asked.question else Given()


def _show(
    run: Run, step: int, given: Given, fault: Fault | None = None, pressed: str = ""
) -> tuple[str, int]:
    return page(
        "question",
        step=step,
        page=run.pages[step - 1],
        given=given,
        fault=fault,
        progress=progress_at(run, step),
        has_answers=bool(run.draft.answers),
        then_check=request.values.get("then") == "check",
        # help must open even when the answer is too long to be saved, and lose none of it
        help_lines=lines() if pressed == "help" else (),
    )
