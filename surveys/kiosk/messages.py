"""Taking in a message of "I need to talk" that was sealed on a tablet: once, unread, as it came.

In: the token of a slip and an envelope, from anybody. Out: an Outcome. The envelope is looked at
only from outside: bound to the id of this slip, to both holders, exactly the right length.
"""

from __future__ import annotations

from surveys.contact.keys import SafeguardingKeys, ever_keys
from surveys.contact.message import BOUND, Part, header_for
from surveys.contact.requests import add_request, sealed_request
from surveys.contact.taking import TOKEN_LENGTH, request_id_for
from surveys.kiosk.delivering import Outcome
from surveys.kiosk.packing import envelope_length
from surveys.site import Site
from surveys.vault.envelope import CannotOpen, Envelope, Purpose, take_apart
from surveys.vault.hpke import PublicKey


def take_in_message(site: Site, body: bytes) -> Outcome:
    """Keep the message of a slip, under the day on which it came.

    One that was sealed before the keys were replaced is kept as well: whoever held the old ones
    can open it, and nobody can seal it anew. Raises KeysUnfit without keys, NotKept when the
    database could not take it just now.
    """
    token, sealed = body[:TOKEN_LENGTH], body[TOKEN_LENGTH:]
    request_id = request_id_for(site, token)
    if not _fits(ever_keys(site.public_keys), request_id, sealed):
        return Outcome.MALFORMED
    if add_request(site.engine, request_id, sealed, site.now().date()):
        return Outcome.TAKEN
    kept = sealed_request(site.engine, request_id)
    return Outcome.ALREADY if kept is not None and kept.message == sealed else Outcome.USED


def _fits(ever: tuple[SafeguardingKeys, ...], request_id: bytes, sealed: bytes) -> bool:
    """Whether it was sealed for this very slip, to both holders of now or of before."""
    try:
        envelope = take_apart(sealed)
    except CannotOpen:
        return False
    if envelope.header.fields != header_for(request_id, Part.REQUEST):
        return False
    return any(_is_sealed_to(keys.both, envelope, len(sealed)) for keys in ever)


def _is_sealed_to(both: tuple[PublicKey, ...], envelope: Envelope, length: int) -> bool:
    header = envelope.header
    return (
        (header.purpose, header.suite) == (Purpose.CONTACT, both[0].suite)
        and envelope.key_ids == {key.key_id for key in both}
        and length == envelope_length(both, BOUND)
    )
