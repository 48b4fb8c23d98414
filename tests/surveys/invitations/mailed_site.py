"""A site with an open wave for adults, links issued, a mail server on loopback; all invented."""

import secrets
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

for _beside in ("mail", "retention"):
    _folder = str(Path(__file__).parents[1] / _beside)
    if _folder not in sys.path:
        sys.path.insert(0, _folder)

import pytest  # noqa: E402
from mail_server import MailServer, Post  # noqa: E402

from surveys import commands  # noqa: E402
from surveys.database import writing  # noqa: E402
from surveys.invitations.issuing import issue  # noqa: E402
from surveys.invitations.outbox.contact_files import read_contacts  # noqa: E402
from surveys.invitations.outbox.importing import import_contacts  # noqa: E402
from surveys.invitations.outbox.keys import outbox_keys  # noqa: E402
from surveys.invitations.outbox.mails import writer_for  # noqa: E402
from surveys.invitations.outbox.opt_outs import opt_out_table  # noqa: E402
from surveys.invitations.outbox.posting import Posting  # noqa: E402
from surveys.invitations.outbox.queue import mails_of  # noqa: E402
from surveys.invitations.outbox.queueing import queue_invitations, waiting_of  # noqa: E402
from surveys.invitations.outbox.sending import Pace, Run  # noqa: E402
from surveys.invitations.register import new_invitation  # noqa: E402
from surveys.invitations.seed_asking import site_keys  # noqa: E402
from surveys.invitations.seed_files import make_seed_file, read_seed_file  # noqa: E402
from surveys.mail.sending import MailSettings, Security  # noqa: E402
from surveys.vault.key_files import Stretching  # noqa: E402
from surveys.vault.waves import WaveStatus, find_wave, prepare_wave, set_status  # noqa: E402

__all__ = ["MailServer", "MailedSite", "Post", "csv_of", "mailed_site", "one_app"]

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
SENDER = "heard@example.gov.uk"
ADDRESS = "https://heard.example.gov.uk"
CHEAP = Stretching(8192, 1, 1)
AT_ONCE = Pace(per_minute=6_000_000, waits=(0.01, 0.01), patience=1.0)


@pytest.fixture(scope="module", name="app")
def one_app(tmp_path_factory):
    """One site for all tests of a module; each of them has a wave of its own."""
    from app import create_app
    from config.settings import create_site, read_settings
    from surveys.database import open_engine
    from surveys.migrations.running import upgrade
    from tests.conftest import _inspecting_client

    home = tmp_path_factory.mktemp("mailed") / "site"
    create_site(home, "Exampleshire County Council", demo=True, https=False)
    engine = open_engine(f"sqlite:///{home.resolve()}/heard.sqlite3")
    upgrade(engine)
    engine.dispose()  # create_app reads every file, by which this process would lose its locks
    made = create_app(read_settings(home))
    made.test_client_class = _inspecting_client()
    yield made
    made.extensions["heard"].engine.dispose()


@dataclass
class MailedSite:
    """The app, its wave, and where mail goes."""

    app: object
    wave: object
    folder: Path
    seed: object

    @property
    def site(self):
        return self.app.extensions["heard"]

    @property
    def engine(self):
        return self.site.engine

    @property
    def keys(self):
        return outbox_keys(self.site.storage_key)

    def flask(self, *arguments, **options):
        """What a command says, and how it ended."""
        return self.app.test_cli_runner().invoke(
            args=["invitations", *map(str, arguments)], **options
        )

    def mailing_to(self, server):
        """From now on mail goes to this server."""
        mail = MailSettings("127.0.0.1", SENDER, server.port, Security.NONE, patience=0.5)
        self.app.extensions["heard"] = replace(self.site, mail=mail)
        commands.register(self.app)
        return self

    def now_is(self, now):
        self.app.extensions["heard"] = replace(self.site, now=lambda: now)
        commands.register(self.app)

    def listed(self, *rows, name="contacts.csv"):
        """A list of contacts as a file."""
        path = self.folder / name
        path.write_text(csv_of(*rows), encoding="utf-8")
        return path

    def imported(self, *rows):
        read = read_contacts(self.listed(*rows), {"en", "ar", "cy"})
        assert read.problems == ()
        return import_contacts(self.engine, self.keys, self.wave, read.rows)

    def run(self, pace=AT_ONCE, **more):
        """Queue invitations and send whatever waits; the run's tally."""
        queue_invitations(self.engine, self.keys, self.wave.id)
        with self.app.test_request_context():
            posting = self.posting()
            run = Run(self.engine, self.site.mail, posting.write, pace, **more)
            return run.send(waiting_of(self.engine, self.wave.id))

    def posting(self):
        writer = writer_for(self.site, self.wave, self.keys)
        return Posting.of(self.site, self.wave, writer, self.seed)

    def states(self):
        """How many mails are in each state."""
        found = {}
        for mail in self.mails():
            found[str(mail.state)] = found.get(str(mail.state), 0) + 1
        return found

    def mails(self):
        with self.engine.connect() as connection:
            return mails_of(connection, self.wave.id)

    def seed_options(self):
        return ["--seed-file", self.folder / "seed.key", "--passphrase-file", self.folder / "words"]

    def everything_on_disk(self):
        """Every byte of the site's folder: database, its log, locks, audit log."""
        home = self.site.summaries.parent
        files = (path for path in sorted(home.rglob("*")) if path.is_file())
        return b"".join(path.read_bytes() for path in files)


def csv_of(*rows, names="reference,email,mobile,language"):
    return "\n".join([names, *(",".join((*row, "", "")[:4]) for row in rows)]) + "\n"


def mailed_site(app, folder, links=4, survey="staff"):
    """An open wave with so many invitations by link; the seed lies in ``folder``."""
    found = app.extensions["heard"]
    app.extensions["heard"] = site = replace(found, address=ADDRESS, now=lambda: NOON, mail=None)
    commands.register(app)
    with writing(site.engine).begin() as connection:
        connection.execute(opt_out_table.delete())
    window = (NOON.date() - timedelta(days=2), NOON.date() + timedelta(days=6))
    wave = prepare_wave(site.engine, site.surveys[survey], secrets.token_bytes(16), *window)
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    passphrase = make_seed_file(folder / "seed.key", wave.id, CHEAP)
    (folder / "words").write_text(passphrase)
    seed = read_seed_file(folder / "seed.key", passphrase)
    audience = site.surveys[survey].questionnaires[-1].audience
    wanted = [new_invitation(wave.id, audience, "link") for _ in range(links)]
    issue(site.engine, wave, wanted, seed=seed, keys=site_keys(site))
    return MailedSite(app, find_wave(site.engine, wave.id), folder, seed)
