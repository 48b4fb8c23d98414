"""What comes later in a key's life: recovering it from escrow, and destroying it at the end.

In: a wave, escrow files, key files. Out: a new key file, or a file fewer and a certificate. These
commands belong to ``flask keys`` (key_commands.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveys.keys.ceremony_asking import (
    FILE,
    FOLDER,
    hand_over,
    note_in_log,
    passphrase_files_option,
    private_keys,
    refusals,
    warn_of_open_files,
    warn_of_own_disk,
)
from surveys.keys.key_register import (
    Ending,
    KeyNote,
    note_destroyed,
    note_of_file,
    register_path,
    still_there,
)
from surveys.keys.wave_commands import WaveId
from surveys.site import Site
from surveys.vault.envelope import LAYERS
from surveys.vault.waves import Wave

if TYPE_CHECKING:
    from surveys.keys.destruction import KeyOnDisk


@click.command("recover")
@click.argument("wave", type=WaveId())
@click.option("--layer", type=click.Choice(list(LAYERS)), required=True)
@click.option("--escrow-file", type=FILE, required=True)
@click.option("--key-file", "key_files", type=FILE, multiple=True, help="Of two escrow custodians.")
@passphrase_files_option
@click.option("--folder", type=FOLDER, required=True, help="On the new holder's own device.")
@click.option("--holder", required=True, help="Who takes the new key file away.")
@click.pass_obj
def recover_key(
    site: Site,
    wave: Wave,
    *,
    layer: str,
    escrow_file: Path,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    folder: Path,
    holder: str,
) -> None:
    """Make a lost key of WAVE again, with an escrow file and two escrow custodians' keys."""
    from surveys.keys.escrow import read_escrow_file
    from surveys.keys.escrow_recovery import kept_recovered, recovered_key

    with refusals():
        escrow = read_escrow_file(escrow_file, wave.id)
        if escrow.purpose is not LAYERS[layer]:
            raise click.ClickException(f"{escrow_file} is not in escrow for the {layer} key.")
        found = recovered_key(site, wave, escrow, private_keys(key_files, passphrase_files))
        with kept_recovered(site, wave, found, folder=folder, holder=holder) as file:
            click.echo(f"Print {file.path.name}.html, which lies beside the key file.")
            hand_over([file])
    note_in_log(site, wave, "key recovered from escrow", role=file.holder, holder=holder)
    warn_of_own_disk(site, [file])
    warn_of_open_files([file])


@click.command("destroy")
@click.argument("wave", type=WaveId())
@click.option("--key-file", "files", type=FILE, multiple=True, help="Key files and escrow files.")
@click.option("--role", "roles", multiple=True, help="As `keys list` shows it; with --word-of.")
@click.option("--word-of", help="Who says that the file of --role is destroyed.")
@click.option("--by", default="", help="Who destroys it; asked for if not said.")
@click.option("--give-up-answers", is_flag=True, help="Although nobody has read them yet.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def destroy(
    site: Site,
    wave: Wave,
    *,
    files: tuple[Path, ...],
    roles: tuple[str, ...],
    word_of: str | None,
    by: str,
    give_up_answers: bool,
    yes: bool,
) -> None:
    """Overwrite and remove key files of WAVE, or note that somebody has destroyed theirs."""
    if roles and not word_of:
        raise click.UsageError("Say on whose word --role is noted as destroyed: --word-of NAME.")
    by = by or (click.prompt("Who destroys it? Name") if files else "")
    with refusals():
        for path in files:
            _destroy_file(site, wave, path, by=by, give_up_answers=give_up_answers, yes=yes)
        for role in roles:
            _take_the_word(site, wave, role, str(word_of), give_up_answers=give_up_answers)
    _certify_if_all_gone(site, wave)


@click.command("certificate")
@click.argument("wave", type=WaveId())
@click.pass_obj
def certificate(site: Site, wave: Wave) -> None:
    """Write the certificate again that all keys of WAVE are destroyed."""
    from surveys.keys.destruction import write_certificate

    with refusals():
        page, text = write_certificate(site, wave)
    note_in_log(site, wave, "certificate of destroyed keys written")
    click.echo(f"{page}\n{text}")


def _destroy_file(
    site: Site, wave: Wave, path: Path, *, by: str, give_up_answers: bool, yes: bool
) -> None:
    from surveys.keys.destruction import (
        destroy_file,
        look_at,
        note_ended_by,
        refuse_foreign_register,
        refuse_last_key,
    )

    refuse_foreign_register(site, wave)
    found = look_at(path, wave)
    of_its_key = note_of_file(site.public_keys, wave.id, path, found.key_id, found.kind)
    if of_its_key is not None and not give_up_answers:
        refuse_last_key(site, wave, of_its_key.role)
    note = note_ended_by(site, wave, found)
    _say_what_goes(site, wave, found, note)
    if not yes:
        click.confirm(f"Destroy {path} ({note.role if note else 'a copy'}) for ever?", abort=True)
    destroy_file(site, wave, found, by)
    role = note.role if note else "copy"
    note_in_log(site, wave, "key destroyed", role=role, key=found.key_id.hex())
    click.echo(f"Destroyed: {path.name}. Now tear up its sheet.")
    if note is None and of_its_key is not None:
        click.echo(
            f"{of_its_key.role} is still noted as there: its own file has another name. When that "
            f"is gone as well: --role {of_its_key.role} --word-of NAME."
        )


def _say_what_goes(site: Site, wave: Wave, found: KeyOnDisk, note: KeyNote | None) -> None:
    """Which file is overwritten, and which register notes it: a copy of either looks the same."""
    click.echo(f"Overwrites  {found.path.resolve()}\n  key       {found.key_id.hex()}")
    if found.path.stat().st_nlink > 1:
        click.echo("  It has other names on this disk; under these it is overwritten as well.")
    where = register_path(site.public_keys, wave.id).resolve()
    words = f"{note.role}, held by {note.holder}, in {where}" if note else "nothing: it is a copy"
    click.echo(f"Notes       {words}")


def _take_the_word(
    site: Site, wave: Wave, role: str, word_of: str, *, give_up_answers: bool
) -> None:
    from surveys.keys.destruction import refuse_foreign_register, refuse_last_key

    refuse_foreign_register(site, wave)
    note = still_there(site.public_keys, wave.id, role)
    if not give_up_answers:
        refuse_last_key(site, wave, role)
    today = site.now().date()
    note_destroyed(site.public_keys, wave.id, role, day=today, by=word_of, ending=Ending.TOLD)
    note_in_log(site, wave, "key destroyed", role=role, key=note.key_id, word_of=word_of)
    click.echo(f"Noted: {role} is destroyed, on the word of {word_of}.")


def _certify_if_all_gone(site: Site, wave: Wave) -> None:
    from surveys.keys.destruction import write_certificate
    from surveys.keys.key_register import all_destroyed, notes_of

    with refusals():
        if all_destroyed(site.public_keys, wave.id):
            page, _ = write_certificate(site, wave)
            click.echo(f"All keys of this wave are destroyed. Certificate: {page}")
        else:
            left = [note.role for note in notes_of(site.public_keys, wave.id) if note.is_there]
            click.echo(f"Still there: {', '.join(left) or 'none in the register'}")
