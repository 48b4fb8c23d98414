"""The commands ``flask waves ...``, run by people, off the web; ``keys`` is in key_commands.py.

In: a wave's id and files. Out: files and a few lines of text. Whatever can open anything is
imported inside the commands, so that the web process never loads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from surveys.keys.ceremony_asking import (
    note_in_log,
    passphrase_files_option,
    private_keys,
    refusals,
)
from surveys.keys.custody import OnePersonHoldsBoth, refuse_untrue_promise
from surveys.keys.key_register import (
    NeverTried,
    NoKeyLeft,
    RegisterDamaged,
    refuse_no_key_left,
    refuse_untried,
)
from surveys.site import Site
from surveys.vault.envelope import CannotOpen
from surveys.vault.manifest import ManifestRefused
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.store import manifest_of
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
    try:
        set_status(site.engine, wave.id, WaveStatus.OPEN)
    except WrongStatus as error:
        raise click.ClickException(str(error)) from error
    note_in_log(site, wave, "opened", keys="not all tried" if untried else "all tried")
    click.echo(f"{wave.survey} {wave.number} is open.")


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
    note_in_log(site, wave, "closed")
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
    from surveys.vault.release import ReleasedNotCompacted, ReleaseRefused, release_wave

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
    except ReleasedNotCompacted as error:
        note_in_log(site, wave, "released")
        _tell(error.report.released, error.report.unfit, error.report.fingerprint)
        raise click.ClickException(f"Released. Now run `flask nightly`: {error}") from error
    note_in_log(site, wave, "released")
    _tell(report.released, report.unfit, report.fingerprint)


@waves.command("manifest")
@click.argument("wave", type=WaveId())
@click.pass_obj
def show_manifest(site: Site, wave: Wave) -> None:
    """Show the number of WAVE's release again, as it lies in the database and holds."""
    from surveys.vault.manifest_signing import verified_manifest

    signed = manifest_of(site.engine, wave.id)
    try:
        keys = load_wave_keys(site.public_keys, wave.id)
        manifest = verified_manifest(signed, keys.signers, wave)
    except (KeysUnfit, ManifestRefused) as error:
        raise click.ClickException(str(error)) from error
    if signed is not None:  # there is one, or it would not have held
        _tell(manifest.released, manifest.unfit, signed.fingerprint)


def _tell(released: int, unfit: int, fingerprint: bytes) -> None:
    click.echo(f"{released} responses released; {unfit} left out as unfit.")
    click.echo(f"Manifest {fingerprint.hex()}: tell it to the analyst, to compare.")


def _refuse_unready_keys(site: Site, wave: Wave, untried: bool) -> None:
    try:
        now = load_wave_keys(site.public_keys, wave.id).generations[0]
        refuse_untrue_promise(site, wave)
        layers = {"analyst": now.analyst_ids, "mix": now.mix_ids}
        refuse_no_key_left(site.public_keys, wave.id, layers)
        if not untried:
            refuse_untried(site.public_keys, wave.id)
    except (KeysUnfit, NeverTried, NoKeyLeft, OnePersonHoldsBoth, RegisterDamaged) as error:
        raise click.ClickException(str(error)) from error
