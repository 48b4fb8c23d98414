"""The ``flask`` commands of every room, gathered for app.py. Each is handed the Site.

Nothing of the row side is loaded until a command that needs it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from copy import copy
from itertools import islice
from pathlib import Path

import click
from flask import Flask

from questionnaires.commands import questionnaires
from surveys.audit.commands import audit
from surveys.backup.commands import Remains, backup
from surveys.contact.commands import contact
from surveys.inspections.commands import inspections
from surveys.invitations.commands import invitations
from surveys.invitations.outbox.commands import OUTBOX_COMMANDS
from surveys.keys.key_commands import keys
from surveys.keys.wave_commands import waves
from surveys.paper.commands import paper
from surveys.preview.commands import correct, preview
from surveys.preview.workshop import Workshop
from surveys.rehearsal.commands import rehearsal
from surveys.retention.commands import retention
from surveys.site import Site
from surveys.sound.commands import sound
from surveys.speaking.commands import languages
from surveys.staff.commands import staff


def register(app: Flask) -> None:
    """Add every room's commands; each is handed the Site as ``click.pass_obj``."""
    for command in OUTBOX_COMMANDS:
        invitations.add_command(command)
    rooms = (inspections, invitations, keys, waves, staff, sound, languages, paper)
    keeping = (audit, retention, backup, contact)
    for command in (*rooms, *keeping, rehearsal, nightly, database):
        own = copy(command)  # so that two apps in one process do not share a Site
        own.context_settings = {**command.context_settings, "obj": app.extensions["heard"]}
        app.cli.add_command(own)


WITHOUT_A_SITE = frozenset({"preview", "questionnaires"})
OF_A_LOST_SITE = frozenset({("backup", "check"), ("backup", "restore")})
"""What has to run where there is no site any more, or none yet."""
SERVING = frozenset({"", "rehearsal", "run"})
"""What serves pages: the web server, which is no ``flask`` command, and those that start one."""
_TAKE_A_VALUE = frozenset({"-A", "--app", "-e", "--env-file"})


def register_authors(app: Flask, workshop: Workshop) -> None:
    """Add the authors' commands, which need no site; each is handed the Workshop."""
    own = copy(questionnaires)
    own.commands = {**questionnaires.commands, "preview": preview, "correct": correct}
    for command in (own, copy(preview)):
        command.context_settings = {**command.context_settings, "obj": workshop}
        app.cli.add_command(command)


def register_restoring(app: Flask, remains: Remains) -> None:
    """Add the commands that put a backup back; they are handed what is left of the site."""
    own = copy(backup)
    own.context_settings = {**backup.context_settings, "obj": remains}
    app.cli.add_command(own)


def command_in(arguments: Sequence[str]) -> str:
    """The ``flask`` command of a command line; empty when it is of another program."""
    return next(iter(commands_in(arguments)), "")


def commands_in(arguments: Sequence[str]) -> tuple[str, ...]:
    """The ``flask`` command of a command line, and the word after it, if there is one."""
    program, words = Path(arguments[0]), iter(arguments[1:])
    if program.stem != "flask" and (program.parent.name, program.stem) != ("flask", "__main__"):
        return ()
    for word in words:
        if word in _TAKE_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return (word, *islice(words, 1))
    return ()


@click.command()
@click.pass_obj
def nightly(site: Site) -> None:
    """The night's work: count, rewrite, compact, erase what is due, remind, sign, back up."""
    from surveys.nightly import whole_night

    failed = False
    for report in whole_night(site, site.now().date()):
        click.echo(str(report), err=report.failed)
        failed = failed or report.failed
    if failed:
        sys.exit(1)


@click.group()
def database() -> None:
    """The database's tables."""


@database.command("upgrade")
@click.pass_obj
def upgrade_database(site: Site) -> None:
    """Bring the tables to the newest form."""
    from surveys.migrations.running import upgrade

    upgrade(site.engine)


@database.command("check")
@click.pass_obj
def check_database(site: Site) -> None:
    """Say whether the database is set up so that it cannot leak or lose, and what to change."""
    from surveys.vault.database_check import DatabaseUnfit, refuse_unfit_database

    try:
        refuse_unfit_database(site.engine)
    except DatabaseUnfit as error:
        raise click.ClickException(str(error)) from error
    click.echo("Nothing was found that would leak or lose an answer.")
