"""The night's work, in one order: count, rewrite, compact, erase, remind, sign the log, back up.

In: a Site. Out: one line for each step, and a database in which nobody who compares two nights can
tell which slots were used in between. A step that fails does not keep the others from running.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from surveys.audit.checkpoints import make_checkpoint
from surveys.audit.signing import AuditKeyUnfit
from surveys.audit.telling import tell
from surveys.backup.commands import back_up, words_of
from surveys.backup.keys import BackupKeysUnfit
from surveys.backup.packing import BackupRefused
from surveys.console.progress import take_progress
from surveys.contact.telling import tell as tell_people
from surveys.contact.tidying import tidy_up
from surveys.invitations.register import invited_by_audience
from surveys.mail.sending import NotSent
from surveys.retention.running import run_retention
from surveys.site import Site
from surveys.vault.compacting import NotCompacted, compact
from surveys.vault.rewriting import SlotsDamaged, rewrite_slots
from surveys.vault.slots import count_finals
from surveys.vault.waves import WaveStatus, all_waves

log = logging.getLogger("heard")


class NeedsSomebody(Exception):
    """A step did its work and found something that a person has to do. The message says what."""


_SAY_WHY = (
    AuditKeyUnfit, BackupKeysUnfit, BackupRefused, NeedsSomebody, NotCompacted, OSError,
    SlotsDamaged,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of a step, in one line."""

    name: str
    words: str
    failed: bool = False

    def __str__(self) -> str:
        """The line that the timer's journal gets."""
        return f"{self.name:<10} {'FAILED: ' if self.failed else ''}{self.words}"


def whole_night(site: Site, today: date) -> Iterator[StepReport]:
    """Every step of the night in its order, each reported as it ends. Nothing is raised."""
    for name, step in STEPS:
        try:
            yield StepReport(name, step(site, today))
        except Exception as error:  # one step's failure must not keep the others from running
            log.exception("the step %s of the night failed", name)
            # What other errors say may quote what is stored
            words = str(error) if isinstance(error, _SAY_WHY) else type(error).__name__
            yield StepReport(name, words, failed=True)


def count(site: Site, today: date) -> int:
    """Store the figure of every open wave, in tens. Returns how many waves there were."""
    waves = [wave for wave in all_waves(site.engine) if wave.status is WaveStatus.OPEN]
    for wave in waves:
        offered = sum(invited_by_audience(site.engine, wave.id).values())
        finals = count_finals(site.engine, site.storage_key, wave.id)
        take_progress(site.engine, wave.id, offered, finals, today)
    return len(waves)


def _count(site: Site, today: date) -> str:
    return f"{count(site, today)} open waves counted."


def _rewrite(site: Site, _today: date) -> str:
    rewrite_slots(site.engine, site.storage_key)
    return "every slot written anew."


def _messages(site: Site, today: date) -> str:
    tidied = tidy_up(site, today)
    return f"{tidied.deleted} contact messages deleted, {tidied.left.total()} remain."


def _reminders(site: Site, today: date) -> str:
    done = tell_people(site, today)
    if done.failed:
        raise NeedsSomebody(f"not sent, to be tried again: {', '.join(done.failed)}.")
    return f"{sum(done.told.values())} mails about contact messages sent."


def _compact(site: Site, _today: date) -> str:
    compact(site.engine)
    return "the database holds its rows and nothing else."


def _retention(site: Site, today: date) -> str:
    report = run_retention(site, today)
    words = "; ".join(report.lines) or "nothing is due"
    if report.troubles:
        raise NeedsSomebody(f"{words}. {' '.join(report.troubles)}")
    return f"{words}."


def _audit(site: Site, today: date) -> str:
    made = make_checkpoint(site, today)
    words = f"head {made.head}, {made.lines} lines, key {made.public_key}"
    try:
        told = tell(site, made, today)
    except NotSent as error:
        raise NeedsSomebody(f"{error}. Write it down twice: {words}.") from error
    kept = {0: "nobody is mailed it: write it down twice", 1: "mailed to 1, and it takes two"}
    return f"{words}; {kept.get(told, f'mailed to {told}')}."


def _backup(site: Site, _today: date) -> str:
    if site.backup.folder is None:
        return "none made: site.toml names no folder under [backup]."
    made = back_up(site, site.backup.folder)
    return f"{words_of(made)}. {made.damaged}".strip()


STEPS: tuple[tuple[str, Callable[[Site, date], str]], ...] = (
    ("count", _count),
    ("rewrite", _rewrite),
    ("messages", _messages),
    ("compact", _compact),
    ("retention", _retention),
    ("reminders", _reminders),
    ("audit", _audit),
    ("backup", _backup),
)
