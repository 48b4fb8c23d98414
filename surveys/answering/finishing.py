"""The end of a sitting: checking, sending, deleting, leaving.

In: a respondent's session. Out: one sealed response, once, however often it is sent; or nothing
left at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import session, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from questionnaires.model import NonAnswer, Question, Section
from questionnaires.piping import wording
from questionnaires.responses import (
    Answer,
    Chosen,
    Month,
    Number,
    Ranked,
    Written,
    response_to_bytes,
)
from questionnaires.responses import Response as Whole
from questionnaires.routing import on_path
from surveys.answering.blueprint import blueprint
from surveys.answering.onward import (
    address_of,
    answering_back,
    go_away,
    go_on,
    leaving_no_page,
    page,
)
from surveys.answering.run import Run, without_answers
from surveys.answering.sitting import (
    NothingOpen,
    change_own,
    close,
    current_access,
    current_run,
    end,
    forget_seen,
    own,
)
from surveys.audiences import Audience, open_to
from surveys.site import current_site
from surveys.vault.compacting import empty_log
from surveys.vault.drafts import Draft
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.slots import finish


@dataclass(frozen=True)
class CheckedRow:
    """One answer on the check page."""

    text: str
    answer: str
    step: int


@dataclass(frozen=True)
class CheckedSection:
    """The answers of one section that may be shown."""

    title: str
    rows: tuple[CheckedRow, ...]


@blueprint.get("/answer/check")
@open_to(Audience.RESPONDENT)
def check() -> Response | tuple[str, int]:
    """What was answered in this sitting, to change or to send."""
    run = current_run()
    if not session.get("agreed"):
        return go_on(url_for("answering.welcome"))
    session["at"] = None
    sections = [_checked(run, section) for section in run.questionnaire.sections]
    last = run.before(len(run.pages) + 1)
    return page(
        "check",
        sections=[section for section in sections if section.rows],
        simple=run.questionnaire.reading == "8-10",
        open_step=run.resume_step(),
        open_count=len(run.open_steps),
        tucked=run.tucked_count,
        back=address_of(last) if last else url_for("answering.welcome"),
    )


@blueprint.post("/answer/send")
@open_to(Audience.RESPONDENT)
def send() -> Response:
    """Seal the answers on the path and hand them in. Sending again changes nothing."""
    site = current_site()
    run = current_run_or_sent()
    if run is not None:
        keys = load_wave_keys(site.public_keys, run.wave.id)

        def seal(draft: Draft) -> bytes:
            answers = on_path(run.questionnaire, own(draft).answers)
            content = response_to_bytes(Whole(run.questionnaire.id, answers))
            return seal_response(content, keys, run.wave.header, run.wave.padded_length)

        if finish(site.engine, site.storage_key, current_access(), seal) is None:
            raise NothingOpen
    end(done=True)
    return leaving_no_page(go_on(url_for("answering.thanks")))


def current_run_or_sent() -> Run | None:
    """The run, or None when this session's answers have just been sent. Raises NothingOpen."""
    try:
        return current_run()
    except NothingOpen:
        if _already_sent():
            return None
        raise


def _already_sent() -> bool:
    """Whether the slot holds a finished response; asking changes nothing."""
    site = current_site()

    def refuse(draft: Draft) -> bytes:
        raise NothingOpen

    return finish(site.engine, site.storage_key, current_access(), refuse) is False


@blueprint.get("/answer/delete")
@open_to(Audience.RESPONDENT)
def ask_delete() -> tuple[str, int]:
    """Ask once before deleting the answers so far."""
    current_run()
    return page("delete", back=answering_back())


@blueprint.post("/answer/delete")
@open_to(Audience.RESPONDENT)
def delete() -> Response:
    """Delete the answers so far. The words still open the survey, from the beginning."""
    current_run()
    change_own(without_answers)
    empty_log(current_site().engine)
    forget_seen()
    session["agreed"] = False
    return go_on(url_for("answering.welcome"))


@blueprint.post("/answer/leave")
@open_to(Audience.RESPONDENT)
def leave() -> Response:
    """End the sitting at once. Answers saved so far stay."""
    close()
    return go_away()


def _checked(run: Run, section: Section) -> CheckedSection:
    rows = []
    for member in section.pages:
        step = run.step_of(member.id)
        answer = run.shown(member)
        if step and member.question and answer is not None:
            question = member.question
            words = wording(run.questionnaire, question, run.answers_shown, gettext)
            rows.append(CheckedRow(words.text, _in_words(question, answer), step))
    return CheckedSection(section.title, tuple(rows))


def _in_words(question: Question, answer: Answer) -> str:
    match answer:
        case Chosen(codes):
            labels = (option.label for option in question.options if option.code in codes)
            # a comma between things picked: "Cat, Dog"; Arabic has its own
            return gettext(", ").join(gettext(label) for label in labels)
        case Ranked(codes):
            return gettext(", ").join(option_label(question, code) for code in codes)
        case Month(year, month):
            return format_date(date(year, month, 1), "LLLL y")
        case Number(value):
            return gettext("%(value)s out of 10", value=value)
        case Written(text):
            return text
        case NonAnswer.SKIPPED:
            return gettext("Skipped")
        case NonAnswer():
            return gettext(question.non_answers.get(answer, "Skipped"))


def option_label(question: Question, code: str) -> str:
    """The words of an option, in the language of the page."""
    return next(gettext(option.label) for option in question.options if option.code == code)
