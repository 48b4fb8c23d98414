"""Setting the stage: a council, its return, an inspection, waves with keys, codes for everybody.

In: a Site and the plan. Out: waves that are open, and the codes of each. Uses the same functions
as a real inspection; only the people are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML

from surveys.inspections.cohorts import import_cohort
from surveys.inspections.eligibility import EligibilityPolicy
from surveys.inspections.eligibility_report import eligibility_report
from surveys.inspections.frameworks import framework_for
from surveys.inspections.import_report import report_on
from surveys.inspections.preparing import prepare_survey
from surveys.inspections.record import Inspection, open_inspection
from surveys.inspections.working_days import is_working_day, nth_working_day
from surveys.invitations.commands import site_keys
from surveys.invitations.issuing import IssuedCode, invitations_for_cohort, issue
from surveys.invitations.register import Invitation, new_invitation
from surveys.rehearsal.offline import Offline
from surveys.rehearsal.ssda903_generator import write_return
from surveys.site import Site
from surveys.staff.accounts import add_account
from surveys.staff.passwords import new_password
from surveys.vault.waves import Wave, WaveStatus, set_status

Bar = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True)
class Act:
    """One wave, with the codes that were issued for it."""

    wave: Wave
    codes: list[IssuedCode]


def read_plan() -> dict[str, Any]:
    """The plan of the rehearsal, from plan.yaml."""
    path = Path(__file__).with_name("plan.yaml")
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def day_1_so_that_today_is(day_number: int, today: date) -> date:
    """The Day 1 for which ``today`` (or the working day before it) is that working day."""
    return nth_working_day(_working_day_at_or_before(today), 2 - day_number)


def open_2009_inspection(site: Site, plan: dict[str, Any], today: date) -> Inspection:
    """The inspection that the demonstration shows, under the framework of the seeds."""
    return open_inspection(
        site.engine,
        authority=site.authority,
        framework="2009",
        day_1=day_1_so_that_today_is(plan["shown_on_day"], today),
        title="Safeguarding and looked after children (demonstration)",
        invented=True,
    )


def import_invented_cohort(
    site: Site, plan: dict[str, Any], inspection: Inspection, folder: Path
) -> str:
    """Write an invented SSDA903 return, import it, and give back the eligibility report."""
    invented = write_return(
        folder, plan["children"], reference_date=inspection.day_1, seed=plan["seed"]
    )
    policy = EligibilityPolicy(include_asked=False)
    report = report_on(invented.header, invented.episodes, inspection.day_1, policy=policy)
    if report.refused:
        raise click.ClickException(eligibility_report(report))
    import_cohort(site.engine, inspection.id, report.decisions)
    return eligibility_report(report)


def prepare_waves(
    site: Site, plan: dict[str, Any], inspection: Inspection, offline: Offline
) -> list[Wave]:
    """One wave for each survey of the framework that somebody of the plan answers, opened."""
    framework = site.frameworks[inspection.framework]
    wanted = [name for name in framework.surveys if name in {*plan["of_cohorts"], *plan["adults"]}]
    return [_prepare(site, inspection, name, offline) for name in wanted]


def open_annual_wave(site: Site, plan: dict[str, Any], offline: Offline, today: date) -> None:
    """A second round, under the framework in force today, in whose window today lies."""
    day_1 = day_1_so_that_today_is(plan["annual_wave_on_day"], today)
    framework = framework_for(site.frameworks, day_1)
    inspection = open_inspection(
        site.engine,
        authority=site.authority,
        framework=framework.id,
        day_1=day_1,
        title="Annual wave, to try out (demonstration)",
        invented=True,
    )
    for name in dict.fromkeys(entry["survey"] for entry in plan["ready_codes"]):
        _prepare(site, inspection, name, offline)


def issue_codes(
    site: Site, plan: dict[str, Any], waves: list[Wave], offline: Offline, bar: Bar
) -> list[Act]:
    """A code for every cohort member and every invited adult."""
    acts = []
    for wave in waves:
        wanted = _wanted(site, plan, wave)
        codes = issue(
            site.engine,
            wave,
            wanted,
            seed=offline.seed_for(wave),
            keys=site_keys(site),
            progress=bar_over(bar, len(wanted), site.surveys[wave.survey].title),
        )
        acts.append(Act(wave, codes))
    return acts


def bar_over(bar: Bar, length: int, title: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A bar that knows its length and title, and waits for the steps."""
    return lambda steps: bar(steps, length, title)


def add_accounts(site: Site, plan: dict[str, Any]) -> dict[str, str]:
    """The accounts of the plan, with their passwords."""
    passwords = {}
    for name, roles in plan["accounts"].items():
        passwords[name] = new_password()
        add_account(site.engine, name, passwords[name], roles)
    return passwords


def _prepare(site: Site, inspection: Inspection, survey: str, offline: Offline) -> Wave:
    wave = prepare_survey(site, inspection, survey)
    offline.make_keys(site, wave)
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    return wave


def _wanted(site: Site, plan: dict[str, Any], wave: Wave) -> list[Invitation]:
    versions = site.surveys[wave.survey].questionnaires
    if wave.survey in plan["adults"]:
        invited = plan["adults"][wave.survey]["invited"]
        return [new_invitation(wave.id, versions[0].audience, "link") for _ in range(invited)]
    channels = {
        version.audience: "card" if version.look == "child" else "link" for version in versions
    }
    return invitations_for_cohort(site.engine, wave, channels)


def _working_day_at_or_before(day: date) -> date:
    while not is_working_day(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day
