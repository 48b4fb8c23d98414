"""Places for offline responses: slots that nobody was invited to, and the tokens that open them.

In: a wave and how many. Out: tokens, this once. A place is a slot like any other; neither token nor
hash of it is stored, and no invitation stands behind it, so counts of those invited stay right. A
token is not a link: neither opens what the other does.
"""

from __future__ import annotations

import secrets

from surveys.invitations.codes import SECRET_LENGTH, place_access
from surveys.site import Site
from surveys.vault.drafts import Draft
from surveys.vault.slots import NewSlot, create_slots
from surveys.vault.waves import Wave

MOST_PLACES = 100


def make_places(site: Site, wave: Wave, audience: str, number: int) -> list[bytes]:
    """New empty slots of a wave, all or none, and the secrets that lead to them."""
    tokens = [secrets.token_bytes(SECRET_LENGTH) for _ in range(number)]
    create_slots(site.engine, site.storage_key, wave, [_slot(token, audience) for token in tokens])
    return tokens


def _slot(token: bytes, audience: str) -> NewSlot:
    access = place_access(token)
    return NewSlot(access.slot_id, access.part_key, Draft(audience, {}))
