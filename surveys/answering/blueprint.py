"""The room's one Blueprint, which the modules with views hang their routes on.

In: nothing. Out: ``blueprint``, with the filters and values that respondents' templates use.
"""

from __future__ import annotations

from babel.dates import get_month_names
from flask import Blueprint
from flask_babel import get_locale, gettext

from questionnaires.model import Question
from surveys.answering.look import dress_of_request
from surveys.answering.pictures import picture_of
from surveys.answering.support import hours_said, number_to_ring
from surveys.answering.symbols import drawn
from surveys.site import current_site
from surveys.sound.hearing import clip_of, hear, heard, keep_clips, own_clip

blueprint = Blueprint("answering", __name__, template_folder="../templates")

blueprint.add_app_template_filter(picture_of)
blueprint.add_app_template_filter(hours_said)
blueprint.add_app_template_filter(number_to_ring)
blueprint.add_app_template_filter(drawn)
blueprint.add_app_template_filter(hear)
blueprint.add_app_template_filter(clip_of)
blueprint.add_app_template_filter(own_clip)
blueprint.add_app_template_global(heard)
blueprint.after_app_request(keep_clips)


@blueprint.app_template_global()
def months() -> list[tuple[str, str]]:
    """The months as values of a list, with their names in the language of the page."""
    names = get_month_names("wide", "stand-alone", get_locale())
    return [(str(month), names[month]) for month in range(1, 13)]


@blueprint.app_template_global()
def years_of(question: Question) -> list[int]:
    """The years to choose from, the newest first; never one that has not begun."""
    newest = min(question.latest_year or 0, current_site().now().year)
    return list(range(newest, (question.earliest_year or 0) - 1, -1))


@blueprint.app_template_filter()
def said(text: str) -> str:
    """A text from a data file, in the language of the page.

    Not ``_(text)``: in a template that would take the text for safe HTML and its percent signs
    for placeholders.
    """
    return gettext(text) if text else ""


@blueprint.app_context_processor
def _dress() -> dict[str, object]:
    return {"dress": dress_of_request()}
