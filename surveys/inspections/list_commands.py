"""``flask inspections import-list``: a list of adults becomes the cohort of a survey.

In: a CSV file of references. Out: a report with counts, and members whom links are made for by
``flask invitations issue``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from surveys.inspections.choosing import chosen_inspection, inspection_option
from surveys.inspections.cohort_commands import (
    FILE,
    NEW_FILE,
    invited_members,
    print_change,
    print_cohort,
)
from surveys.inspections.cohorts import CHILDRENS_SURVEYS, import_people
from surveys.inspections.noting import note_act
from surveys.inspections.people_faults import write_faults
from surveys.inspections.people_list import ReadList, read_people
from surveys.site import Site

_SHOWN = 20


@click.command("import-list")
@click.argument("survey")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Report only.")
@click.option("--problems", type=NEW_FILE, help="Write every fault to this CSV file.")
@inspection_option
@click.pass_obj
def import_list_command(
    site: Site,
    survey: str,
    file: Path,
    *,
    dry_run: bool,
    problems: Path | None,
    inspection_id: str | None,
) -> None:
    """Add the adults of FILE to those who are asked SURVEY: all of them, or none.

    Columns: reference; version, if the survey has several; role, team (or setting) and
    organisation may be there, are counted and not kept. Names and addresses are refused.
    """
    found = chosen_inspection(site, inspection_id)
    read = read_people(file, _versions(site, survey))
    click.echo("\n".join(_lines(read)))
    if problems:
        write_faults(read.faults, problems)
    if read.refused:
        raise click.ClickException("The list was refused; nobody was imported.")
    invited, really = invited_members(site, found), not dry_run
    change = import_people(site.engine, found.id, survey, read.people, invited, really=really)
    print_change(change, really=really)
    if really:
        note_act(site, found, "list_imported", survey=survey)
        print_cohort(site, found)


def _versions(site: Site, survey: str) -> list[str]:
    of_adults = [name for name in site.surveys if name not in CHILDRENS_SURVEYS]
    if survey not in of_adults:
        raise click.ClickException(
            f"There is no survey of adults {survey}: {', '.join(of_adults)}. Children and young "
            "people come from the return: inspections import-cohort."
        )
    return [one.audience for one in site.surveys[survey].questionnaires]


def _lines(read: ReadList) -> Iterator[str]:
    yield f"List: {read.file}"
    for version, count in read.by_version.items():
        yield f"  {version}: {count:,}"
    if read.people:
        yield f"  teams or settings: {read.teams:,}, organisations: {read.organisations:,}"
    if read.faults:
        yield f"Faults: {len(read.faults):,}"
    for fault in read.faults[:_SHOWN]:
        yield f"  {fault}"
    if len(read.faults) > _SHOWN:
        yield "  ... all of them with --problems faults.csv"
