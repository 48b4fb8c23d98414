"""One run of the retention rules: erase what is due, compact, certify, and say what is left.

In: a Site and the day. Out: lines and troubles. A run that is killed anywhere is finished by the
next: rows go together with a record of it, and a record is closed last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.audit.log import audit_log_of, record
from surveys.database import writing
from surveys.inspections.working_days import working_days_between
from surveys.invitations.outbox.opt_outs import forget_old
from surveys.retention.certificates import Around, write_certificate
from surveys.retention.due import Item, items_of, keep_until, title_of, without_a_day
from surveys.retention.erasing import erase
from surveys.retention.left_over import (
    keys_gone,
    keys_left,
    release_keys_left,
    remove_code_lists,
    unknown_files,
)
from surveys.retention.record import Erasure, Kind, Stage, advance, unfinished
from surveys.site import Site
from surveys.vault.compacting import compact
from surveys.vault.waves import WaveStatus, all_waves, set_retention

WHO = "retention"
RELEASE_KEY_DAYS = timedelta(days=14)  # after closing, as docs/keys.md and the sheets promise
_TAKES_ANSWERS = (WaveStatus.PREPARED, WaveStatus.OPEN)
_PATIENCE = 2  # working days after its window in which a wave may still wait to be closed


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What a run did, and what needs a person. In a dry run: what it would do."""

    lines: tuple[str, ...]
    troubles: tuple[str, ...]


def run_retention(site: Site, today: date) -> RetentionReport:
    """Erase everything that is due. Raises NotCompacted; run it again then."""
    _settle_dates(site, today)
    for item in due_now(site, today):
        if item.kind is Kind.CONTACTS:
            remove_code_lists(site, item.subject)
        erase(site, item, today)
    with writing(site.engine).begin() as connection:
        forget_old(connection, today)
    left = unfinished(site.engine)
    if any(erasure.stage is Stage.ERASED for erasure in left):
        compact(site.engine)
    lines = tuple(line for erasure in left for line in _certify(site, erasure, today))
    waiting = [erasure for erasure in unfinished(site.engine) if erasure.kind is Kind.ANSWERS]
    keys = tuple(trouble for erasure in waiting for trouble in _keys_waiting(site, erasure))
    named = frozenset(erasure.subject for erasure in waiting)
    late = (*_release_keys_late(site, today, named), *_not_closed(site, today))
    return RetentionReport(lines, (*keys, *late, *without_a_day(site)))


def would_erase(site: Site, today: date) -> RetentionReport:
    """What a run today would erase; nothing is changed."""
    found = ((item, erase(site, item, today, really=False)) for item in due_now(site, today))
    lines = tuple(f"would erase {_in_words(erasure)}" for _, erasure in found if erasure)
    late = (*_release_keys_late(site, today, frozenset()), *_not_closed(site, today))
    return RetentionReport(lines, (*late, *without_a_day(site)))


def due_now(site: Site, today: date) -> tuple[Item, ...]:
    """What has to go today or should have gone before."""
    return tuple(item for item in items_of(site) if item.due_on <= today)


def _settle_dates(site: Site, today: date) -> None:
    """A wave from before this rule gets its date now, so that a later setting does not move it."""
    for wave in all_waves(site.engine):
        if wave.retention_until is None:
            until = keep_until(site, wave)
            set_retention(site.engine, wave.id, until)
            _note(site, today, "retention_set", wave=title_of(wave), until=until.isoformat())


def _certify(site: Site, erasure: Erasure, today: date) -> Iterator[str]:
    around = _around(site, erasure)
    if erasure.stage is Stage.CERTIFIED and around.keys_left:
        return  # said before; what waits is said below, every night anew
    path = write_certificate(site, erasure, around)
    _note(site, today, "erased", kind=erasure.kind, of=erasure.title, certificate=path.name)
    advance(site.engine, erasure, Stage.CERTIFIED if around.keys_left else Stage.COMPLETE)
    yield f"erased {_in_words(erasure)}; {path.name}"


def _around(site: Site, erasure: Erasure) -> Around:
    files = tuple(unknown_files(site))
    if erasure.kind is not Kind.ANSWERS:
        return Around(files=files)
    return Around(keys_left(site, erasure.subject), keys_gone(site, erasure.subject), files)


def _keys_waiting(site: Site, erasure: Erasure) -> Iterator[str]:
    for key in keys_left(site, erasure.subject):
        yield (
            f"{erasure.title}: its answers are erased, its keys are not all destroyed. Backups "
            f"can still be opened. Run `flask keys destroy` for {key}."
        )


def _release_keys_late(site: Site, today: date, named: frozenset[bytes]) -> Iterator[str]:
    """Waves whose custodian's keys are there although their days are over."""
    for wave in all_waves(site.engine):
        until = wave.ended_on + RELEASE_KEY_DAYS
        if wave.status in _TAKES_ANSWERS or wave.id in named or today < until:
            continue
        for key in release_keys_left(site, wave.id):
            yield (
                f"{title_of(wave)} has to lose its release key by {until}: until then a backup can "
                f"tie an answer to a code. Once it is released, run `flask keys destroy` for {key}."
            )


def _not_closed(site: Site, today: date) -> Iterator[str]:
    for wave in all_waves(site.engine):
        waited = working_days_between(wave.closes_on, today)
        if wave.status is WaveStatus.OPEN and waited >= _PATIENCE:
            yield (
                f"{title_of(wave)} should have been closed on {wave.closes_on}; its drafts are "
                f"still there. Run `flask waves close {wave.id.hex()[:8]}`."
            )


def _in_words(erasure: Erasure) -> str:
    counts = ", ".join(f"{name} {count}" for name, count in erasure.counts.items())
    return f"{erasure.kind} of {erasure.title} ({counts})"


def _note(site: Site, today: date, what: str, **about: str) -> None:
    record(audit_log_of(site), today, WHO, what, about)
