"""What the key commands ask of people and tell them: files, passphrases, refusals in one sentence.

In: options of a command line. Out: private keys, for as long as the command runs. What can open
anything is imported inside the functions, so that the web process never loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from surveys.site import Site
from surveys.vault.waves import Wave

if TYPE_CHECKING:
    from surveys.keys.key_making import EscrowFile, Escrowing, KeyFile
    from surveys.vault.opening import PrivateKey

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

passphrase_files_option = click.option(
    "--passphrase-file",
    "passphrase_files",
    type=FILE,
    multiple=True,
    help="In the order of the key files. Without it, each passphrase is asked for.",
)


Command = Callable[..., Any]
_PHRASE_PROTECTS = "Without its passphrase it opens nothing"
_ESCROW_PROTECTS = "Without two escrow custodians it opens nothing"


def escrow_options(command: Command) -> Command:
    """The options of a command that may put keys in escrow."""
    options = (
        click.option("--escrow", is_flag=True, help="Not spares, but any two of 3 people."),
        click.option("--escrow-folder", "copies", type=FOLDER, multiple=True, help="One a copy."),
        click.option("--among", multiple=True, help="The escrow custodians, if more than 3."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def escrowing_with(site: Site, folders: Sequence[Path], among: tuple[str, ...]) -> Escrowing:
    """Three custodians, whose numbers somebody compares with their sheets, and where copies go."""
    from surveys.keys.escrow_custodians import three_escrow_custodians
    from surveys.keys.key_making import Escrowing

    if not folders:
        raise click.UsageError(
            "With --escrow, say where the escrow file is kept: --escrow-folder, once for each copy."
        )
    with refusals():
        custodians = three_escrow_custodians(site.public_keys, among)
    click.echo("Compare each number with the escrow custodian's printed sheet:")
    for one in custodians:
        click.echo(f"  {one.key_number}  {one.name}")
    click.confirm("Are they the same?", abort=True)
    return Escrowing(custodians, tuple(folders))


def tell_of_escrow(files: Sequence[EscrowFile]) -> None:
    """Where the escrow files are."""
    for file in files:
        click.echo(f"{file.holder}\n  file        {file.path}\n  (no passphrase)")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn every refusal of the vault into one sentence and exit code 1."""
    from surveys.keys.ceremony import FolderOnTheServer
    from surveys.keys.custody import OnePersonHoldsBoth
    from surveys.keys.destruction import (
        ForeignRegister,
        LastKey,
        NotAKeyOfThisWave,
        NotAllDestroyed,
    )
    from surveys.keys.escrow import EscrowDamaged
    from surveys.keys.escrow_custodians import EscrowCustodiansUnfit
    from surveys.keys.escrow_retirement import NotTheirKey, StillNeeded
    from surveys.keys.key_register import NotInRegister, RegisterDamaged, RoleTaken
    from surveys.keys.rotation import CannotRotate
    from surveys.vault.envelope import CannotOpen
    from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase
    from surveys.vault.public_keys import KeysUnfit

    known = (
        CannotOpen, CannotRotate, EscrowCustodiansUnfit, EscrowDamaged, FolderOnTheServer,
        ForeignRegister, KeyFileDamaged, KeysUnfit, LastKey, NotAKeyOfThisWave, NotAllDestroyed,
        NotInRegister, NotTheirKey, OnePersonHoldsBoth, OSError, RegisterDamaged, RoleTaken,
        StillNeeded, WrongPassphrase,
    )  # fmt: skip
    try:
        yield
    except known as error:
        raise click.ClickException(str(error)) from error


def private_keys(files: Sequence[Path], passphrase_files: Sequence[Path]) -> list[PrivateKey]:
    """The keys in files, each opened with its passphrase from a file or from the keyboard."""
    from surveys.vault.key_files import read_key_file

    if passphrase_files and len(passphrase_files) != len(files):
        raise click.UsageError("Give one --passphrase-file for each --key-file, in the same order.")
    if passphrase_files:
        phrases = [path.read_text(encoding="utf-8") for path in passphrase_files]
    else:
        phrases = [
            click.prompt(f"Passphrase of {path.name}", hide_input=True, err=True) for path in files
        ]
    return [read_key_file(path, phrase) for path, phrase in zip(files, phrases, strict=True)]


def hand_over(files: Sequence[KeyFile]) -> None:
    """Show each holder their passphrase, once, one after the other."""
    for file in files:
        click.echo(f"{file.holder}\n  file        {file.path}\n  passphrase  {file.passphrase}")
        click.echo("Write the passphrase on the printed sheet now; it is not kept anywhere.")
        click.pause("Press a key for the next holder; the screen is cleared ...")
        click.clear()


def warn_of_own_disk(site: Site, files: Sequence[KeyFile | EscrowFile]) -> None:
    """Say which files lie on the disk of the site itself: a stick that was not plugged in, say."""
    own = site.public_keys.stat().st_dev
    for file in files:
        if file.path.stat().st_dev == own:
            click.echo(f"Not on a stick but on the site's own disk, take it away: {file.path}")


def warn_of_open_files(files: Sequence[KeyFile | EscrowFile]) -> None:
    """Say which files others on this computer can read: FAT and exFAT keep no permissions."""
    for file in files:
        if file.path.stat().st_mode & 0o077:
            alone = file.path.suffix == ".escrow"
            click.echo(
                "Whoever reaches this device can read the file, for its file system keeps no "
                f"permissions. {_ESCROW_PROTECTS if alone else _PHRASE_PROTECTS}: {file.path}"
            )


def note_in_log(site: Site, wave: Wave | None, what: str, **about: str) -> None:
    """One line in the audit log; never anything secret."""
    from surveys.audit import log as audit
    from surveys.audit.log import audit_log_of

    if wave is not None:
        about = {"survey": wave.survey, "wave": str(wave.number), **about}
    audit.record(audit_log_of(site), site.now().date(), "command line", what, about)
