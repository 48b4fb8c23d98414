"""Slips for "I need to talk" on a tablet: with each, one message can be sealed there and brought.

In: a site. Out: the part of the offline pack that seals messages. Neither token nor id of a slip is
stored: the id comes out of the token again, under the site's storage key, so that nobody can make
a slip of their own, and their number bounds how many messages one tablet can bring.
"""

from __future__ import annotations

import logging
import secrets

from surveys.contact.keys import SafeguardingKeys, as_written, load_keys
from surveys.contact.message import (
    BOUND,
    LONGEST_NAME,
    LONGEST_REACH,
    LONGEST_WORDS,
    Part,
    header_for,
)
from surveys.contact.taking import TOKEN_LENGTH, request_id_for
from surveys.site import Site
from surveys.vault.public_keys import KeysUnfit

log = logging.getLogger("heard")

SLIPS = 20
LONGEST = {"name": LONGEST_NAME, "reach": LONGEST_REACH, "words": LONGEST_WORDS}


def safeguarding_keys(site: Site) -> SafeguardingKeys | None:
    """What messages are sealed to; None where there are no keys, or none that fit."""
    try:
        return load_keys(site.public_keys)
    except KeysUnfit as error:
        log.error("%s", error)
        return None


def contact_for_tablet(site: Site, keys: SafeguardingKeys | None) -> dict[str, object] | None:
    """The part of a pack that static/kiosk/sealing.js reads, with new slips; None without keys."""
    if keys is None:
        return None
    kind = header_for(bytes(TOKEN_LENGTH), Part.REQUEST).instrument_hash
    return {
        "keys": [as_written(key) for key in keys.both],
        "kind": kind.hex(),
        "bound": BOUND,
        "longest": LONGEST,
        "slips": [_slip(site, secrets.token_bytes(TOKEN_LENGTH)) for _ in range(SLIPS)],
    }


def _slip(site: Site, token: bytes) -> dict[str, str]:
    return {"token": token.hex(), "id": request_id_for(site, token).hex()}
