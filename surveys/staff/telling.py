"""Telling two people that an account with a duty of its own was given a new way in.

Whoever invites an account again could accept the invitation themselves. Where the account may do
what an administrator may not, the two people who are sent the head of the audit log are told first.

In: a site and an account. Out: a mail that names duties and no person, or the reason why nobody
could be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from surveys.audiences import Audience
from surveys.mail.sending import NotSent, send_mail
from surveys.site import Site
from surveys.staff.duties import kept_apart_from

SUBJECT = "Heard: an account was given a new way in"
INVITED_AGAIN = "account_invited_again"
DUTY_INVITED_AGAIN = "duty_account_invited_again"
_TWO = 2  # one of them may be the administrator


class NobodyTold(Exception):
    """No mail left. The message says why."""


def watched_duties(roles: Iterable[str]) -> tuple[Audience, ...]:
    """Which of these roles an administrator may not hold, so that taking them over is watched."""
    return tuple(sorted(kept_apart_from(Audience.ADMINISTRATOR) & frozenset(roles)))


def tell_of_new_way_in(site: Site, duties: Iterable[str], day: date) -> int:
    """Mail that an account with these duties is invited again; returns to how many.

    Raises NobodyTold when the site has no mail server, names fewer than two people, or the mail
    did not leave.
    """
    if site.mail is None:
        raise NobodyTold("site.toml names no mail server")
    if len(site.notify.audit) < _TWO:
        raise NobodyTold("site.toml names fewer than two people under [notify] audit")
    try:
        send_mail(site.mail, site.notify.audit, SUBJECT, words_of(duties, day))
    except NotSent as error:
        raise NobodyTold(str(error)) from error
    return len(site.notify.audit)


def words_of(duties: Iterable[str], day: date) -> str:
    """What is mailed: which duties, and what to ask whom. Never a name."""
    return (
        f"On {day.isoformat()} an account is invited again that may act as: {', '.join(duties)}.\n"
        "Its password and second factors stop working, and whoever holds the new code opens it.\n"
        "\n"
        "Ask the administrator whose account it is, and ask that person, face to face or by\n"
        "telephone, whether they had lost their way in and have the code themselves. The audit\n"
        f"log names both: flask --app app audit show (look for {DUTY_INVITED_AGAIN}).\n"
    )
