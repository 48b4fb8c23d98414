"""How pages look to this visitor: language and its direction, size, colours, and the style.

In: the session, and the buttons of the "Look" panel. Out: ``dress``, which every template of a
respondent reads. Kept for this sitting only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, session
from flask_babel import gettext
from flask_babel import refresh as refresh_language

from surveys.languages import NAMES, RIGHT_TO_LEFT
from surveys.site import current_site
from surveys.speaking.offer import Offer, marked, marked_in_any

SIZES = ("normal", "bigger", "biggest")
ON_OFF = ("on", "off")
COLOURS = {
    "child": ("cream", "blue", "peach", "dark"),
    "young": ("light", "cream", "dark"),
    "desk": ("light", "cream", "dark"),
}
_UNCHOSEN = {"child": "cream", "young": "auto", "desk": "light"}


@dataclass(frozen=True)
class Dress:
    """Everything a page needs to know about its looks."""

    style: str
    language: str
    size: str
    colours: str
    ruler: str
    motion: str
    languages: tuple[tuple[str, str, bool], ...]
    authority: str
    demo: bool
    single_custodian: bool

    @property
    def direction(self) -> str:
        """Which way the language runs."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def language_name(self) -> str:
        """What the language calls itself."""
        return NAMES.get(self.language, self.language)

    @property
    def tag(self) -> str:
        """The language as HTML names it (BCP 47), e.g. fa-AF."""
        return self.language.replace("_", "-")

    @property
    def scheme(self) -> str:
        """What form controls and scroll bars should look like."""
        return {"dark": "dark", "auto": "light dark"}.get(self.colours, "light")

    @property
    def switches(self) -> list[tuple[str, str]]:
        """On and off, with their words."""
        return list(zip(ON_OFF, (gettext("On"), gettext("Off")), strict=True))

    @property
    def sizes(self) -> list[tuple[str, str]]:
        """The sizes to choose from, with their words."""
        words = (gettext("Normal"), gettext("Bigger"), gettext("Biggest"))
        return list(zip(SIZES, words, strict=True))

    @property
    def palettes(self) -> list[tuple[str, str]]:
        """The colours to choose from in this style, with their words."""
        words = {
            "cream": gettext("Cream"),
            "blue": gettext("Blue"),
            "peach": gettext("Peach"),
            "dark": gettext("Dark"),
            "light": gettext("Light"),
        }
        return [(colour, words[colour]) for colour in COLOURS[self.style]]


def dress_of_request() -> Dress:
    """The dress of the page being made; worked out once per request."""
    if "dress" not in g:
        g.dress = _dress_from(session)
    return g.dress


def change_dress(form: Mapping[str, str]) -> bool:
    """Put on what a button of the "Look" panel says. False when no such button was pressed."""
    look = dict(session.get("look", {}))
    worn = dress_of_request()
    offered = {
        "size": SIZES,
        "colours": COLOURS[worn.style],
        "ruler": ON_OFF,
        "motion": ON_OFF,
        "language": tuple(code for code, _, _ in worn.languages),
    }
    pressed = {name: form[name] for name in offered if form.get(name) in offered[name]}
    if not pressed:
        return False
    if "language" in pressed:
        session["language"] = pressed.pop("language")
        refresh_language()
    session["look"] = look | pressed
    g.pop("dress", None)
    return True


def put_on(style: str, survey: str) -> None:
    """Remember which style and which survey's languages go with this respondent.

    The languages stay those of the beginning until the sitting ends: nothing is more confusing
    than a page that changes.
    """
    if "languages" not in session:
        session["languages"] = _languages_now(survey)
    session["style"], session["survey"] = style, survey
    g.pop("dress", None)


def _dress_from(chosen: Mapping[str, Any]) -> Dress:
    site = current_site()
    style = str(chosen.get("style", "child"))
    look: Mapping[str, str] = chosen.get("look", {})
    colours = look.get("colours")
    return Dress(
        style=style,
        language=str(chosen.get("language", "en")),
        size=look.get("size", "normal"),
        colours=colours if colours in COLOURS[style] else _UNCHOSEN[style],
        ruler=look.get("ruler", "off"),
        motion=look.get("motion", "on"),
        languages=_languages(chosen),
        authority=site.authority,
        demo=site.demo,
        single_custodian=site.single_custodian,
    )


def _languages(chosen: Mapping[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    """Codes, names, and which are marked as drafts."""
    offered = current_site().languages
    if "languages" in chosen:  # somebody is answering
        marks = {code: bool(mark) for code, mark in chosen["languages"]}
    elif "survey" in chosen:  # somebody has sent their answers
        marks = dict(marked(offered, chosen["survey"]))
    else:  # before anybody has said who they are: whatever some survey speaks
        marks = marked_in_any(offered)
    return tuple((code, NAMES[code], mark) for code, mark in marks.items() if code in NAMES)


def _languages_now(survey: str) -> list[list[object]]:
    """What a sitting that begins now is offered, however lately that was decided."""
    offered = current_site().languages
    if isinstance(offered, Offer):
        offered.look_again()
    return [[code, int(mark)] for code, mark in marked(offered, survey).items()]
