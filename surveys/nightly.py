"""The night's work: today, the counts of finished responses, in tens, for the coordinator's board.

The rewrite of all slots belongs here too, before the backup; it is not built yet.
"""

from __future__ import annotations

from datetime import date

from surveys.console.progress import take_progress
from surveys.invitations.register import invited_by_audience
from surveys.site import Site
from surveys.vault.slots import count_finals
from surveys.vault.waves import WaveStatus, all_waves


def run_night(site: Site, today: date) -> int:
    """Count every open wave. Returns how many waves were counted."""
    waves = [wave for wave in all_waves(site.engine) if wave.status is WaveStatus.OPEN]
    for wave in waves:
        offered = sum(invited_by_audience(site.engine, wave.id).values())
        finals = count_finals(site.engine, site.storage_key, wave.id)
        take_progress(site.engine, wave.id, offered, finals, today)
    return len(waves)
