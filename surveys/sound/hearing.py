"""Texts that can be heard, on the page: each piece of text is given the address of its clip.

In: a text or finished markup in the language of the page. Out: the same, with a span around every
text between two tags. static/listen.js reads those spans in the order of the page; what to read is
what the page shows, so the two cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from flask import Response, request, session
from flask_babel import gettext
from markupsafe import Markup, escape

from questionnaires.model import Question
from surveys.answering.low_answers import words_after_low
from surveys.site import current_site
from surveys.sound.clips import as_spoken, clip_name, own_name, tidy

_TAG = re.compile(r"(<[^>]*>)")
_KEPT = "private, max-age=86400"


def hear(text: str, own: str | None = None) -> Markup:
    """The text with its clip, or with every clip of its parts when it is markup.

    ``own`` names a recording that stands for the whole text, whatever its words.
    """
    clips = _clips()
    pieces = _TAG.split(str(escape(text)))
    return Markup("").join(
        Markup(piece if piece.startswith("<") else _heard(piece, clips, own))  # noqa: S704 - escaped above
        for piece in pieces
    )


def heard(message: str, **values: object) -> Markup:
    """A text of the interface, translated and with its clip: stands in for ``_`` in a template."""
    return hear(Markup(gettext(message)) % values)  # noqa: S704 - as templates take a catalogue


def clip_of(text: str) -> str:
    """The address of a text's clip below static/audio/; nothing when there is none."""
    return _clips().get(clip_name(text), "")


def own_clip(question: Question) -> str | None:
    """The recording that a question brings along, unless its words differ between respondents."""
    return None if question.piped or question.variants else question.clip


def keep_clips(response: Response) -> Response:
    """Let the browser keep clips for a day, so that pressing again asks nobody for them.

    But never the one that is heard after a low answer: it would tell of that answer.
    """
    found = response.status_code in (200, 206, 304)
    if found and request.endpoint == "static" and request.path.startswith("/static/audio/"):
        telling = clip_name(words_after_low()) in request.path
        response.headers["Cache-Control"] = "no-store" if telling else _KEPT
    return response


def _clips() -> Mapping[str, str]:
    return current_site().clips.get(session.get("language", "en"), {})


def _heard(piece: str, clips: Mapping[str, str], own: str | None) -> str:
    text = tidy(unescape(piece))
    if not any(letter.isalnum() for letter in text):
        return piece
    clip = (clips.get(own_name(own)) if own else None) or clips.get(clip_name(text), "")
    spoken = as_spoken(text)
    say = "" if spoken == text else f' data-say="{escape(spoken)}"'
    inner = piece.strip()
    before, after = piece.split(inner, 1)
    return f'{before}<span data-clip="{escape(clip)}"{say}>{inner}</span>{after}'
