"""Telling those who keep the keys that something waits: at once, and again when nobody looks.

In: messages that wait, or were taken on and nothing recorded since, and the addresses of people at
work. Out: mails that say nothing of what waits, and a note that they went. A mail server that is
slow or away holds nobody up: what was not told is told at the next run of ``flask contact remind``.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from surveys.contact.requests import Request, State, Step, all_requests, note_told
from surveys.inspections.working_days import working_days_between
from surveys.mail.sending import NotSent, send_mail
from surveys.site import Site

log = logging.getLogger("heard")

SUBJECT = "Heard: please log in"
FULL = (
    "Heard takes in no more messages for up to an hour: too many came at once. "
    "Log in to read them, and tell whoever looks after the server.\n"
)
_LOCK = "contact.lock"
_AGAIN = {
    Step.TOLD_LEAD: Step.AGAIN_LEAD,
    Step.TOLD_DEPUTY: Step.AGAIN_DEPUTY,
    Step.TOLD_THIRD: Step.AGAIN_THIRD,
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: whom to tell, of messages in which state, and when.

    That is so many days after the message came; or, of messages that were taken on, so many days
    after the working days within which something should have been recorded.
    """

    step: Step
    address: str
    after_days: int
    state: State = State.WAITING


@dataclass(frozen=True, slots=True)
class Told:
    """What a run did: how many messages each step told of, and which steps could not be told."""

    told: dict[Step, int]
    failed: tuple[Step, ...]


def rungs_of(site: Site) -> tuple[Rung, ...]:
    """The ladder as the council has set it, once for what waits and once for what was taken on.

    Where there is no address, there is no rung.
    """
    rules, notify = site.contact, site.notify
    ladder = (
        Rung(Step.TOLD_LEAD, notify.safeguarding_lead, 0),
        Rung(
            Step.TOLD_DEPUTY,
            notify.safeguarding_deputy,
            0 if rules.deputy_at_once else rules.deputy_after_days,
        ),
        Rung(Step.TOLD_THIRD, notify.safeguarding_third, rules.third_after_days),
    )
    again = (replace(rung, step=_AGAIN[rung.step], state=State.SEEN) for rung in ladder)
    return tuple(rung for rung in (*ladder, *again) if rung.address)


def tell_soon(site: Site) -> None:
    """Tell in the background, so that nobody waits for a mail server. Never raises."""
    if site.mail and rungs_of(site):
        threading.Thread(target=_tell_quietly, args=(site,), daemon=True, name="tell").start()


def tell_full_soon(site: Site) -> None:
    """Tell the lead in the background that messages are turned away. Never raises."""
    if site.mail and site.notify.safeguarding_lead:
        threading.Thread(target=_tell_full, args=(site,), daemon=True, name="tell").start()


def tell(site: Site, today: date) -> Told:
    """Send every mail that is due and was not sent; each rung hears of a message once.

    One process at a time, so that two do not send the same mail. A mail that fails is due again.
    """
    told: dict[Step, int] = {}
    failed = []
    with _alone(site):
        found = all_requests(site.engine)
        for rung in rungs_of(site) if site.mail else ():
            due = [one for one in found if _is_due(site, one, rung, today)]
            if not due:
                continue
            try:
                _mail(site, rung, len(due))
            except (NotSent, ValueError) as error:
                log.error("%s: %s", rung.step, error)
                failed.append(rung.step)
            else:
                note_told(site.engine, [one.id for one in due], rung.step, today)
                told[rung.step] = len(due)
    return Told(told, tuple(failed))


def words_for(rung: Rung, count: int) -> str:
    """The words of a mail. They say nothing of whom, of what, or of what this place is for."""
    waits = "One message is" if count == 1 else f"{count} messages are"
    how, act = "waiting", f"Log in to read {'it' if count == 1 else 'them'}."
    if rung.after_days:
        how = "still waiting"
    if rung.state is State.SEEN:
        how, act = "still open", "Log in and record what was done."
    if rung.step in (Step.TOLD_THIRD, Step.AGAIN_THIRD):
        act = "Please ask the people who read them to log in."
    return f"{waits} {how} in Heard. {act}\n"


def _is_due(site: Site, one: Request, rung: Rung, today: date) -> bool:
    if one.state is not rung.state or rung.step in one.steps:
        return False
    told_by = today - timedelta(days=rung.after_days)
    if one.state is State.WAITING:
        return one.day <= told_by
    taken_on = one.steps[Step.SEEN].day if Step.SEEN in one.steps else one.day
    return working_days_between(taken_on, told_by) >= site.contact.again_after_working_days


def _mail(site: Site, rung: Rung, count: int) -> None:
    if site.mail is None:
        raise NotSent("the site has no mail server")
    send_mail(site.mail, [rung.address], SUBJECT, words_for(rung, count))


def _tell_quietly(site: Site) -> None:
    try:
        tell(site, site.now().date())
    except Exception as error:
        log.error("nobody was told that a message waits", exc_info=error)


def _tell_full(site: Site) -> None:
    try:
        if site.mail:
            send_mail(site.mail, [site.notify.safeguarding_lead], SUBJECT, FULL)
    except Exception as error:
        log.error("nobody was told that messages are turned away", exc_info=error)


@contextmanager
def _alone(site: Site) -> Iterator[None]:
    """Hold the room's lock file; waits for whoever holds it."""
    path = site.summaries.parent / _LOCK
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
