"""``flask inspections ...``: open an inspection, print its calendar, prepare its waves.

In: what is typed, and an object with ``engine``, ``frameworks``, ``authority``, ``now`` and
``demo``. Out: text. Nothing is decided here; each command calls the room and prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import click

from surveys.inspections.calendar import Milestone, calendar_for, survey_window, today_in
from surveys.inspections.choosing import chosen_inspection, inspection_option
from surveys.inspections.cohort_commands import ask_list_command, decide_command, import_command
from surveys.inspections.frameworks import NoFramework, framework_for
from surveys.inspections.list_commands import import_list_command
from surveys.inspections.noting import note_act
from surveys.inspections.preparing import NoSuchSurvey, prepare_survey
from surveys.inspections.record import Inspection, open_inspection
from surveys.inspections.working_days import NotAWorkingDay
from surveys.site import Site

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def inspections() -> None:
    """Inspections: record, calendar and cohort."""


for command in (import_command, import_list_command, ask_list_command, decide_command):
    inspections.add_command(command)


@inspections.command("open")
@click.option("--day-1", type=_DAY, required=True, help="The day of notification.")
@click.option("--framework", default="auto", show_default=True, help="auto, or an id.")
@click.option("--title", required=True)
@click.pass_obj
def open_command(site: Site, day_1: datetime, framework: str, title: str) -> None:
    """Record an inspection and print its calendar."""
    try:
        opened = open_inspection(
            site.engine,
            authority=site.authority,
            framework=_framework_id(site, framework, day_1.date()),
            day_1=day_1.date(),
            title=title,
            invented=site.demo,
        )
    except (NotAWorkingDay, NoFramework) as error:
        raise click.ClickException(str(error)) from None
    note_act(site, opened, "inspection_opened", framework=opened.framework)
    click.echo(f"Opened {opened.title}, inspection {opened.id.hex()}")
    _print_calendar(site, opened, day_1.date())


@inspections.command("calendar")
@inspection_option
@click.option("--today", type=_DAY, help="Another day than today.")
@click.pass_obj
def calendar_command(site: Site, inspection_id: str | None, today: datetime | None) -> None:
    """Print the calendar of an inspection and where today stands in it."""
    found = chosen_inspection(site, inspection_id)
    _print_calendar(site, found, (today or site.now()).date())


@inspections.command("prepare-wave")
@click.argument("survey")
@inspection_option
@click.pass_obj
def prepare_command(site: Site, survey: str, inspection_id: str | None) -> None:
    """Prepare the wave of SURVEY with the inspection's window. Its keys come next."""
    found = chosen_inspection(site, inspection_id)
    try:
        wave = prepare_survey(site, found, survey)
    except NoSuchSurvey as error:
        raise click.ClickException(str(error)) from None
    note_act(site, found, "wave_prepared", survey=wave.survey, wave=str(wave.number))
    click.echo(f"{wave.survey} {wave.number}: {wave.opens_on} to {wave.closes_on}")
    click.echo(f"Its id: {wave.id.hex()}. Next: flask keys create {wave.id.hex()[:8]} ...")


def _framework_id(site: Site, chosen: str, day_1: date) -> str:
    if chosen == "auto":
        return framework_for(site.frameworks, day_1).id
    if chosen not in site.frameworks:
        raise click.ClickException(f"There is no framework {chosen}: {', '.join(site.frameworks)}.")
    return chosen


def _print_calendar(site: Site, inspection: Inspection, today: date) -> None:
    framework = site.frameworks[inspection.framework]
    calendar = calendar_for(framework, inspection.day_1)
    window = survey_window(framework, inspection.day_1)
    click.echo("\n".join(_calendar_lines(calendar, today)))
    click.echo(
        f"Surveys open {window.opens_on} {window.opens_at:%H:%M}, "
        f"close {window.closes_on} {window.closes_at:%H:%M}."
    )


def _calendar_lines(calendar: tuple[Milestone, ...], today: date) -> Iterator[str]:
    standing = today_in(calendar, today)
    for milestone in calendar:
        days = str(milestone.day)
        if milestone.last_day != milestone.day:
            days += f" to {milestone.last_day}"
        mark = ">" if milestone in standing.now else " "
        yield f"{mark} Day {days:<9} {milestone.date:%a} {milestone.date}  {milestone.event}"
    yield f"Today, {today}, is Day {standing.day}."
    if standing.next:
        yield f"Next in {standing.days_to_next} days: {standing.next.event}."
