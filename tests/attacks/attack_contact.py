"""The linking game for messages to the safeguarding lead: whose message is whose, by where it lies.

Everybody answers and writes a message on the same day, in the same sitting; then comes the night. The
adversary holds the copy that was taken after it, the secrets, the codes, and the list of who answered.
"""

import secrets
from dataclasses import dataclass, field

from attack_world import RESPONDENTS, Loot, World

from surveys.contact.keys import SafeguardingKeys
from surveys.contact.message import Message
from surveys.contact.taking import HourlyCap, request_id_for, take_in
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key

KEYS = SafeguardingKeys(*(new_private_key(Purpose.CONTACT).public for _ in range(2)))


@dataclass(frozen=True)
class ContactLoot(Loot):
    """The same loot; the rows to be linked are messages."""

    table: str = "contact_request"
    candidates: frozenset[bytes] = frozenset()

    @property
    def responses(self):
        """The messages of this world, as the database gives them when no order is asked for."""
        rows = self.final.rows["contact_request"]
        ours = [row for row in rows if bytes(row["id"]) in self.candidates]
        return [{**row, "envelope": row["sealed"]} for row in ours]


@dataclass
class ContactWorld(World):
    """Everybody writes a message between answering and sending."""

    messages: dict[str, bytes] = field(default_factory=dict)

    def answer(self, person):
        super().answer(person)
        token = secrets.token_bytes(16)
        take_in(self.site, KEYS, token, message_of(person), HourlyCap(1000))
        self.messages[person.name] = request_id_for(self.site, token)

    def loot(self, final):
        ids = frozenset(self.messages[name] for name in self.order)
        return ContactLoot(
            final, self.nights, self.people, self.order, self.wave, self.keys, candidates=ids
        )

    def truth(self, loot):
        rows = {bytes(row["id"]): bytes(row["envelope"]) for row in loot.responses}
        return {name: rows[self.messages[name]] for name in self.order}


class NoNight(ContactWorld):
    """A control: nobody writes the messages anew."""

    def night(self):
        """Nothing."""


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
