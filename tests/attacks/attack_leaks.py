"""Worlds that leak, each in one way that surveys really have. The battery must catch every one.

They keep the sealing and the random envelopes of the real vault: what gives people away is where and
when a row is written. ``DirectRows`` is the ordinary survey, which stores a response when it is sent.
"""

import secrets

from attack_world import KEYS, World, content_of
from sqlalchemy import inspect, text

from surveys.vault import release
from surveys.vault.compacting import compact, empty_log
from surveys.vault.envelope import take_apart
from surveys.vault.sealing import seal
from surveys.vault.slot_content import SlotState
from surveys.vault.slots import contents_of, delete_slots, read_draft
from surveys.vault.store import add_responses
from surveys.vault.waves import WaveStatus, set_status

BYTES = {"sqlite": "BLOB", "postgresql": "BYTEA"}
SEQUENCE = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}


class DirectRows(World):
    """A response is stored when it is sent, under a random id; nobody tidies up at the release."""

    key, more, ending = "{bytes} PRIMARY KEY", "", ""

    def __post_init__(self):
        super().__post_init__()
        if not inspect(self.engine).has_table("taken"):
            self.make_tables(self.engine.dialect.name)

    def make_tables(self, engine):
        form = {"bytes": BYTES[engine], "sequence": SEQUENCE[engine]}
        ending = self.ending if engine == "sqlite" else ""
        columns = f"id {self.key}, wave_id {{bytes}}, envelope {{bytes}} {self.more}".format(**form)
        with self.engine.begin() as connection:
            connection.execute(text("DROP TABLE response"))
            connection.execute(text(f"CREATE TABLE response ({columns}) {ending}"))
            connection.execute(text("CREATE TABLE taken (invitation_id {bytes})".format(**form)))

    def send(self, person):
        _, draft = read_draft(self.engine, self.keys.storage_key, person.access)
        envelope = seal(content_of(draft), KEYS.analyst, self.wave.header, self.wave.padded_length)
        with self.engine.begin() as connection:
            self.store(connection, person, envelope)

    def store(self, connection, person, envelope):
        self.insert(connection, id=secrets.token_bytes(16), envelope=envelope)

    def insert(self, connection, **values):
        values["wave_id"] = self.wave.id
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO response ({names}) VALUES ({places})"), values)

    def night(self):
        """None: what is copied is the file as it lies."""

    def release(self):
        """Nothing left to do."""


class ForeignKey(DirectRows):
    """The response says whose invitation it answers."""

    more = ", invitation_id {bytes}"

    def store(self, connection, person, envelope):
        values = {"id": secrets.token_bytes(16), "invitation_id": person.invitation.id}
        self.insert(connection, envelope=envelope, **values)


class SequentialId(DirectRows):
    """Responses are numbered as they come, and even the whole file is written anew at the end."""

    key = "{sequence}"

    def store(self, connection, person, envelope):
        self.insert(connection, envelope=envelope)

    def release(self):
        release.compact(self.engine)


class HiddenRowId(DirectRows):
    """Random ids in a table that has SQLite's own row ids: writing the file anew keeps their order."""

    def release(self):
        compact(self.engine)


class SameTransaction(DirectRows):
    """Random ids, no key between the tables; but who has answered is ticked off along with the response."""

    ending = "WITHOUT ROWID"

    def store(self, connection, person, envelope):
        super().store(connection, person, envelope)
        done = {"invitation_id": person.invitation.id}
        connection.execute(text("INSERT INTO taken VALUES (:invitation_id)"), done)


class CopiedFile(DirectRows):
    """Random ids, no row ids, nothing in the log; the backup copies the file page by page."""

    ending = "WITHOUT ROWID"

    def send(self, person):
        super().send(person)
        assert empty_log(self.engine)


class NoMix(World):
    """Slots, nightly rewrite, one transaction; but only one layer, sealed to the analyst."""

    def seal(self, draft):
        return seal(content_of(draft), KEYS.analyst, self.wave.header, self.wave.padded_length)

    def release(self):
        set_status(self.engine, self.wave.id, WaveStatus.CLOSED)
        with self.engine.connect() as connection:
            contents = list(contents_of(connection, self.keys.storage_key, self.wave.id))
        finals = [c.payload for c in contents if c.state is SlotState.FINAL]
        rows = {take_apart(one).header.response_id: one for one in finals}
        with self.engine.begin() as connection:
            add_responses(connection, self.wave.id, rows)
            delete_slots(connection, self.wave.id)
        release.compact(self.engine)


class NoRewrite(World):
    """Everything but the nightly rewrite: the file is compacted, the slots stay as they were written."""

    def night(self):
        compact(self.engine)
