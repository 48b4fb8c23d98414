"""The lead's and the deputy's keys of every test, and how the tests open what was sealed to them."""

from surveys.contact.keys import SafeguardingKeys
from surveys.contact.message import Part, header_for, message_from_bytes
from surveys.contact.requests import all_requests, sealed_request
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key, open_envelope

LEAD, DEPUTY = (new_private_key(Purpose.CONTACT) for _ in range(2))
KEYS = SafeguardingKeys(LEAD.public, DEPUTY.public)


def opened(engine, key=LEAD):
    """Every message, in words."""
    return [
        message_from_bytes(
            open_envelope(
                sealed_request(engine, one.id).message, key, header_for(one.id, Part.REQUEST)
            ).content
        )
        for one in all_requests(engine)
    ]
