"""The words of mails to those who are invited: by look and kind, in one language as a whole.

In: what a mail is about, and the language of its reader. Out: Words. Subject, sender and first line
say nothing of what the survey is about: they stand on a locked screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, format_datetime, gettext

from surveys.invitations.outbox.queue import MailKind

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class About:
    """What a mail tells of its survey. ``look`` is that of the reader's version."""

    authority: str
    look: str
    minutes: int
    closes: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's words, ready to be set; ``language`` is the one that they are in."""

    language: str
    subject: str
    before: tuple[str, ...]
    link: str
    after: tuple[str, ...]
    stop: str
    stop_link: str


def words_for(about: About, kind: MailKind, language: str) -> Words:
    """The words of a mail; all of them in English when one is missing in ``language``."""
    english, said = _said(ENGLISH), _said(language)
    is_whole = all(said[name] != text for name, text in english.items())
    own, texts = (language, said) if is_whole else (ENGLISH, english)
    with force_locale(own):
        closes = format_datetime(about.closes, "EEEE d MMMM, HH:mm", rebase=False)
    filled = {"authority": about.authority, "minutes": about.minutes, "closes": closes}

    def say(name: str) -> str:
        return texts[name] % filled

    adult = "adult" if about.look == "desk" else "young"
    opening = (f"{adult} hello", f"{adult} asks") if kind is MailKind.INVITATION else _REMINDING
    last = ("last",) if kind is MailKind.REMINDER_2 else ()
    return Words(
        own,
        say("subject" if kind is MailKind.INVITATION else "subject again"),
        tuple(map(say, (*opening, *last, "minutes", "choice"))),
        say("link"),
        tuple(map(say, ("until", "own", "later", "kept", "sender"))),
        say("stop"),
        say("stop link"),
    )


_REMINDING = ("reminder hello", "reminder")


def _said(language: str) -> dict[str, str]:
    """Every text of a mail as a language says it, with its places unfilled."""
    with force_locale(language):
        return {
            "subject": gettext("A few questions for you"),
            "subject again": gettext("A few questions for you: still open"),
            "young hello": gettext("Hello. We would like to know what you think."),
            "young asks": gettext("There are some questions for you. You can skip any of them."),
            "adult hello": gettext("Hello. We would like to hear your view."),
            "adult asks": gettext(
                "You are invited to answer some questions. You can skip any of them."
            ),
            "reminder hello": gettext(
                "Hello. The questions that we wrote to you about are still open."
            ),
            "reminder": gettext(
                "If you have answered already, thank you. We are not shown who has, so this goes "
                "to everyone who was invited by e-mail."
            ),
            "last": gettext("This is the last reminder."),
            "minutes": gettext("Answering takes about %(minutes)s minutes."),
            "choice": gettext("You choose whether you answer. It is fine not to."),
            "link": gettext("Open the questions"),
            "until": gettext("You can answer until %(closes)s."),
            "own": gettext("The link is yours alone. Please do not pass it on."),
            "later": gettext("You can stop and carry on later with the same link."),
            "kept": gettext("Your name and your e-mail address are not kept with your answers."),
            "sender": gettext("%(authority)s sent you this."),
            "stop": gettext("Do you want no more of these e-mails?"),
            "stop link": gettext("Stop these e-mails"),
        }
