"""The ``flask`` commands of every room, gathered for app.py. Each is handed the Site.

Nothing of the row side is loaded until a command that needs it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import click
from flask import Flask

from questionnaires.commands import questionnaires
from surveys.inspections.commands import inspections
from surveys.invitations.commands import invitations
from surveys.paper.commands import paper
from surveys.preview.commands import correct, preview
from surveys.preview.workshop import Workshop
from surveys.rehearsal.commands import rehearsal
from surveys.site import Site
from surveys.sound.commands import sound
from surveys.speaking.commands import languages
from surveys.staff.commands import staff
from surveys.vault.commands import keys, waves


def register(app: Flask) -> None:
    """Add every room's commands; each is handed the Site as ``click.pass_obj``."""
    rooms = (inspections, invitations, keys, waves, staff, sound, languages, paper)
    for command in (*rooms, rehearsal, nightly, database):
        own = copy(command)  # so that two apps in one process do not share a Site
        own.context_settings = {**command.context_settings, "obj": app.extensions["heard"]}
        app.cli.add_command(own)


WITHOUT_A_SITE = frozenset({"preview", "questionnaires"})
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


def command_in(arguments: Sequence[str]) -> str:
    """The ``flask`` command of a command line; empty when it is of another program."""
    program, words = Path(arguments[0]), iter(arguments[1:])
    if program.stem != "flask" and (program.parent.name, program.stem) != ("flask", "__main__"):
        return ""
    for word in words:
        if word in _TAKE_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


@click.command()
@click.pass_obj
def nightly(site: Site) -> None:
    """The night's work: count in tens, write every slot anew, compact the database."""
    from surveys.nightly import run_night
    from surveys.vault.compacting import NotCompacted

    try:
        counted = run_night(site, site.now().date())
    except NotCompacted as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{counted} open waves counted.")


@click.group()
def database() -> None:
    """The database's tables."""


@database.command("upgrade")
@click.pass_obj
def upgrade_database(site: Site) -> None:
    """Bring the tables to the newest form."""
    from surveys.migrations.running import upgrade

    upgrade(site.engine)
