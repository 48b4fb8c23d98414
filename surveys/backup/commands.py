"""``flask backup FOLDER``, ``flask backup check FILE``, ``... restore``, ``... key``.

In: folders and files. Out: a few lines. What can open anything is imported inside the commands.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveys.audit.log import FILE_NAME, audit_log_of, record
from surveys.backup.keys import BackupKeysUnfit, add_backup_key, number_of_next_key
from surveys.backup.making import Backup, make_backup
from surveys.backup.packing import BackupRefused
from surveys.backup.rules import KEPT_DAYS
from surveys.site import Site
from surveys.whole_files import remove

if TYPE_CHECKING:
    from surveys.backup.restoring import Restored

_NOT_COMPACTED = (
    "The database itself was not compacted: what its log holds of today stays there until the "
    "night (flask nightly). Nothing of that log is in the backup."
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_key_option = click.option("--key-file", type=_FILE, help="Of a backup key, for a sealed backup.")
_passphrase_option = click.option(
    "--passphrase-file", type=_FILE, help="Without it, the passphrase is asked for."
)


@dataclass(frozen=True, slots=True)
class Remains:
    """What putting a backup back needs of a site; where there is none, the reason why not."""

    storage_key: bytes | None = field(default=None, repr=False)
    summaries: Path | None = None
    reason: str = ""


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
    """Write every slot anew, copy the site into FOLDER, delete backups of over 35 days ago.

    The exit code is 1 as well when the backup was made and has slots in it that do not open.
    """
    try:
        made = back_up(site, folder)
    except (BackupRefused, BackupKeysUnfit, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(words_of(made))
    if site.engine.dialect.name != "sqlite":
        click.echo(_NOT_COMPACTED)
    if made.damaged:
        raise click.ClickException(f"The backup was made. {made.damaged}")


@backup.command("check")
@click.argument("file", type=_FILE)
@_key_option
@_passphrase_option
@click.pass_obj
def check(
    site: Site | Remains, file: Path, key_file: Path | None, passphrase_file: Path | None
) -> None:
    """Restore FILE into a folder that is thrown away, and read everything in it.

    Without the site's secrets, whether its slots open cannot be tried.
    """
    from surveys.backup.restoring import BackupDamaged, check_database

    with tempfile.TemporaryDirectory(prefix="heard-restored-") as folder:
        restored = _restore(file, Path(folder), key_file, passphrase_file)
        try:
            found = check_database(restored, site.storage_key)
        except BackupDamaged as error:
            raise click.ClickException(f"This backup cannot be relied on: {error}.") from error
    click.echo(f"Whole: {restored.files} files of {restored.day}; {'; '.join(found)}.")
    if site.storage_key is None and isinstance(site, Remains):
        click.echo(f"No site is set up here, so no slot was tried: {site.reason}")


@backup.command("restore")
@click.argument("file", type=_FILE)
@click.option("--into", type=_FOLDER, required=True, help="An empty folder, the site's new one.")
@_key_option
@_passphrase_option
@click.option("--audit-log", type=_FILE, help="The log up to now; without it, this site's own.")
@click.pass_obj
def restore_command(
    site: Site | Remains,
    *,
    file: Path,
    into: Path,
    key_file: Path | None,
    passphrase_file: Path | None,
    audit_log: Path | None,
) -> None:
    """Unpack FILE into an empty folder, to which the secrets and site.toml are then added.

    Says what people have withdrawn since, as far as an audit log shows it. Needs no site.
    """
    restored = _restore(file, into, key_file, passphrase_file)
    click.echo(f"{restored.files} files of {restored.day} are in {into}.")
    click.echo("Add secrets/ and site.toml, then run `flask retention run`: the backup may hold")
    click.echo("what has been erased since.")
    own_log = site.summaries and site.summaries.parent / FILE_NAME
    click.echo(_words_of_withdrawn(restored, audit_log or own_log))


@backup.command("key")
@click.option("--offline-folder", type=_FOLDER, required=True, help="On a device to take away.")
@click.pass_obj
def make_key(site: Site, offline_folder: Path) -> None:
    """Make a key that later backups are sealed to, and show its passphrase, this once."""
    from surveys.keys.ceremony import FolderOnTheServer, refuse_server_folders
    from surveys.vault.key_files import new_passphrase

    try:
        number = number_of_next_key(site.public_keys)
        refuse_server_folders(site, [offline_folder])
        path = offline_folder / f"backup-{number}.key"
        _make_key(site, path, number, new_passphrase())
    except (BackupKeysUnfit, FolderOnTheServer, OSError) as error:
        raise click.ClickException(str(error)) from error
    record(audit_log_of(site), site.now().date(), "command line", "backup_key_made", {})
    click.echo(f"Take {path} away: it opens every backup from now on, with no secret of the site.")


def _make_key(site: Site, path: Path, number: int, passphrase: str) -> None:
    """The key file, its passphrase on the screen, and only then the public half that is sealed to.

    When any of it does not come about, no file is left that opens nothing.
    """
    from surveys.keys.ceremony_asking import hand_over
    from surveys.keys.key_making import KeyFile
    from surveys.vault.envelope import ID_LENGTH, Purpose
    from surveys.vault.key_files import write_key_file
    from surveys.vault.opening import new_private_key

    key = new_private_key(Purpose.BACKUP)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_key_file(path, key, bytes(ID_LENGTH), passphrase)
    try:
        hand_over([KeyFile(f"backup key {number}", path, passphrase)])
        add_backup_key(site.public_keys, key.public)
    except BaseException:
        remove([path])
        raise


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


def _words_of_withdrawn(restored: Restored, audit_log: Path | None) -> str:
    """What is in a restored backup although somebody had it taken back."""
    from surveys.backup.restoring import BROUGHT_BACK, withdrawn_since

    if audit_log is None:
        return (
            "What people withdrew after this backup is in it again. No audit log is here, so how "
            "many there were is not known: give the newest there is with --audit-log."
        )
    found = withdrawn_since(restored, audit_log)
    if found is None:
        return (
            f"What people withdrew after this backup is in it again. {audit_log} does not go on "
            "from the backup's own log, so how many there were is not known: give the newest "
            "with --audit-log."
        )
    if not found:
        return f"Nothing was withdrawn between this backup and the end of {audit_log}."
    days = "".join(f"\n  {one.day}, {BROUGHT_BACK[one.what]}, by {one.who}" for one in found)
    return (
        f"{len(found)} withdrawn after this backup and in it again:{days}\n"
        "Do it once more before the site serves. A response can be found with its code only: ask "
        "those people to come with theirs again (flask retention withdraw)."
    )


def _restore(
    file: Path, folder: Path, key_file: Path | None, passphrase_file: Path | None
) -> Restored:
    from surveys.backup.restoring import BackupDamaged, restore
    from surveys.keys.ceremony_asking import private_keys
    from surveys.vault.envelope import CannotOpen
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase

    key_files = [key_file] if key_file else []
    try:
        keys = private_keys(key_files, [passphrase_file] if passphrase_file else [])
        return restore(file, folder, next(iter(keys), None))
    except (BackupDamaged, CannotOpen, KeyFileDamaged, WrongPassphrase, FileExistsError) as error:
        raise click.ClickException(str(error)) from error
