"""``flask inspections import-cohort``, ``ask-list`` and ``decide``: who is asked, child by child.

In: a return of whatever kind, or an answer that a person gave. Out: text, and files that only
their owner can read. Nothing is decided here; each command calls the room and prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from surveys.audit.log import audit_log_of, record
from surveys.inspections.asking_file import ask_rows, write_ask_list
from surveys.inspections.change_report import change_lines
from surveys.inspections.choosing import chosen_inspection, inspection_option
from surveys.inspections.cohort_changes import CohortChange
from surveys.inspections.cohorts import counts_by_audience, decide_about, import_cohort
from surveys.inspections.eligibility import Answer
from surveys.inspections.eligibility_report import eligibility_report
from surveys.inspections.import_report import ImportReport, report_on_files
from surveys.inspections.noting import note_act
from surveys.inspections.questions import (
    LONGEST_NAME,
    LONGEST_REASON,
    NotToBeDecided,
    questions_of,
    settle,
)
from surveys.inspections.record import Inspection
from surveys.inspections.return_kinds import read_files
from surveys.inspections.return_problems import write_problems
from surveys.invitations.register import members_invited
from surveys.invitations.withdrawing import waves_inviting
from surveys.site import Site
from surveys.vault.waves import all_waves

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("import-cohort")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--reference-date", type=DAY, help="Left out, Day 1.")
@click.option("--oc3", type=FILE, help="Care leaver file (CSV); can only stop invitations.")
@click.option("--dry-run", is_flag=True, help="Report only.")
@click.option("--problems", type=NEW_FILE, help="Write every problem to this CSV file.")
@inspection_option
@click.pass_obj
def import_command(
    site: Site,
    files: Sequence[Path],
    *,
    reference_date: datetime | None,
    oc3: Path | None,
    dry_run: bool,
    problems: Path | None,
    inspection_id: str | None,
) -> None:
    """Decide who is asked: all of it is imported, or nothing.

    FILES are header.csv and episodes.csv of the SSDA903 return, or the return as one XML file, or
    an Annex A workbook with List 8 and List 9.
    """
    found = chosen_inspection(site, inspection_id)
    day = reference_date.date() if reference_date else found.day_1
    report = _settled(site, found, report_on_files(files, day, oc3=oc3))
    click.echo(eligibility_report(report), nl=False)
    if problems:
        write_problems(report.problems, problems)
    if report.refused:
        raise click.ClickException("The return was refused; nothing was imported.")
    _import(site, found, report, really=not dry_run)


@click.command("ask-list")
@click.argument("files", nargs=-1, type=FILE)
@click.option("--oc3", type=FILE, help="Care leaver file (CSV), for the evidence.")
@click.option("--out", type=NEW_FILE, required=True, help="CSV, readable by you alone.")
@inspection_option
@click.pass_obj
def ask_list_command(
    site: Site, files: Sequence[Path], *, oc3: Path | None, out: Path, inspection_id: str | None
) -> None:
    """Write the children whom a person has to be asked about, with rule, evidence and answer.

    FILES are the return that was imported, for the evidence; the site keeps none.
    """
    found = chosen_inspection(site, inspection_id)
    children = read_files(files, oc3).children if files else {}
    rows = ask_rows(questions_of(site.engine, found.id).values(), children)
    try:
        write_ask_list(rows, out)
    except FileExistsError:
        raise click.ClickException(f"{out} exists; lists are never written over others.") from None
    note_act(site, found, "ask_list_written")
    waiting = sum(not row[6] for row in rows)
    click.echo(f"{len(rows):,} written to {out}, {waiting:,} of them not decided yet.")
    click.echo("It names children by the council's reference: destroy it when all are decided.")


@click.command("decide")
@click.option("--member", "reference", required=True, help="The reference in the return.")
@click.option("--include/--exclude", "include", default=None, help="One of the two.")
@click.option("--reason", required=True, help="In a few words.")
@click.option("--by", required=True, help="Who decided.")
@inspection_option
@click.pass_obj
def decide_command(
    site: Site,
    *,
    reference: str,
    include: bool | None,
    reason: str,
    by: str,
    inspection_id: str | None,
) -> None:
    """Write down what a person decided about one child of the ask-list.

    It stays through later returns until another rule names the child. Nobody can decide about a
    child who died or must not be contacted.
    """
    if include is None:
        raise click.UsageError("Say --include or --exclude.")
    reason, by = (
        _short(text, most) for text, most in ((reason, LONGEST_REASON), (by, LONGEST_NAME))
    )
    found = chosen_inspection(site, inspection_id)
    given = Answer.INCLUDE if include else Answer.EXCLUDE
    try:
        asked, gone = decide_about(
            site.engine, found.id, reference.strip(), given, by=by, reason=reason
        )
    except NotToBeDecided as error:
        raise click.ClickException(str(error)) from None
    about = {"survey": asked.survey, "rule": asked.rule.value, "answer": given.value}
    record(audit_log_of(site), site.now().date(), by, "cohort_decided", about)
    click.echo(f"Decided: {given.value}. {asked.rule.words}.")
    if gone:
        _print_withdrawing(site, (gone,), "not-eligible")


def invited_members(site: Site, inspection: Inspection) -> frozenset[bytes]:
    """The members whom an invitation was made for, in any wave of the inspection."""
    waves = all_waves(site.engine, inspection.id)
    return frozenset().union(*(members_invited(site.engine, wave.id) for wave in waves))


def print_change(change: CohortChange, *, really: bool) -> None:
    """What an import changed, or would have changed."""
    if not really:
        click.echo("A dry run: nothing was written. An import now would have this effect:")
    click.echo("\n".join(change_lines(change)))


def print_cohort(site: Site, inspection: Inspection) -> None:
    """How many there are to be asked, by survey and version."""
    for survey, audiences in counts_by_audience(site.engine, inspection.id).items():
        for audience, count in audiences.items():
            click.echo(f"{survey} {audience}: {count:,}")


def _settled(site: Site, inspection: Inspection, report: ImportReport) -> ImportReport:
    standing = questions_of(site.engine, inspection.id)
    return replace(report, decisions=settle(report.decisions, standing))


def _import(site: Site, inspection: Inspection, report: ImportReport, *, really: bool) -> None:
    invited = invited_members(site, inspection)
    change = import_cohort(site.engine, inspection.id, report.decisions, invited, really=really)
    print_change(change, really=really)
    if really:
        note_act(site, inspection, "cohort_imported")
        _print_withdrawing(site, change.stopped, "later-return")
        print_cohort(site, inspection)


def _print_withdrawing(site: Site, members: tuple[bytes, ...], reason: str) -> None:
    for wave in waves_inviting(site.engine, members):
        click.echo("They were invited. Take their invitations back:")
        click.echo(
            f"  flask --app app invitations withdraw {wave.id.hex()[:8]} --stopped --by NAME "
            f"--reason {reason} --seed-file ... --passphrase-file ..."
        )


def _short(text: str, most: int) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > most:
        raise click.UsageError(f"--reason and --by need words, and no more than {most} characters.")
    return plain
