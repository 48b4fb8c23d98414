"""A respondent who is nobody: a run with made-up answers that leads to a page.

In: a questionnaire and one of its pages. Out: a Run like that of a real respondent. It has no slot
and no code, nothing of it is in the database, and nothing is ever written.
"""

from __future__ import annotations

from datetime import timedelta

from questionnaires.model import Page, Question, Questionnaire, QuestionType, Survey
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written
from questionnaires.ways import answers_leading_to
from surveys.answering.run import Run, bit_of
from surveys.site import current_site
from surveys.vault.drafts import Draft
from surveys.vault.waves import Wave, WaveStatus

_WORDS = "These are words that somebody has written."
_GOOD_RUNG = 7
_NOBODY = bytes(16)


def run_at(
    survey: Survey, questionnaire: Questionnaire, page: Page | None, *, answered: bool, wide: bool
) -> Run:
    """A run that can meet a page; with ``answered``, what stands on its screen has answers.

    A page that nobody can meet is shown all the same, to its author: then every page is.
    """
    answers = (answers_leading_to(questionnaire, page) or {}) if page else {}
    shown = [page] if page else []
    if page and wide and page.battery:
        shown = [other for other in questionnaire.pages if other.battery == page.battery]
    if answered:
        questions = (one.question for one in shown if one.question)
        answers |= {question.id: made_up_answer(question) for question in questions}
    seen = sum(bit_of(questionnaire, known.id) for known in questionnaire.pages)
    draft = Draft(questionnaire.audience, answers)
    return Run(questionnaire, _wave(survey), draft, seen, wide)


def made_up_answer(question: Question) -> Answer:
    """An answer that fits a question, the same every time."""
    match question.type:
        case QuestionType.CHOICES:
            several = [option.code for option in question.options if not option.exclusive]
            return Chosen(tuple(several[:2]))
        case QuestionType.RANKING:
            return Ranked(tuple(option.code for option in question.options[: question.places]))
        case QuestionType.LADDER:
            return Number(_GOOD_RUNG)
        case QuestionType.MONTH:
            return Month(question.latest_year or question.earliest_year or 1, 6)
        case QuestionType.TEXT:
            return Written(_WORDS[: question.max_length])
    return Chosen((question.options[0].code,))


def _wave(survey: Survey) -> Wave:
    """A wave that nobody has prepared, open today."""
    site = current_site()
    today = site.now().date()
    return Wave(
        id=_NOBODY,
        inspection_id=_NOBODY,
        survey=survey.id,
        number=1,
        status=WaveStatus.OPEN,
        opens_on=today,
        closes_on=today + timedelta(days=14),
        padded_length=0,
        instrument_hash=bytes(32),
        single_custodian=site.single_custodian,
    )
