"""The author's checks: everything that makes a questionnaire askable but not yet good.

In: loaded surveys and the wording rules. Out: faults, errors and warnings, in file order.
"""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires import messages
from questionnaires.comparability import comparability_faults
from questionnaires.conditions import questions_in
from questionnaires.faults import Fault
from questionnaires.loading import LoadedSurvey
from questionnaires.model import (
    ONE_OPTION,
    NonAnswer,
    Question,
    Questionnaire,
    QuestionType,
    Valence,
)
from questionnaires.reachability import can_be_met
from questionnaires.reading_rules import WordingRules
from questionnaires.recorded_codes import changes_since, read_recorded
from questionnaires.structure import PlacedPage
from questionnaires.wording_checks import WordingCheck

GROUPS = (
    "where_i_live",
    "time_in_care",
    "gender",
    "ethnic_group",
    "disability",
    "came_alone",
    "role",
    "team_size",
)
"""The groups that tables may be divided by, beside the version itself."""


def check_survey(loaded: LoadedSurvey, rules: WordingRules) -> list[Fault]:
    """Every fault of a survey that loads. Raises QuestionnaireError on a damaged lock file."""
    faults = [*comparability_faults(loaded), *changes_since(loaded, read_recorded(loaded))]
    for questionnaire in loaded.survey.questionnaires:
        pages = loaded.pages[questionnaire.id]
        faults += _unreachable(questionnaire, pages)
        faults += _demographics(pages)
        for placed in pages:
            if placed.page.question:
                faults += _respect(placed, placed.page.question)
        source = loaded.sources[questionnaire.id]
        faults += WordingCheck(questionnaire, source, pages, rules).faults()
    return sorted(faults)


def _unreachable(questionnaire: Questionnaire, pages: tuple[PlacedPage, ...]) -> Iterator[Fault]:
    for placed in pages:
        if not can_be_met(questionnaire, placed.page):
            yield placed.fault(messages.UNREACHABLE, "when")


def _respect(placed: PlacedPage, question: Question) -> Iterator[Fault]:
    if question.type not in ONE_OPTION | {QuestionType.CHOICES}:
        return
    if not question.non_answers and "no_way_out" not in question.allow:
        yield placed.fault(messages.NO_WAY_OUT)
    directions = {option.valence for option in question.options}
    poles = directions & {Valence.POSITIVE, Valence.NEGATIVE}
    if len(poles) == 1:
        yield placed.fault(messages.LOPSIDED, "options", valence=next(iter(poles)).value)


def _demographics(pages: tuple[PlacedPage, ...]) -> Iterator[Fault]:
    """Questions about the person are sound, and last unless a condition needs them earlier."""
    needed = {name for p in pages if p.page.when for name in questions_in(p.page.when)}
    first: str | None = None
    for placed in pages:
        question = placed.page.question
        if question is None:
            continue
        if question.group is not None:
            first = first or (None if question.id in needed else question.id)
            yield from _group_faults(placed, question)
        elif first and _is_about_a_topic(question):
            yield placed.fault(messages.GROUP_NOT_LAST, group=first)


def _is_about_a_topic(question: Question) -> bool:
    """False for questions about the answering itself, e.g. who helped; those may come last."""
    return bool(question.topic or question.themes) or question.type is QuestionType.TEXT


def _group_faults(placed: PlacedPage, question: Question) -> Iterator[Fault]:
    if question.group not in GROUPS:
        choices = ", ".join(GROUPS)
        yield placed.fault(messages.GROUP_UNKNOWN, "group", group=question.group, choices=choices)
    if question.type not in ONE_OPTION:
        yield placed.fault(messages.GROUP_NOT_BANDED, "type")
    elif NonAnswer.RATHER_NOT_SAY not in question.non_answers:
        yield placed.fault(messages.GROUP_WITHOUT_REFUSAL)
