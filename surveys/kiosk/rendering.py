"""A version of a questionnaire in one language, as ready pages and words for a tablet.

In: a questionnaire and a language. Out: pieces of HTML made by the same widgets as online, and the
words that the tablet's script fills in by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import render_template
from flask_babel import force_locale, gettext

from questionnaires.model import Page, Question, Questionnaire
from questionnaires.piping import Wording, wording
from questionnaires.responses import Answer
from surveys.answering.asking import Asked
from surveys.answering.forms import Given
from surveys.answering.look import Dress, dress_of_request
from surveys.answering.support import lines_for
from surveys.answering.window import kept_words
from surveys.contact.message import Message
from surveys.kiosk.offering import Offer
from surveys.kiosk.slips import LONGEST
from surveys.languages import NAMES
from surveys.site import Site
from surveys.speaking.offer import marked

_SCREENS = (
    "question", "check", "thanks", "help", "hidden", "leave", "still", "talk", "talked",
)  # fmt: skip
_NO_ANSWERS: Mapping[str, Answer] = {}
_EMPTY_FORM: Mapping[str, object] = {"message": Message("", ""), "most": LONGEST, "faults": {}}


def dress_for(language: str, marks: Mapping[str, bool]) -> Dress:
    """How a tablet looks before anybody has changed it. ``marks``: which languages are drafts."""
    offered = tuple((code, NAMES.get(code, code), mark) for code, mark in marks.items())
    worn = replace(dress_of_request(), style="child", language=language, languages=offered)
    return replace(worn, size="normal", colours="cream")


def in_language(
    site: Site,
    offer: Offer,
    versions: tuple[Questionnaire, ...],
    language: str,
    languages: tuple[str, ...],
    *,
    can_tell: bool = False,
) -> dict[str, object]:
    """Everything that is said on a tablet in one language.

    ``can_tell`` says whether there is anybody to whom a message can be sealed.
    """
    with force_locale(language):
        found = marked(site.languages, offer.wave.survey)
        dress = dress_for(language, {code: found[code] for code in languages})
        lines = lines_for(site.support_lines, "child", site.now())
        shared = {"dress": dress, "lines": lines, "can_tell": can_tell, **_EMPTY_FORM}
        return {
            "name": NAMES.get(language, language),
            "tag": dress.tag,
            "direction": dress.direction,
            "screens": {
                name: render_template(f"kiosk/run/{name}.html", **shared) for name in _SCREENS
            },
            "words": _words(),
            "versions": {version.id: _version(site, offer, version, dress) for version in versions},
        }


def _version(site: Site, offer: Offer, version: Questionnaire, dress: Dress) -> dict[str, object]:
    return {
        "welcome": render_template(
            "kiosk/run/welcome.html",
            dress=dress,
            questionnaire=version,
            questions=len(version.questions),
            kept=kept_words(site, offer.wave),
            single_custodian=offer.wave.single_custodian or site.single_custodian,
        ),
        "sections": [gettext(section.title) for section in version.sections],
        "pages": {page.id: _page(version, page, dress) for page in version.pages},
    }


def _page(version: Questionnaire, page: Page, dress: Dress) -> dict[str, object]:
    words = Wording("", "")
    if page.question:
        words = wording(version, page.question, _NO_ANSWERS, _translated)
    asked = Asked(page, words, Given(), None, "")
    section = next(found for found in version.sections if page in found.pages)
    html = render_template(
        "kiosk/run/asked.html", asked=asked, page=page, section=section, dress=dress
    )
    return {"html": html, **(_said(page.question) if page.question else {})}


def _translated(text: str) -> str:
    """The text in the language of the pack; of nothing, nothing, where gettext has its header."""
    return gettext(text) if text else ""


def _said(question: Question) -> dict[str, object]:
    """The words of a question before anything is filled in."""
    return {
        "text": gettext(question.text),
        "hint": _translated(question.hint or ""),
        "variants": [gettext(variant.text) for variant in question.variants],
        "piped": {name: gettext(words) for name, words in question.piped.items()},
        "labels": {option.code: gettext(option.label) for option in question.options},
        "non_answers": {code.value: gettext(said) for code, said in question.non_answers.items()},
    }


def _words() -> dict[str, str]:
    """What the script says by itself. Names in curly brackets are filled in on the tablet."""
    return {
        "question": gettext("Question %(number)s of %(total)s", number="{number}", total="{total}"),
        "next_part": gettext("Next part"),
        "look": gettext("Please look"),
        "nothing": gettext("Nothing picked yet."),
        "pick_one": gettext("Pick one, or press Skip."),
        "pick_some": gettext("Pick one or more, or press Skip."),
        "alone": gettext("Two things that do not go together."),
        "choose": gettext("One of these can only be picked alone. Please choose."),
        "long": gettext("That is too long by %(over)s.", over="{over}"),
        "shorten": gettext("Your words are all still here. Please make them shorter."),
        "out_of_ten": gettext("%(value)s out of 10", value="{value}"),
        "comma": gettext(", "),
        "skipped": gettext("Skipped"),
        "change": gettext("Change"),
        "too_long": gettext("Please make this shorter."),
        "no_name": gettext("Please write what we can call you."),
        "no_reach": gettext("Please write how and when we can reach you."),
    }
