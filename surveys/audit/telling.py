"""Telling two people the head of the audit log, so that its end cannot be cut off unseen.

In: a checkpoint. Out: a mail to the addresses under ``audit`` in ``[notify]``, or the words to be
written down by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from surveys.audit.checkpoints import Checkpoint
from surveys.mail.sending import send_mail
from surveys.site import Site

SUBJECT = "Heard: the audit log of today"


def tell(site: Site, checkpoint: Checkpoint, day: date) -> int:
    """Mail a checkpoint to whom the site names; returns how many. Raises NotSent.

    Nobody is told, and 0 returned, when the site has no mail server or names nobody.
    """
    if site.mail is None or not site.notify.audit:
        return 0
    send_mail(site.mail, site.notify.audit, SUBJECT, "\n".join(words_of(checkpoint, day)))
    return len(site.notify.audit)


def words_of(checkpoint: Checkpoint, day: date) -> Iterator[str]:
    """What is mailed: the head, the public key, and what to do with them."""
    yield f"On {day.isoformat()} the audit log has {checkpoint.lines} lines."
    yield f"head        {checkpoint.head}"
    yield f"public key  {checkpoint.public_key}"
    yield ""
    yield "Keep this mail. Two people get it, so that nobody can change the log alone. To check:"
    yield "flask --app app audit verify --head HEAD --public-key PUBLIC_KEY"
    yield "The public key stays the same from day to day. If it changes, ask why."
