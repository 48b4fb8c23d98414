"""Who holds the keys, as the whole site says it: refusing to start, and what people are told."""

from dataclasses import replace
from datetime import date

import pytest

from app import build_app
from config.settings import read_settings
from surveys.keys.ceremony import Holders, hold_ceremony
from surveys.keys.custody import OnePersonHoldsBoth
from surveys.site import Site
from surveys.vault.key_files import Stretching
from surveys.vault.waves import WaveStatus, find_wave, prepare_wave, set_status

QUICK = Stretching(8 * 1024, 1, 1)
DAYS = (date(2026, 11, 2), date(2026, 11, 20))


@pytest.fixture
def started(site_home, tmp_path):
    """Starts the site as it would be served, promising one holder or two."""
    apps = []

    def start(*, single):
        app = build_app(replace(read_settings(site_home), single_custodian=single))
        apps.append(app)
        return app.extensions["heard"]

    yield start
    for app in apps:
        app.extensions["heard"].engine.dispose()


def prepared(site: Site, folder, *, custodian_folder=None):
    wave = prepare_wave(
        site.engine, site.surveys["care4me"], bytes(16), *DAYS,
        single_custodian=site.single_custodian,
    )  # fmt: skip
    holders = Holders("Ana", folder / "ana", "Cus", custodian_folder)
    hold_ceremony(site, wave, holders, spares=False, stretching=QUICK)
    return wave


@pytest.mark.parametrize("status", [WaveStatus.PREPARED, WaveStatus.OPEN])
def test_site_does_not_start_with_a_promise_of_two_and_keys_of_one(started, tmp_path, status):
    site = started(single=True)
    wave = prepared(site, tmp_path)
    if status is WaveStatus.OPEN:
        set_status(site.engine, wave.id, status)
    with pytest.raises(OnePersonHoldsBoth, match=f"care4me 1 .{wave.id.hex()[:8]}"):
        started(single=False)


def test_site_starts_with_two_holders_and_when_the_wave_of_one_is_over(started, tmp_path):
    site = started(single=True)
    over = prepared(site, tmp_path / "a")
    set_status(site.engine, over.id, WaveStatus.OPEN)
    set_status(site.engine, over.id, WaveStatus.CLOSED)
    assert find_wave(site.engine, over.id).single_custodian
    site = started(single=False)
    wave = prepare_wave(
        site.engine, site.surveys["care4me"], bytes(16), *DAYS, number=2, single_custodian=False
    )
    holders = Holders("Ana", tmp_path / "b" / "ana", "Cus", tmp_path / "b" / "cus")
    hold_ceremony(site, wave, holders, spares=False, stretching=QUICK)
    assert not find_wave(started(single=False).engine, wave.id).single_custodian


def test_site_starts_before_it_has_tables(tmp_path):
    from config.settings import create_site

    create_site(tmp_path / "new", "Exampleshire County Council", demo=True, https=False)
    app = build_app(replace(read_settings(tmp_path / "new"), single_custodian=False))
    app.extensions["heard"].engine.dispose()
