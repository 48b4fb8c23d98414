"""The room's one Blueprint, which the modules with views hang their routes on.

In: nothing. Out: ``blueprint``, with the filters and values that respondents' templates use.
"""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext

from surveys.answering.look import dress_of_request
from surveys.answering.pictures import picture_of
from surveys.answering.support import hours_said, number_to_ring

blueprint = Blueprint("answering", __name__, template_folder="../templates")

blueprint.add_app_template_filter(picture_of)
blueprint.add_app_template_filter(hours_said)
blueprint.add_app_template_filter(number_to_ring)


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
