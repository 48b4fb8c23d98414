"""``flask backup FOLDER``, ``flask backup check FILE``, ``... restore``, ``... key``.

In: folders and files. Out: a few lines. What can open anything is imported inside the commands.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveys.audit.log import audit_log_of, record
from surveys.backup.keys import BackupKeysUnfit, add_backup_key, backup_keys
from surveys.backup.making import Backup, make_backup
from surveys.backup.packing import BackupRefused
from surveys.backup.rules import KEPT_DAYS
from surveys.site import Site

if TYPE_CHECKING:
    from surveys.backup.restoring import Restored

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_key_option = click.option("--key-file", type=_FILE, help="Of a backup key, for a sealed backup.")
_passphrase_option = click.option(
    "--passphrase-file", type=_FILE, help="Without it, the passphrase is asked for."
)


class _MakesByDefault(click.Group):
    """``flask backup FOLDER`` means ``flask backup make FOLDER``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, or the one that makes a backup."""
        named = not args or args[0] in self.commands
        return super().resolve_command(ctx, args if named else ["make", *args])


@click.group(cls=_MakesByDefault)
def backup() -> None:
    """Backups: `flask backup FOLDER` makes one."""


@backup.command("make")
@click.argument("folder", type=_FOLDER)
@click.pass_obj
def make(site: Site, folder: Path) -> None:
    """Write every slot anew, copy the site into FOLDER, delete backups of over 35 days ago."""
    try:
        click.echo(words_of(back_up(site, folder)))
    except (BackupRefused, BackupKeysUnfit, OSError) as error:
        raise click.ClickException(str(error)) from error


@backup.command("check")
@click.argument("file", type=_FILE)
@_key_option
@_passphrase_option
@click.pass_obj
def check(site: Site, file: Path, key_file: Path | None, passphrase_file: Path | None) -> None:
    """Restore FILE into a folder that is thrown away, and read everything in it."""
    from surveys.backup.restoring import BackupDamaged, check_database

    with tempfile.TemporaryDirectory(prefix="heard-restored-") as folder:
        restored = _restore(file, Path(folder), key_file, passphrase_file)
        try:
            found = check_database(restored, site.storage_key)
        except BackupDamaged as error:
            raise click.ClickException(f"This backup cannot be relied on: {error}.") from error
    click.echo(f"Whole: {restored.files} files of {restored.day}; {'; '.join(found)}.")


@backup.command("restore")
@click.argument("file", type=_FILE)
@click.option("--into", type=_FOLDER, required=True, help="An empty folder, the site's new one.")
@_key_option
@_passphrase_option
def restore_command(
    file: Path, into: Path, key_file: Path | None, passphrase_file: Path | None
) -> None:
    """Unpack FILE into an empty folder, to which the secrets and site.toml are then added."""
    restored = _restore(file, into, key_file, passphrase_file)
    click.echo(f"{restored.files} files of {restored.day} are in {into}.")
    click.echo("Add secrets/ and site.toml, then run `flask retention run`: the backup may hold")
    click.echo("what has been erased since.")


@backup.command("key")
@click.option("--offline-folder", type=_FOLDER, required=True, help="On a device to take away.")
@click.pass_obj
def make_key(site: Site, offline_folder: Path) -> None:
    """Make a key that later backups are sealed to, and show its passphrase, this once."""
    from surveys.vault.envelope import ID_LENGTH, Purpose
    from surveys.vault.key_files import new_passphrase, write_key_file
    from surveys.vault.opening import new_private_key

    key, passphrase = new_private_key(Purpose.BACKUP), new_passphrase()
    number = len(backup_keys(site.public_keys)) + 1
    path = offline_folder / f"backup-{number}.key"
    offline_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        write_key_file(path, key, bytes(ID_LENGTH), passphrase)
        add_backup_key(site.public_keys, key.public)
    except (FileExistsError, BackupKeysUnfit) as error:
        raise click.ClickException(str(error)) from error
    record(audit_log_of(site), site.now().date(), "command line", "backup_key_made", {})
    click.echo(f"file        {path}\npassphrase  {passphrase}")
    click.echo("Backups from now on can be opened with it, and with no secret of the site.")


def back_up(site: Site, folder: Path) -> Backup:
    """Make a backup and write it to the audit log. Raises as ``make_backup`` does."""
    today = site.now().date()
    made = make_backup(site, folder, today)
    about = {"file": made.path.name, "sealed": "yes" if made.sealed else "no"}
    record(audit_log_of(site), today, "backup", "backup_made", about)
    return made


def words_of(made: Backup) -> str:
    """What was made, and what that is worth."""
    sealed = "sealed to the backup keys" if made.sealed else (
        "NOT sealed: who was invited can be read in it (make a key: flask backup key)"
    )  # fmt: skip
    return f"{made.path} {sealed}; {made.pruned} older than {KEPT_DAYS} days deleted"


def _restore(
    file: Path, folder: Path, key_file: Path | None, passphrase_file: Path | None
) -> Restored:
    from surveys.backup.restoring import BackupDamaged, restore
    from surveys.vault.ceremony_asking import private_keys
    from surveys.vault.envelope import CannotOpen
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase

    key_files = [key_file] if key_file else []
    try:
        keys = private_keys(key_files, [passphrase_file] if passphrase_file else [])
        return restore(file, folder, next(iter(keys), None))
    except (BackupDamaged, CannotOpen, KeyFileDamaged, WrongPassphrase, FileExistsError) as error:
        raise click.ClickException(str(error)) from error
