"""Changing between the version for one's age and the easy words with pictures.

In: a run. Out: the version to change to, if there is one. Codes of answers differ between
versions, so the change is offered only before anything is answered.
"""

from __future__ import annotations

from dataclasses import replace

from flask import session

from questionnaires.model import Questionnaire
from surveys.answering.run import Run
from surveys.site import current_site
from surveys.vault.drafts import Draft

EASY_READ = "easy-read"


def other_version(run: Run) -> Questionnaire | None:
    """What this respondent may change to now: Easy Read, or from it back to the first version."""
    if run.draft.answers:
        return None
    here = run.questionnaire.audience
    wanted = session.get("first_version") if here == EASY_READ else EASY_READ
    versions = current_site().surveys[run.wave.survey].questionnaires
    return next((v for v in versions if v.audience == wanted != here), None)


def to_version(run: Run, draft: Draft, wanted: Questionnaire) -> Draft:
    """The draft in another version, unless somebody has answered in the meantime."""
    if draft.answers:
        return draft
    session["first_version"] = run.questionnaire.audience
    return replace(draft, audience=wanted.audience)
