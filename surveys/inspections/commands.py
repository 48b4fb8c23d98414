"""``flask inspections ...``: open an inspection, print its calendar, import its cohort.

In: what is typed, and an object with ``engine``, ``frameworks``, ``authority``, ``now`` and
``demo``. Out: text. Nothing is decided here; each command calls the room and prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from surveys.inspections.calendar import Milestone, calendar_for, survey_window, today_in
from surveys.inspections.cohorts import counts_by_audience, import_cohort
from surveys.inspections.eligibility import EligibilityPolicy
from surveys.inspections.eligibility_report import eligibility_report
from surveys.inspections.frameworks import NoFramework, framework_for
from surveys.inspections.import_report import report_on
from surveys.inspections.preparing import NoSuchSurvey, prepare_survey
from surveys.inspections.record import Inspection, inspection_by_id, open_inspection
from surveys.inspections.record import inspections as recorded_inspections
from surveys.inspections.return_problems import write_problems
from surveys.inspections.working_days import NotAWorkingDay
from surveys.site import Site

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_inspection_option = click.option(
    "--inspection", "inspection_id", help="Its id; left out, the one with the latest Day 1."
)


@click.group()
def inspections() -> None:
    """Inspections: record, calendar and cohort."""


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
    click.echo(f"Opened {opened.title}, inspection {opened.id.hex()}")
    _print_calendar(site, opened, day_1.date())


@inspections.command("calendar")
@_inspection_option
@click.option("--today", type=_DAY, help="Another day than today.")
@click.pass_obj
def calendar_command(site: Site, inspection_id: str | None, today: datetime | None) -> None:
    """Print the calendar of an inspection and where today stands in it."""
    found = _inspection(site, inspection_id)
    _print_calendar(site, found, (today or site.now()).date())


@inspections.command("import-cohort")
@click.argument("header", type=_FILE)
@click.argument("episodes", type=_FILE)
@click.option("--reference-date", type=_DAY, help="Left out, Day 1.")
@click.option("--oc3", type=_FILE, help="Care leaver file; can only stop invitations.")
@click.option("--include-asked", is_flag=True, help="A person has decided: include them.")
@click.option("--dry-run", is_flag=True, help="Report only.")
@click.option(
    "--problems",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every problem to this CSV file.",
)
@_inspection_option
@click.pass_obj
def import_command(
    site: Site,
    header: Path,
    episodes: Path,
    *,
    reference_date: datetime | None,
    oc3: Path | None,
    include_asked: bool,
    dry_run: bool,
    problems: Path | None,
    inspection_id: str | None,
) -> None:
    """Decide who is asked from an SSDA903 return: all of it is imported, or nothing."""
    found = _inspection(site, inspection_id)
    day = reference_date.date() if reference_date else found.day_1
    policy = EligibilityPolicy(include_asked=include_asked)
    report = report_on(header, episodes, day, oc3=oc3, policy=policy)
    click.echo(eligibility_report(report), nl=False)
    if problems:
        write_problems(report.problems, problems)
    if report.refused:
        raise click.ClickException("The return was refused; nothing was imported.")
    if not dry_run:
        change = import_cohort(site.engine, found.id, report.decisions)
        click.echo(f"Added {change.added:,}, kept {change.kept:,}.")
        click.echo(f"Stopped {len(change.stopped):,}: withdraw their invitations.")
        _print_cohort(site, found)


@inspections.command("prepare-wave")
@click.argument("survey")
@_inspection_option
@click.pass_obj
def prepare_command(site: Site, survey: str, inspection_id: str | None) -> None:
    """Prepare the wave of SURVEY with the inspection's window. Its keys come next."""
    try:
        wave = prepare_survey(site, _inspection(site, inspection_id), survey)
    except NoSuchSurvey as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{wave.survey} {wave.number}: {wave.opens_on} to {wave.closes_on}")
    click.echo(f"Its id: {wave.id.hex()}. Next: flask keys create {wave.id.hex()[:8]} ...")


def _framework_id(site: Site, chosen: str, day_1: date) -> str:
    if chosen == "auto":
        return framework_for(site.frameworks, day_1).id
    if chosen not in site.frameworks:
        raise click.ClickException(f"There is no framework {chosen}: {', '.join(site.frameworks)}.")
    return chosen


def _inspection(site: Site, inspection_id: str | None) -> Inspection:
    if inspection_id is None:
        found = next(iter(recorded_inspections(site.engine)), None)
    else:
        found = inspection_by_id(site.engine, _bytes(inspection_id))
    if found is None:
        raise click.ClickException("There is no such inspection. Open one first.")
    return found


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise click.ClickException("An inspection's id has 32 characters, 0-9 and a-f.") from None


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


def _print_cohort(site: Site, inspection: Inspection) -> None:
    for survey, audiences in counts_by_audience(site.engine, inspection.id).items():
        for audience, count in audiences.items():
            click.echo(f"{survey} {audience}: {count:,}")
