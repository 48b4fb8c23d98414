"""The looks that a page can be previewed in: style, colours, size, language, and how it is filled.

In: the query of an address, or the buttons of a respondent's "Look" panel. Out: a Look, the dress
that the real templates wear for it, and every other look that is one press away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace

from flask_babel import gettext

from questionnaires.model import Questionnaire, Survey
from surveys.answering.look import COLOURS, ON_OFF, SIZES, Dress
from surveys.languages import NAMES
from surveys.site import current_site
from surveys.speaking.offer import Offer

STATES = ("empty", "answered", "missed")
SCREENS = ("narrow", "wide")
_BY_THE_DEVICE = "auto"


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is to be shown. Empty means as the respondent meets it first."""

    language: str = "en"
    style: str = ""
    colours: str = ""
    size: str = "normal"
    ruler: str = "off"
    motion: str = "on"
    state: str = "empty"
    screen: str = "narrow"

    @property
    def query(self) -> dict[str, str]:
        """What an address must say for this look: only what is not usual."""
        usual = asdict(Look())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def with_pressed(self, form: Mapping[str, str], languages: Mapping[str, Spoken]) -> Look:
        """The look after a press in the panel; the same when nothing of it was pressed."""
        known = {field.name for field in fields(self)}
        pressed = {name: form[name] for name in known if name in form}
        return look_from({**self.query, **pressed}, languages)

    def dressed(
        self, worn: Dress, questionnaire: Questionnaire, spoken: Mapping[str, Spoken]
    ) -> Dress:
        """The dress of a respondent who has chosen this look."""
        style = self.style or questionnaire.look
        usual = _BY_THE_DEVICE if style == "young" else COLOURS[style][0]
        return replace(
            worn,
            style=style,
            language=self.language,
            size=self.size,
            colours=self.colours if self.colours in COLOURS[style] else usual,
            ruler=self.ruler,
            motion=self.motion,
            languages=tuple((code, NAMES[code], one.is_draft) for code, one in spoken.items()),
        )


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language that a survey can be previewed in, and what is still to be done about it."""

    is_draft: bool = False
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One look that is a press away."""

    name: str
    look: Look
    is_on: bool
    language: str = ""
    is_draft: bool = False


def look_from(asked: Mapping[str, str], languages: Mapping[str, Spoken]) -> Look:
    """The look that an address asks for; whatever it asks that there is not stays as usual."""
    offered: dict[str, tuple[str, ...]] = {
        "language": tuple(languages),
        "style": tuple(COLOURS),
        "colours": tuple({colour for style in COLOURS.values() for colour in style}),
        "size": SIZES,
        "ruler": ON_OFF,
        "motion": ON_OFF,
        "state": STATES,
        "screen": SCREENS,
    }
    known = {name: asked[name] for name in offered if asked.get(name) in offered[name]}
    return Look(**known)


def languages_of(survey: Survey) -> dict[str, Spoken]:
    """English, and every language with a catalogue: complete or not, checked or not."""
    languages = current_site().languages
    if not isinstance(languages, Offer):
        return {code: Spoken(code != "en") for code in ("en", *languages.get(survey.id, ()))}
    found = {
        standing.language: Spoken(standing.is_draft, len(standing.wording.missing))
        for standing in languages.standings(survey.id)
    }
    return {"en": Spoken(), **found}


def choices(
    look: Look, questionnaire: Questionnaire, languages: Mapping[str, Spoken]
) -> Iterator[tuple[str, list[Option]]]:
    """Every choice of a look with its title; each option changes that one thing alone."""
    style = look.style or questionnaire.look
    words = _words()
    yield (
        gettext("Language"),
        [
            Option(
                NAMES[code],
                replace(look, language=code),
                code == look.language,
                code.replace("_", "-"),
                one.is_draft,
            )
            for code, one in languages.items()
        ],
    )
    named: dict[str, tuple[str, tuple[str, ...]]] = {
        "style": (gettext("Style"), tuple(COLOURS)),
        "colours": (gettext("Colours"), ("", *COLOURS[style])),
        "size": (gettext("Size of the words"), SIZES),
        "state": (gettext("How it is filled in"), STATES),
        "screen": (gettext("Screen"), SCREENS),
    }
    for name, (title, values) in named.items():
        here = style if name == "style" else getattr(look, name)
        yield (
            title,
            [
                Option(words[value], _with(look, name, value, questionnaire), value == here)
                for value in values
            ],
        )


def _with(look: Look, name: str, value: str, questionnaire: Questionnaire) -> Look:
    if name == "style":  # each style has colours of its own
        return replace(look, style="" if value == questionnaire.look else value, colours="")
    return replace(look, **{name: value})


def _words() -> dict[str, str]:
    return {
        "": gettext("As it is at first"),
        "child": gettext("Child"),
        "young": gettext("Young person"),
        "desk": gettext("Adult at work"),
        "cream": gettext("Cream"),
        "blue": gettext("Blue"),
        "peach": gettext("Peach"),
        "dark": gettext("Dark"),
        "light": gettext("Light"),
        "normal": gettext("Normal"),
        "bigger": gettext("Bigger"),
        "biggest": gettext("Biggest"),
        "empty": gettext("Not answered yet"),
        "answered": gettext("Answered"),
        "missed": gettext("Next was pressed without an answer"),
        "narrow": gettext("Phone or tablet"),
        "wide": gettext("Wide: questions of a battery together"),
    }
