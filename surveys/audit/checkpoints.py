"""Checkpoints: once a night the site signs how far the audit log has come, in the log itself.

In: the log and the signing key. Out: a line more, and for whoever checks: the first link that is
broken and what that means. A signature shows that a file was not written anew by somebody without
the site's key. Whoever took over the site has that key: against them only a head helps that
somebody else keeps, which is why it is sent to two people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from surveys.audit import log
from surveys.audit.log import Entry, Fault, audit_log_of
from surveys.audit.signing import is_signed, public_half, sign, signing_key
from surveys.site import Site

WHAT = "checkpoint"
PUBLIC_NAME = "audit.pub"
NOT_SIGNED = "a checkpoint that the site's key did not sign"
NOT_AS_SIGNED = "a checkpoint of a log that was another one then"
NO_CHECKPOINT = "the log has no checkpoint, although this site has made some"
_MESSAGE = b"heard audit checkpoint 1\0"
_MEANINGS = {
    log.CHANGED: (
        "The words of this line are not the words that were written. Up to the line before it "
        "the log is as it was."
    ),
    log.NOT_AN_ENTRY: (
        "This line was torn by a crash while it was written, or put there by another program. "
        "Up to the line before it the log is as it was."
    ),
    log.DOES_NOT_FOLLOW: (
        "Just before this line something was taken out, put in or moved. Up to the line before "
        "it the log is as it was."
    ),
    NOT_SIGNED: (
        "Somebody without the site's key wrote this checkpoint, or the key is not the one that "
        "you gave. No line of the log can be relied on until it is known which."
    ),
    NOT_AS_SIGNED: (
        "The site signed another log here: lines before this checkpoint were written anew, "
        "after the checkpoint before it."
    ),
    NO_CHECKPOINT: (
        "The whole file was replaced, or cut off before the first checkpoint. Ask for the head "
        "that was sent to two people, and for the backups."
    ),
    log.HEAD_GONE: (
        "The end of the log was cut off after you were sent that head, or the whole file was "
        "replaced. What is missing can be found in a backup only."
    ),
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was just signed, and the head to be kept by two people."""

    lines: int
    head: str
    public_key: str


def make_checkpoint(site: Site, day: date) -> Checkpoint:
    """Sign how far the log has come, as a line of the log. Raises AuditKeyUnfit."""
    path, key = audit_log_of(site), signing_key(secrets_of(site))
    public_path(site).write_text(public_half(key), encoding="ascii")
    lines = 0

    def about(before: Sequence[Entry]) -> dict[str, str]:
        nonlocal lines
        lines, head = len(before), before[-1].hash if before else log.FIRST
        signature = sign(key, _message(day.isoformat(), lines, head))
        return {"lines": str(lines), "head": head, "signature": signature}

    new_head = log.record_about_all(path, day, "nightly", WHAT, about)
    return Checkpoint(lines + 1, new_head, public_half(key))


def verify(
    path: Path, public_key: str | None = None, earlier_head: str | None = None
) -> tuple[Fault, ...]:
    """Every fault, first line first; what concerns the file as a whole comes last (line 0).

    Raises ValueError when ``public_key`` is none.
    """
    faults = [*log.check(path, earlier_head)]
    if public_key is not None:
        faults += _unsigned(log.entries(path), public_key)
    return tuple(sorted(faults, key=lambda fault: fault.line or float("inf")))


def meaning_of(fault: Fault) -> str:
    """What a fault means, for whoever has to decide what to do."""
    return _MEANINGS[fault.words]


def last_checkpoint(path: Path) -> Entry | None:
    """The newest checkpoint, if there is one."""
    return next((one for one in reversed(log.entries(path)) if one.what == WHAT), None)


def public_path(site: Site) -> Path:
    """Where the site keeps the public half, for checks on the spot."""
    return site.summaries.parent / PUBLIC_NAME


def known_public_key(site: Site) -> str | None:
    """The public half that lies on the site, if it ever made a checkpoint."""
    path = public_path(site)
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def secrets_of(site: Site) -> Path:
    """The folder of the site's secrets."""
    return site.secrets or site.summaries.parent / "secrets"


def _unsigned(entries: Sequence[Entry], public_key: str) -> Iterator[Fault]:
    heads, found = [log.FIRST, *(entry.hash for entry in entries)], False
    for count, entry in enumerate(entries):
        if entry.what != WHAT:
            continue
        found = True
        lines, head = entry.about.get("lines", ""), entry.about.get("head", "")
        if not is_signed(
            public_key, _message(entry.day, lines, head), entry.about.get("signature", "")
        ):
            yield Fault(entry.line, NOT_SIGNED)
        elif heads[min(int(lines), count)] != head:
            yield Fault(entry.line, NOT_AS_SIGNED)
    if not found:
        yield Fault(0, NO_CHECKPOINT)


def _message(day: str, lines: int | str, head: str) -> bytes:
    words = {"day": day, "lines": str(lines), "head": head}
    return _MESSAGE + json.dumps(words, sort_keys=True, separators=(",", ":")).encode()
