"""A whole site served by gunicorn in processes of its own, and people who answer on it.

In: a folder. Out: an address, codes, and every file that site, server and browser leave behind. The
private keys of its wave are in this test's memory and nowhere on the disk.
"""

import os
import re
import secrets
import signal
import subprocess
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from attack_contact import KEYS as SAFEGUARDING
from attack_world import KEYS, MIX
from sqlalchemy import insert

from config.settings import create_site, read_settings
from questionnaires.loading import load_survey
from surveys.contact.keys import write_keys
from surveys.database import open_engine
from surveys.inspections.cohorts import cohort_member_table
from surveys.invitations.codes import CredentialSeed, access_from_secret, secret_from_link
from surveys.invitations.issuing import SiteKeys, issue
from surveys.invitations.register import new_invitation
from surveys.migrations.running import upgrade
from surveys.rehearsal.server import free_port, server_command, wait_until_ready
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.slots import read_draft
from surveys.vault.waves import WaveStatus, find_wave, prepare_wave, set_status

ROOT = Path(__file__).parents[2]
TEXT_PAGE = "best_thing"
TOKEN = re.compile(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')


class RealSite:
    """A site of one survey, one open wave, and a server that can be killed."""

    def __init__(self, folder):
        self.folder = folder
        self.home, self.temporary, self.log = folder / "site", folder / "tmp", folder / "server.log"
        self.temporary.mkdir(parents=True)
        create_site(self.home, "Exampleshire County Council", demo=True, https=False)
        self.settings = read_settings(self.home)
        self.engine = open_engine(self.settings.database_url)
        upgrade(self.engine)
        self.survey = load_survey(ROOT / "questionnaires" / "care4me")
        today = self.settings.now().date()
        days = today - timedelta(days=3), today + timedelta(days=3)
        self.wave = prepare_wave(self.engine, self.survey, secrets.token_bytes(16), *days)
        write_wave_keys(self.settings.public_keys, self.wave.id, KEYS)
        write_keys(self.settings.public_keys, SAFEGUARDING)
        set_status(self.engine, self.wave.id, WaveStatus.OPEN)
        self.process = None

    @property
    def database(self):
        """Where the answers lie."""
        return self.home / "heard.sqlite3"

    def invite(self, *, channel="link", name=None):
        """One more person, known to the site by ``name``; their code."""
        member = secrets.token_bytes(16)
        values = {"id": member, "inspection_id": self.wave.inspection_id, "survey": "care4me"}
        with self.engine.begin() as connection:
            child = name or secrets.token_hex(8)
            row = insert(cohort_member_table).values(**values, child=child, audience="8-10")
            connection.execute(row)
        wanted = new_invitation(self.wave.id, "8-10", channel, member)
        keys = SiteKeys(self.settings.storage_key, self.settings.pepper, self.settings.site_id)
        [code] = issue(self.engine, self.wave, [wanted], seed=CredentialSeed.generate(), keys=keys)
        return code

    def access(self, code):
        """Where a code leads."""
        return access_from_secret(secret_from_link(code.link))

    def draft(self, code):
        """The answers stored behind a code; None when it opens nothing."""
        found = read_draft(self.engine, self.settings.storage_key, self.access(code))
        return dict(found[1].answers) if found else None

    def start(self, workers=1):
        """Serve; what the server says goes to a file."""
        self.port = free_port(0)
        environment = {
            "PATH": os.environ["PATH"], "HEARD_HOME": str(self.home), "TMPDIR": str(self.temporary),
            "HEARD_BIND": f"127.0.0.1:{self.port}", "HEARD_WORKERS": str(workers),
        }  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                server_command(), cwd=ROOT, env=environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_until_ready(self.port, self.process)
        self.address = f"http://127.0.0.1:{self.port}"

    def stop(self, how=signal.SIGTERM):
        """End the server and its workers: in good order, or as a power cut would."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            (os.killpg if how == signal.SIGKILL else os.kill)(self.process.pid, how)
        self.process.wait(timeout=30)
        self.process = None

    def files(self):
        """Every file of the site, of its server's temporary folder and its log."""
        return [path for path in sorted(self.folder.rglob("*")) if path.is_file()]

    def database_bytes(self):
        """The database and its log, as they lie."""
        log = self.database.with_name(self.database.name + "-wal")
        return self.database.read_bytes(), log.read_bytes() if log.exists() else b""

    def release(self):
        """Close and release, with the key that was never on this disk."""
        set_status(self.engine, self.wave.id, WaveStatus.CLOSED)
        wave = find_wave(self.engine, self.wave.id)
        return release_wave(self.engine, self.settings.storage_key, wave, MIX, keys=KEYS)

    def remove(self):
        """End everything."""
        self.stop()
        self.engine.dispose()


class Caller:
    """Somebody at the other end of a wire: keeps a cookie, sends what it likes."""

    def __init__(self, site):
        self.site, self.cookie, self.token, self.sent = site, "", "", None

    def ask(self, method, path, body=None, **headers):
        """One request; the answer's status and text. Redirects are told, not followed."""
        wire = HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        wire.request(method, path, body, headers)
        answer = wire.getresponse()
        text = answer.read().decode("utf-8", "replace")
        wire.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = cookie.partition(";")[0]
        found = TOKEN.search(text)
        self.token = found.group(1) if found else self.token
        self.location = answer.headers.get("Location")
        return answer.status, text

    def post(self, path, **values):
        """Post a form with its token, and remember it as it went over the wire."""
        body = urlencode({"csrf_token": self.token, **values})
        self.sent = (path, body, self.cookie)
        return self.ask("POST", path, body)

    def begin(self, code):
        """Through the door and the welcome."""
        self.ask("GET", "/")
        status, _ = self.post("/start", words=code.link)
        assert (status, self.location) == (303, "/answer/welcome")
        self.ask("GET", "/answer/welcome")
        self.post("/answer/welcome")
        self.ask("GET", self.location)

    def write(self, words):
        """Answer the question in one's own words."""
        return self.post("/answer/1", page=TEXT_PAGE, words=words, go="next")

    def send(self):
        """Hand it in."""
        self.ask("GET", "/answer/check")
        return self.post("/answer/send")


def replay(site, sent):
    """A captured POST once more, word for word, by somebody who kept a copy of it."""
    path, body, cookie = sent
    again = Caller(site)
    again.cookie = cookie
    return again.ask("POST", path, body)[0], again.location
