"""``flask rehearsal``: one whole inspection with invented people, and then the site to look at.

In: a demonstration site. Out: a served site, with its codes and log-ins on the screen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import click

from surveys.rehearsal.offline import Offline
from surveys.site import Site

_FINISHED = "finished"


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site at the end.")
@click.pass_obj
def rehearsal(site: Site, serve: bool) -> None:
    """Carry out a demonstration inspection, unless there is one, and serve the site."""
    if not site.demo:
        raise click.ClickException(
            "A rehearsal needs a demonstration site: its people are invented."
        )
    offline = offline_of(site)
    if _FINISHED not in offline.remembered():
        carry_out(site, offline)
    codes = ready_codes(site, offline)
    if serve:
        serve_site(site, offline, codes)


def offline_of(site: Site) -> Offline:
    """The offline folder of a rehearsal, beside the site's own folder."""
    return Offline(site.public_keys.parent.parent / "offline")


def carry_out(site: Site, offline: Offline) -> None:
    """From an empty database to published Summaries."""
    from surveys.migrations.running import upgrade
    from surveys.nightly import whole_night
    from surveys.rehearsal import performance, stage, talking
    from surveys.rehearsal.server import serving

    plan, today = stage.read_plan(), site.now().date()
    upgrade(site.engine)
    inspection = stage.open_2009_inspection(site, plan, today)
    folder = offline.folder.parent / "return"
    click.echo(stage.import_invented_cohort(site, plan, inspection, folder))
    offline.remember("log_ins", stage.add_accounts(site, plan))
    click.echo("Making keys and issuing access codes ...")
    talking.make_contact_keys(site, offline)
    waves = stage.prepare_waves(site, plan, inspection, offline)
    acts = stage.issue_codes(site, plan, waves, offline, bar)
    click.echo("Invented people answer through the real pages ...")
    answered_on = stage.nth_working_day(inspection.day_1, plan["answered_on_day"])
    with serving(answered_on) as address:
        outcomes = performance.answer_through_the_pages(site, plan, acts, address, bar)
        talking.ask_through_the_page(address)
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    if failed := [str(step) for step in whole_night(site, answered_on) if step.failed]:
        raise click.ClickException("\n".join(failed))
    for act in bar(acts, len(acts), "Closing, releasing"):
        performance.close_and_release(site, act, offline)
    for act in acts:
        performance.publish(act, offline)
    stage.open_annual_wave(site, plan, offline, today)
    offline.remember(_FINISHED, True)


def ready_codes(site: Site, offline: Offline) -> dict[str, str]:
    """Fresh codes for trying each look, in waves that are open today."""
    from surveys.invitations.commands import site_keys
    from surveys.invitations.issuing import issue
    from surveys.invitations.register import new_invitation
    from surveys.rehearsal.stage import read_plan
    from surveys.vault.waves import all_waves

    open_now = {
        wave.survey: wave
        for wave in all_waves(site.engine)
        if wave.takes_answers(site.now(), inside=False)
    }
    if not open_now:
        raise click.ClickException("The demonstration's surveys have closed. Run `make reset`.")
    found = {}
    for entry in read_plan()["ready_codes"]:
        wave = open_now[entry["survey"]]
        invitation = new_invitation(wave.id, entry["audience"], entry["channel"])
        seed = offline.seed_for(wave)
        (code,) = issue(site.engine, wave, [invitation], seed=seed, keys=site_keys(site))
        found[entry["label"]] = " ".join(code.words) if code.words else f"#{code.link}"
    return found


def serve_site(site: Site, offline: Offline, codes: dict[str, str]) -> None:
    """Print what a visitor needs and become the web server; Ctrl-C ends it."""
    from surveys.rehearsal.server import ROOT, free_port, server_command, server_environment
    from surveys.rehearsal.talking import inbox_lines

    port = free_port()
    address = f"http://localhost:{port}/"
    click.echo("\n".join(_notice(address, codes, offline.remembered()["log_ins"], site)))
    click.echo("\n".join(inbox_lines(address, offline)))
    os.chdir(ROOT)
    os.execve(server_command()[0], server_command(), server_environment(port))  # noqa: S606


def bar(steps: Iterable[Any], length: int, label: str) -> Iterator[Any]:
    """A progress bar around the steps of something long."""
    with click.progressbar(steps, length=length, label=f"{label:<28}") as shown:
        yield from shown


def _notice(
    address: str, codes: dict[str, str], log_ins: dict[str, str], site: Site
) -> Iterator[str]:
    yield f"\nHeard is ready at {address}   (Ctrl-C stops it; `make reset` starts anew)"
    yield "All people and answers are invented. Single-custodian mode.\n"
    for label, code in codes.items():
        yield f"  {label + ':':<32} {address + code if code.startswith('#') else code}"
    for name, password in log_ins.items():
        yield f"  {'Log in as ' + name + ':':<32} {address}staff/log-in   password: {password}"
    yield f"  {'The report:':<32} {address}results/   (Summaries: {site.summaries})"
