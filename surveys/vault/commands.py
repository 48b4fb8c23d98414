"""The vault's commands: ``flask keys ...`` and ``flask waves ...``, run by people, off the web.

In: a wave's id and files. Out: files and a few lines of text. Whatever can open anything is
imported inside the commands, so that the web process never loads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from surveys.site import Site
from surveys.vault.compacting import NotCompacted
from surveys.vault.envelope import CannotOpen
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.waves import Wave, WaveStatus, WrongStatus, all_waves, set_status

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """Keys of a wave."""


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


@keys.command("create")
@click.argument("wave", type=WaveId())
@click.option("--offline-folder", type=_FOLDER, required=True, help="On a device to take away.")
@click.option("--custodian-folder", type=_FOLDER, help="The custodian's own device, if another.")
@click.option("--spares/--no-spares", default=True, help="A second key for each layer.")
@click.pass_obj
def create_keys(
    site: Site, wave: Wave, *, offline_folder: Path, custodian_folder: Path | None, spares: bool
) -> None:
    """Make the keys of WAVE and show each holder their passphrases, this once."""
    from surveys.vault.key_making import create_wave_keys

    try:
        files = create_wave_keys(
            wave.id,
            offline_folder,
            site.public_keys,
            custodian_folder=custodian_folder,
            spares=spares,
        )
    except FileExistsError as error:
        raise click.ClickException(str(error)) from error
    for file in files:
        click.echo(f"{file.holder}\n  file        {file.path}\n  passphrase  {file.passphrase}")
        click.echo("Write the passphrase down now; it is not kept anywhere.")
        click.pause("Press a key for the next holder; the screen is cleared ...")
        click.clear()
    click.echo("Take the key files off this computer before the site starts.")


@keys.command("try")
@click.argument("wave", type=WaveId())
@click.option("--key-file", type=_FILE, required=True)
@click.option("--passphrase-file", type=_FILE, required=True)
@click.pass_obj
def try_keys(site: Site, wave: Wave, key_file: Path, passphrase_file: Path) -> None:
    """Check that a key file opens what the site seals for WAVE."""
    from surveys.vault.key_making import try_key

    try:
        fits = try_key(_private_key(key_file, passphrase_file), wave.id, site.public_keys)
    except KeysUnfit as error:
        raise click.ClickException(str(error)) from error
    if not fits:
        raise click.ClickException("This key does not open what the site seals for this wave.")
    click.echo("The key fits.")


@waves.command("list")
@click.pass_obj
def list_waves(site: Site) -> None:
    """Show every wave with its status and window."""
    for wave in all_waves(site.engine):
        window = f"{wave.opens_on} to {wave.closes_on}"
        click.echo(f"{wave.id.hex()}  {wave.survey} {wave.number}  {wave.status}  {window}")


@waves.command("open")
@click.argument("wave", type=WaveId())
@click.pass_obj
def open_wave(site: Site, wave: Wave) -> None:
    """Let people answer WAVE, if it asks what was prepared and its public keys are fit to seal."""
    from surveys.inspections.instruments import standing_of

    survey = site.surveys.get(wave.survey)
    if survey is None or not standing_of(site.summaries.parent, wave, survey).is_fine:
        raise click.ClickException(
            f"The questionnaires of {wave.survey} are not those that were prepared. Put them back, "
            "or prepare another wave."
        )
    try:
        load_wave_keys(site.public_keys, wave.id)
    except KeysUnfit as error:
        raise click.ClickException(str(error)) from error
    _step(site, wave, WaveStatus.OPEN)


@waves.command("close")
@click.argument("wave", type=WaveId())
@click.pass_obj
def close_wave(site: Site, wave: Wave) -> None:
    """Stop taking answers to WAVE."""
    _step(site, wave, WaveStatus.CLOSED)


@waves.command("release")
@click.argument("wave", type=WaveId())
@click.option("--key-file", type=_FILE, required=True, help="The release custodian's.")
@click.option("--passphrase-file", type=_FILE, required=True)
@click.option("--leave-out-unfit", is_flag=True, help="Go on without finals that do not open.")
@click.pass_obj
def release(
    site: Site, wave: Wave, key_file: Path, passphrase_file: Path, leave_out_unfit: bool
) -> None:
    """Turn the sealed slots of a closed WAVE into responses for the analyst."""
    from surveys.vault.release import ReleaseRefused, release_wave

    private_key = _private_key(key_file, passphrase_file)
    try:
        report = release_wave(
            site.engine,
            site.storage_key,
            wave,
            private_key,
            recipients=load_wave_keys(site.public_keys, wave.id).analyst_ids,
            leave_out_unfit=leave_out_unfit,
        )
    except (WrongStatus, ReleaseRefused, KeysUnfit, CannotOpen) as error:
        raise click.ClickException(str(error)) from error
    except NotCompacted as error:
        _note_released(site, wave)
        raise click.ClickException(f"Released. Now run `flask nightly`: {error}") from error
    _note_released(site, wave)
    click.echo(f"{report.released} responses released; {report.unfit} left out as unfit.")
    click.echo(f"Fingerprint for the analyst: {report.fingerprint.hex()}")


def _note_released(site: Site, wave: Wave) -> None:
    from surveys.staff import audit
    from surveys.staff.pages import audit_log_of

    about = {"survey": wave.survey, "wave": str(wave.number)}
    audit.record(audit_log_of(site), site.now().date(), "command line", "released", about)


def _step(site: Site, wave: Wave, status: WaveStatus) -> None:
    try:
        set_status(site.engine, wave.id, status)
    except WrongStatus as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{wave.survey} {wave.number} is {status}.")


def _private_key(key_file: Path, passphrase_file: Path) -> Any:
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase, read_key_file

    try:
        return read_key_file(key_file, passphrase_file.read_text(encoding="utf-8"))
    except (KeyFileDamaged, WrongPassphrase) as error:
        raise click.ClickException(str(error)) from error
