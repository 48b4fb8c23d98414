"""The end of messages: deleted some time after the work on them was done.

In: a Site and today. Out: how many went and how many remain, by state. Run every night, before the
database is compacted, so that nothing of them stays on free pages.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.audit.log import audit_log_of, record
from surveys.contact.requests import State, count_states, delete_done, rewrite_requests
from surveys.site import Site


@dataclass(frozen=True, slots=True)
class Tidied:
    """What went, and what remains."""

    deleted: int
    left: Counter[State]


def tidy_up(site: Site, today: date) -> Tidied:
    """Delete what was done long enough ago, and write the rest anew in the order of random ids."""
    done_by = today - timedelta(days=site.contact.delete_after_days)
    deleted = delete_done(site.engine, done_by)
    if deleted:
        about = {"messages": str(deleted), "done_by": done_by.isoformat()}
        record(audit_log_of(site), today, "command line", "contact_deleted", about)
    rewrite_requests(site.engine)
    return Tidied(deleted, count_states(site.engine))
