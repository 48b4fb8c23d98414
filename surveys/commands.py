"""The ``flask`` commands of every room, gathered for app.py. Each is handed the Site.

Nothing of the row side is loaded until a command that needs it runs.
"""

from __future__ import annotations

from copy import copy

import click
from flask import Flask

from questionnaires.commands import questionnaires
from surveys.inspections.commands import inspections
from surveys.invitations.commands import invitations
from surveys.rehearsal.commands import rehearsal
from surveys.site import Site
from surveys.staff.commands import staff
from surveys.vault.commands import keys, waves


def register(app: Flask) -> None:
    """Add every room's commands; each is handed the Site as ``click.pass_obj``."""
    rooms = (questionnaires, inspections, invitations, keys, waves, staff, rehearsal)
    for command in (*rooms, nightly, database):
        own = copy(command)  # so that two apps in one process do not share a Site
        own.context_settings = {**command.context_settings, "obj": app.extensions["heard"]}
        app.cli.add_command(own)


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
