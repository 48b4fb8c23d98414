"""What is stored of somebody's taking part never shares a transaction with their answers."""

import re
import secrets
from datetime import timedelta

import pytest
from answering_respondent import Respondent
from answering_site import Invitation
from sqlalchemy import event, text

from surveys.database import metadata
from surveys.invitations.codes import CredentialSeed, access_from_secret, secret_from_link
from surveys.invitations.commands import site_keys
from surveys.invitations.issuing import issue
from surveys.invitations.register import new_invitation
from surveys.keys.key_making import public_halves
from surveys.migrations.running import upgrade
from surveys.nightly import whole_night
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.waves import WaveStatus, prepare_wave, set_status

WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(\w+)", re.IGNORECASE)
RELEASE = {"slot", "response", "release_manifest", "wave"}


class Transactions:
    """Which tables each transaction has written."""

    def __init__(self, engine):
        self.written, self._open = [], {}
        event.listen(engine, "before_cursor_execute", self._note)
        event.listen(engine, "commit", self._end)

    def _note(self, connection, _cursor, statement, *_more):
        if found := WRITES.match(statement):
            self._open.setdefault(connection.connection.dbapi_connection, set()).add(found[1])

    def _end(self, connection):
        self.written.append(self._open.pop(connection.connection.dbapi_connection, set()))


class Live:
    """A whole site with one open wave, as Respondent wants it."""

    def __init__(self, app, transactions):
        self.app, self.site = app, app.extensions["heard"]
        self.transactions = transactions
        self.analyst, self.mix = map(new_private_key, (Purpose.RESPONSE, Purpose.MIX))
        self.keys = public_halves((self.analyst,), (self.mix,))
        survey, today = self.site.surveys["governance"], self.site.now().date()
        days = (today - timedelta(days=1), today + timedelta(days=1))
        self.wave = prepare_wave(self.site.engine, survey, secrets.token_bytes(16), *days)
        write_wave_keys(self.site.public_keys, self.wave.id, self.keys)
        set_status(self.site.engine, self.wave.id, WaveStatus.OPEN)
        audience = survey.questionnaires[0].audience
        wanted = [new_invitation(self.wave.id, audience, "link") for _ in range(4)]
        keys = site_keys(self.site)
        codes = issue(
            self.site.engine, self.wave, wanted, seed=CredentialSeed.generate(), keys=keys
        )
        self.invitations = [
            Invitation(code.link, access_from_secret(secret_from_link(code.link))) for code in codes
        ]

    def client(self):
        return self.app.test_client()


@pytest.fixture(params=["sqlite", "postgresql"])
def live(request, tmp_path):
    from app import create_app
    from config.settings import create_site, read_settings

    home = tmp_path / "site"
    create_site(home, "Exampleshire County Council", demo=True, https=False)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        with (home / "site.toml").open("a") as file:
            file.write(f'database_url = "{url}"\n')
    from surveys.database import open_engine

    settings = read_settings(home)
    made = open_engine(settings.database_url)
    upgrade(made)
    made.dispose()
    app = create_app(settings)  # and so the site serves from it
    engine = app.extensions["heard"].engine
    yield Live(app, Transactions(engine))
    engine.dispose()


def take_part(live, invitation, send=True):
    person = Respondent(live, invitation)
    person.enter()
    person.agree()
    values = {"answer": person.document.find(".//input[@name='answer']").attrib["value"]}
    person.press(**values)
    assert person.page.status_code == 200
    if send:
        person.post("/answer/send")
        assert person.page.status_code == 200


def xmins(engine):
    """Which transactions wrote the rows of each table that has any."""
    with engine.connect() as connection:
        found = {
            name: set(connection.execute(text(f"SELECT xmin::text FROM {name}")).scalars())
            for name in metadata.tables
        }
    return {name: written for name, written in found.items() if written}


def test_nobody_s_taking_part_is_written_together_with_answers(live):
    engine = live.site.engine
    take_part(live, live.invitations[0])
    take_part(live, live.invitations[1], send=False)
    refuse_shared_xmin(engine)
    assert not [one for one in whole_night(live.site, live.site.now().date()) if one.failed]
    refuse_shared_xmin(engine)
    take_part(live, live.invitations[2])
    set_status(engine, live.wave.id, WaveStatus.CLOSED)
    before = len(live.transactions.written)
    release_wave(engine, live.site.storage_key, live.wave, live.mix, keys=live.keys)
    assert RELEASE in live.transactions.written[before:]
    answers = {"slot", "response"}
    together = [each for each in live.transactions.written[:before] if each & answers]
    assert len(together) > 6 and all(each == {"slot"} for each in together)


def refuse_shared_xmin(engine):
    """On PostgreSQL the rows themselves say which transaction wrote them."""
    if engine.dialect.name == "postgresql":
        found = xmins(engine)
        slots = found.pop("slot")
        assert slots and found
        assert not [name for name, written in found.items() if written & slots]
