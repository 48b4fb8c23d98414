"""The night's work, before the backup: count in tens, write every slot anew, leave nothing behind.

In: a Site. Out: figures for the coordinator's board, and a database in which nobody who compares
two nights can tell which slots were used in between.
"""

from __future__ import annotations

from datetime import date

from surveys.console.progress import take_progress
from surveys.invitations.register import invited_by_audience
from surveys.site import Site
from surveys.vault.compacting import compact
from surveys.vault.slots import count_finals, rewrite_slots
from surveys.vault.waves import WaveStatus, all_waves


def run_night(site: Site, today: date) -> int:
    """Count every open wave, rewrite all slots and compact. Returns how many waves were counted.

    Raises NotCompacted when somebody kept the database busy; run it again then.
    """
    waves = [wave for wave in all_waves(site.engine) if wave.status is WaveStatus.OPEN]
    for wave in waves:
        offered = sum(invited_by_audience(site.engine, wave.id).values())
        finals = count_finals(site.engine, site.storage_key, wave.id)
        take_progress(site.engine, wave.id, offered, finals, today)
    rewrite_slots(site.engine, site.storage_key)
    compact(site.engine)
    return len(waves)
