"""What the commands of an inspection leave in the audit log.

In: an inspection and what was done. Out: one line, with counts of nobody.
"""

from __future__ import annotations

from surveys.audit.log import audit_log_of, record
from surveys.inspections.record import Inspection
from surveys.site import Site

WHO = "command line"


def note_act(site: Site, inspection: Inspection, what: str, **about: str) -> None:
    """One line: what was done in this inspection."""
    about = {"inspection": inspection.id.hex(), **about}
    record(audit_log_of(site), site.now().date(), WHO, what, about)
