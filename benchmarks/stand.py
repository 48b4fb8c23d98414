"""A throw-away site with one open wave answered by link, for benchmarks to run against."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app import open_site
from config.settings import create_site, read_settings
from surveys.inspections.record import open_inspection
from surveys.inspections.working_days import nth_working_day
from surveys.invitations.codes import CredentialSeed
from surveys.invitations.commands import site_keys
from surveys.invitations.issuing import issue
from surveys.invitations.register import new_invitation
from surveys.keys.key_making import create_wave_keys
from surveys.migrations.running import upgrade
from surveys.rehearsal.stage import day_1_so_that_today_is
from surveys.site import Site
from surveys.vault.waves import Wave, WaveStatus, prepare_wave, set_status


@dataclass(frozen=True)
class Stand:
    """The site, its open wave, the folder of its private keys, and links to answer with."""

    site: Site
    wave: Wave
    offline: Path
    links: list[str]


def build(folder: Path, survey: str, links: int) -> Stand:
    """Make a site in ``folder`` with a wave of ``survey`` and that many invitations by link."""
    os.environ["HEARD_HOME"] = str(folder / "site")
    create_site(folder / "site", "Benchmark Council", demo=True, https=False)
    site = open_site(read_settings())
    upgrade(site.engine)
    today = site.now().date()
    inspection = open_inspection(
        site.engine,
        authority=site.authority,
        framework="2009",
        day_1=nth_working_day(day_1_so_that_today_is(1, today), 1),
        title="Benchmark",
        invented=True,
    )
    window = (today - timedelta(days=1), today + timedelta(days=9))
    wave = prepare_wave(site.engine, site.surveys[survey], inspection.id, *window)
    create_wave_keys(wave.id, folder / "offline", site.public_keys, spares=False)
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    audience = site.surveys[survey].questionnaires[0].audience
    wanted = [new_invitation(wave.id, audience, "link") for _ in range(links)]
    codes = issue(site.engine, wave, wanted, seed=CredentialSeed.generate(), keys=site_keys(site))
    return Stand(site, wave, folder / "offline", [code.link for code in codes])
