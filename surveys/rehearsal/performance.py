"""The performance: part of every cohort answers through the running site, then the curtain falls.

In: the acts with their codes. Out: counts of what was sent; then closed, released and published
waves. Answers go over HTTP; publishing is a process of its own, off the web.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import click

from surveys.rehearsal.offline import Offline, passphrase_path
from surveys.rehearsal.opinions import questions_of
from surveys.rehearsal.respondents import answer_all, read_comments
from surveys.rehearsal.server import ROOT
from surveys.rehearsal.stage import Act, Bar, bar_over
from surveys.retention.erasing import close_wave
from surveys.site import Site
from surveys.vault.key_files import read_key_file
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.release import ReleaseReport, release_wave


def answer_through_the_pages(
    site: Site, plan: dict[str, Any], acts: list[Act], address: str, bar: Bar
) -> Counter[str]:
    """Have the planned share of each wave's people answer. Returns what became of them."""
    comments, outcomes = read_comments(), Counter[str]()
    for number, act in enumerate(acts):
        survey = site.surveys[act.wave.survey]
        codes = _who_answers(plan, act)
        outcomes += answer_all(
            address,
            codes,
            comments[survey.questionnaires[0].look],
            questions_of(survey),
            seed=plan["seed"] + number,
            progress=bar_over(bar, len(codes), survey.title),
        )
    return outcomes


def close_and_release(site: Site, act: Act, offline: Offline) -> ReleaseReport:
    """Close a wave and release it with the custodian's key."""
    close_wave(site, act.wave, site.now().date())
    path = offline.key_path(act.wave, "mix")
    key = read_key_file(path, passphrase_path(path).read_text(encoding="utf-8"))
    keys = load_wave_keys(site.public_keys, act.wave.id)
    return release_wave(site.engine, site.storage_key, act.wave, key, keys=keys)


def publish(act: Act, offline: Offline) -> None:
    """Open, tabulate, protect, sign and publish a wave, in a process of its own."""
    path = offline.key_path(act.wave, "analyst")
    command = [
        *(sys.executable, "-m", "analysis", "publish", act.wave.id.hex()),
        *("--key-file", str(path), "--passphrase-file", str(passphrase_path(path))),
        *("--publisher-folder", str(offline.folder)),
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603
        raise click.ClickException(f"{act.wave.survey} was not published; the reason is above.")


def _who_answers(plan: dict[str, Any], act: Act) -> list[str]:
    """Codes of those who answer: every other card typed in words, the rest by link."""
    if act.wave.survey in plan["adults"]:
        count = plan["adults"][act.wave.survey]["answer"]
    else:
        count = round(len(act.codes) * plan["share_who_answer"])
    chosen = sorted(act.codes, key=lambda code: code.invitation.id)[:count]
    return [
        " ".join(code.words) if code.words and number % 2 else code.link
        for number, code in enumerate(chosen)
    ]
