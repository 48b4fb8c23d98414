"""What the analyst's commands leave in the audit log, where there is one.

In: a site's folder and what was done. Out: one line of the log, never anything of an answer; or
one on the screen, away from the site.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from surveys.audit.log import FILE_NAME, record

WHO = "analysis"
_LONDON = ZoneInfo("Europe/London")


def note_act(home: Path, what: str, *, is_site: bool, **about: str) -> None:
    """Write one line; for a folder that is no site and has no log, say that somebody must."""
    log = home / FILE_NAME
    if is_site or log.is_file():
        record(log, datetime.now(_LONDON).date(), WHO, what, about)
    else:
        click.echo("There is no audit log here: have this noted in the site's.")
