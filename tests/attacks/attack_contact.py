"""The linking game for messages to the safeguarding lead: whose message is whose, by where it lies.

Everybody answers and writes a message on the same day, in the same sitting, and the lead is told of each
at once; then comes the night. The adversary holds the copy that was taken after it, the secrets, the codes, and the list of who answered.
"""

import secrets
from dataclasses import dataclass, field
from unittest.mock import patch

from attack_world import RESPONDENTS, TODAY, Loot, World

from surveys.contact.keys import SafeguardingKeys
from surveys.contact.message import Message
from surveys.contact.requests import Step, note_told
from surveys.contact.taking import HourlyCap, Sender, request_id_for, take_in
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key

KEYS = SafeguardingKeys(*(new_private_key(Purpose.CONTACT).public for _ in range(2)))


@dataclass(frozen=True)
class ContactLoot(Loot):
    """The same loot; the rows to be linked are messages, or the steps that were taken for each."""

    table: str = "contact_request"
    candidates: frozenset[bytes] = frozenset()

    @property
    def responses(self):
        """The rows of this world, as the database gives them when no order is asked for.

        A step leads to its message by its own column, so it is judged as that message.
        """
        sealed = {bytes(row["id"]): row["sealed"] for row in self.final.rows["contact_request"]}
        named = "id" if self.table == "contact_request" else "request_id"
        ours = [(bytes(row[named]), row) for row in self.final.rows[self.table]]
        return [
            {**row, "id": one, "envelope": sealed[one]}
            for one, row in ours
            if one in self.candidates
        ]


@dataclass
class ContactWorld(World):
    """Everybody writes a message between answering and sending."""

    linked = "contact_request"
    messages: dict[str, bytes] = field(default_factory=dict)

    def answer(self, person):
        super().answer(person)
        token = secrets.token_bytes(16)
        take_in(self.site, KEYS, token, message_of(person), HourlyCap(1000), sender=Sender())
        self.messages[person.name] = request_id_for(self.site, token)
        note_told(self.engine, [self.messages[person.name]], Step.TOLD_LEAD, TODAY)

    def loot(self, final):
        ids = frozenset(self.messages[name] for name in self.order)
        known = (self.nights, self.people, self.order, self.wave, self.keys)
        return ContactLoot(final, *known, table=self.linked, candidates=ids)

    def truth(self, loot):
        rows = {bytes(row["id"]): bytes(row["envelope"]) for row in loot.responses}
        return {name: rows[self.messages[name]] for name in self.order}


class StepsWorld(ContactWorld):
    """The same; the adversary looks at the steps."""

    linked = "contact_step"


class NoNight(ContactWorld):
    """A control: nobody writes the messages anew."""

    def night(self):
        """Nothing."""


class MessagesAlone(StepsWorld):
    """A control: the night writes the messages anew, and leaves the steps as they came."""

    def night(self):
        with patch("surveys.contact.requests._rewrite_steps"):
            super().night()


def message_of(person):
    """Some words: what they say is sealed, and does not matter here."""
    return Message(**dict.fromkeys(Message.__dataclass_fields__, "x"))


def one_day(worlds, take, _logged=None):
    """All in one day; then the night, and the copy."""
    for number in range(RESPONDENTS):
        for world in worlds:
            world.day(number)
    worlds[0].night()
    stolen = take()
    for world in worlds:
        world.nights.append(stolen)
