"""A whole site with an open wave of Care4Me, invited children and their codes, all invented."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from flask import Flask
from flask_babel import Babel

from questionnaires.loading import load_survey
from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import import_cohort, members_of
from surveys.inspections.eligibility import Decision
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.preparing import prepare_survey
from surveys.inspections.record import open_inspection
from surveys.inspections.rules import Rule
from surveys.invitations.codes import access_from_secret, secret_from_link
from surveys.invitations.commands import invitations as commands
from surveys.invitations.issuing import invitations_for_cohort, issue
from surveys.invitations.register import invitations_of, new_invitation
from surveys.invitations.seed_asking import site_keys
from surveys.invitations.seed_files import make_seed_file, read_seed_file
from surveys.keys.key_making import public_halves
from surveys.rehearsal.stage import day_1_so_that_today_is
from surveys.site import Site
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.waves import WaveStatus, find_wave, set_status

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
QUICK = Stretching(8192, 1, 1)
ANALYST, MIX = new_private_key(Purpose.RESPONSE), new_private_key(Purpose.MIX)
KEYS = public_halves([ANALYST], [MIX])
ADDRESS = "https://heard.example.gov.uk"
AGES = (9, 9, 9, 9, 12, 12, 12, 9, 9, 9)


def quickly(words, site_id, pepper):
    """In place of 64 MiB and three rounds: what the words lead to is another matter's test."""
    return hashlib.sha256(" ".join(words).encode() + site_id + pepper).digest()[:16]


def child(number):
    """What the return calls a child."""
    return f"SSDA-{number:04}"


@dataclass
class CardedSite:
    """The site, its wave, the seed's files, and the codes as they were issued."""

    app: object
    site: object
    wave: object
    seed_file: Path
    passphrase_file: Path
    codes: list

    @property
    def engine(self):
        return self.site.engine

    @property
    def seed(self):
        return read_seed_file(self.seed_file, self.passphrase_file.read_text())

    @property
    def keys(self):
        return site_keys(self.site)

    @property
    def members(self):
        return members_of(self.engine, self.wave.inspection_id, "care4me")

    def access(self, code):
        return access_from_secret(secret_from_link(code.link))

    def code_of(self, number):
        """The code of a child of the return."""
        (member,) = [one for one in self.members if one.child == child(number)]
        (code,) = [one for one in self.codes if one.invitation.member_id == member.id]
        return code

    def invitations(self):
        return list(invitations_of(self.engine, self.wave.id))

    def invite_adults(self, count):
        """Invitations by link, whose codes need no words."""
        wanted = [new_invitation(self.wave.id, "16-17", "link") for _ in range(count)]
        more = issue(self.engine, self.wave, wanted, seed=self.seed, keys=self.keys)
        self.codes += more
        return more

    def status(self, *statuses):
        for status in statuses:
            set_status(self.engine, self.wave.id, status)
        self.wave = find_wave(self.engine, self.wave.id)

    def imported(self, rules):
        """A later return: what it says of children, by number."""
        decided = [
            Decision(child(n), rules.get(n, Rule.IN_CARE), n not in rules, "care4me", age)
            for n, age in enumerate(AGES)
        ]
        return import_cohort(self.engine, self.wave.inspection_id, decided)

    def run(self, *arguments, seed=True):
        """An ``invitations`` command."""
        files = ("--seed-file", self.seed_file, "--passphrase-file", self.passphrase_file)
        words = [str(one) for one in (*arguments, *(files if seed else ()))]
        with self.app.app_context():
            return CliRunner().invoke(commands, words, obj=self.site)


@cache
def care4me():
    return load_survey(ROOT / "questionnaires" / "care4me")


@cache
def speaking_app():
    """An app that can say things in every language, and nothing else."""
    app = Flask("app", root_path=str(ROOT), template_folder="surveys/templates")
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"))
    Babel(app)
    return app


def small_site(folder):
    """A site without pages, for what needs none."""
    folder.mkdir(parents=True)
    engine = open_engine(f"sqlite:///{folder}/heard.sqlite3")
    metadata.create_all(engine)
    for name in ("public_keys", "summaries"):
        (folder / name).mkdir()
    return Site(
        authority="Exampleshire County Council", engine=engine, surveys={"care4me": care4me()},
        frameworks=load_frameworks(ROOT / "config" / "frameworks"), support_lines=(),
        storage_key=secrets.token_bytes(32), pepper=secrets.token_bytes(32),
        site_id=secrets.token_bytes(32), public_keys=folder / "public_keys",
        summaries=folder / "summaries", now=lambda: NOW,
        languages={"care4me": ("en", "ar", "cy")}, address=ADDRESS,
    )  # fmt: skip


def carded_site(folder, app=None):
    """Ten children, seven of them aged 9, with a code each; the wave is open."""
    site = app.extensions["heard"] if app else small_site(folder / "site")
    inspection = open_inspection(
        site.engine, authority=site.authority, framework="2009", title="Inspection", invented=True,
        day_1=day_1_so_that_today_is(5, site.now().date()),
    )  # fmt: skip
    wave = prepare_survey(site, inspection, "care4me")
    write_wave_keys(site.public_keys, wave.id, KEYS)
    seed_file, passphrase_file = folder / "codes.key", folder / "codes.pass"
    made = CardedSite(
        app or speaking_app(), replace(site, address=ADDRESS), wave, seed_file, passphrase_file, []
    )
    passphrase_file.write_text(make_seed_file(seed_file, wave.id, QUICK))
    made.imported({})
    channels = {"8-10": "card", "11-15": "card"}
    wanted = invitations_for_cohort(site.engine, wave, channels)
    made.codes = issue(site.engine, wave, wanted, seed=made.seed, keys=made.keys)
    made.status(WaveStatus.OPEN)
    return made
