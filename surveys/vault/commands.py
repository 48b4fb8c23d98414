"""The commands ``flask waves ...``, run by people, off the web; ``keys`` is in key_commands.py.

In: a wave's id and files. Out: files and a few lines of text. Whatever can open anything is
imported inside the commands, so that the web process never loads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from surveys.site import Site
from surveys.vault.ceremony_asking import passphrase_files_option, private_keys, refusals
from surveys.vault.compacting import NotCompacted
from surveys.vault.custody import OnePersonHoldsBoth, refuse_untrue_promise
from surveys.vault.envelope import CannotOpen
from surveys.vault.key_register import NeverTried, RegisterDamaged, refuse_untried
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.waves import Wave, WaveStatus, WrongStatus, all_waves, set_status

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def waves() -> None:
    """Open, close and release waves."""


class WaveId(click.ParamType):
    """The id of a wave: as many of its hexadecimal digits as tell it from the others."""

    name = "wave"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Wave:
        """The one wave whose id begins like this."""
        engine = click.get_current_context().obj.engine
        found = [wave for wave in all_waves(engine) if wave.id.hex().startswith(value)]
        if len(found) != 1:
            self.fail(f"{len(found)} waves have an id that begins with {value}", param, ctx)
        return found[0]


@waves.command("list")
@click.pass_obj
def list_waves(site: Site) -> None:
    """Show every wave with its status and window."""
    for wave in all_waves(site.engine):
        window = f"{wave.opens_on} to {wave.closes_on}"
        kept = f"answers until {wave.retention_until}" if wave.retention_until else "no end set"
        click.echo(f"{wave.id.hex()}  {wave.survey} {wave.number}  {wave.status}  {window}  {kept}")


@waves.command("open")
@click.argument("wave", type=WaveId())
@click.option("--untried", is_flag=True, help="Although some of its keys were never tried.")
@click.pass_obj
def open_wave(site: Site, wave: Wave, untried: bool) -> None:
    """Let people answer WAVE, if it asks what was prepared and its public keys are fit to seal."""
    from surveys.inspections.instruments import standing_of

    survey = site.surveys.get(wave.survey)
    if survey is None or not standing_of(site.summaries.parent, wave, survey).is_fine:
        raise click.ClickException(
            f"The questionnaires of {wave.survey} are not those that were prepared. Put them back, "
            "or prepare another wave."
        )
    _refuse_unready_keys(site, wave, untried)
    _step(site, wave, WaveStatus.OPEN)


@waves.command("close")
@click.argument("wave", type=WaveId())
@click.pass_obj
def close_wave(site: Site, wave: Wave) -> None:
    """Stop taking answers to WAVE, and erase what was begun and never sent. There is no way back.

    Opened again, the wave takes answers from those who had not begun.
    """
    from surveys.retention.erasing import close_wave as close_and_erase

    try:
        close_and_erase(site, wave, site.now().date())
    except WrongStatus as error:
        raise click.ClickException(str(error)) from error
    _note(site, wave, "closed")
    click.echo(f"{wave.survey} {wave.number} is closed. Unfinished answers are erased.")


@waves.command("release")
@click.argument("wave", type=WaveId())
@click.option("--key-file", "key_files", type=_FILE, multiple=True, required=True)
@passphrase_files_option
@click.option("--leave-out-unfit", is_flag=True, help="Go on without finals that do not open.")
@click.pass_obj
def release(
    site: Site,
    wave: Wave,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    leave_out_unfit: bool,
) -> None:
    """Turn the sealed slots of a closed WAVE into responses for the analyst.

    Needs the release custodian's key file; where the keys were changed, every custodian's since.
    """
    from surveys.vault.release import ReleaseRefused, release_wave

    with refusals():
        private_key, *earlier = private_keys(key_files, passphrase_files)
    try:
        report = release_wave(
            site.engine,
            site.storage_key,
            wave,
            private_key,
            keys=load_wave_keys(site.public_keys, wave.id),
            earlier_mix_keys=earlier,
            leave_out_unfit=leave_out_unfit,
        )
    except (WrongStatus, ReleaseRefused, KeysUnfit, CannotOpen) as error:
        raise click.ClickException(str(error)) from error
    except NotCompacted as error:
        _note_released(site, wave)
        raise click.ClickException(f"Released. Now run `flask nightly`: {error}") from error
    _note_released(site, wave)
    click.echo(f"{report.released} responses released; {report.unfit} left out as unfit.")
    click.echo(f"Manifest {report.fingerprint.hex()}: tell it to the analyst, to compare.")


def _refuse_unready_keys(site: Site, wave: Wave, untried: bool) -> None:
    try:
        load_wave_keys(site.public_keys, wave.id)
        refuse_untrue_promise(site, wave)
        if not untried:
            refuse_untried(site.public_keys, wave.id)
    except (KeysUnfit, NeverTried, OnePersonHoldsBoth, RegisterDamaged) as error:
        raise click.ClickException(str(error)) from error


def _note_released(site: Site, wave: Wave) -> None:
    _note(site, wave, "released")


def _note(site: Site, wave: Wave, what: str) -> None:
    from surveys.audit import log as audit
    from surveys.audit.log import audit_log_of

    about = {"survey": wave.survey, "wave": str(wave.number)}
    audit.record(audit_log_of(site), site.now().date(), "command line", what, about)


def _step(site: Site, wave: Wave, status: WaveStatus) -> None:
    try:
        set_status(site.engine, wave.id, status)
    except WrongStatus as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{wave.survey} {wave.number} is {status}.")
