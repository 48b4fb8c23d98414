"""Opening the released responses of one wave. Row side: never loaded in the web process.

In: envelopes, the analyst's private key, what the wave's envelopes say of themselves. Out: the
responses, one at a time. Nothing of their content is ever logged or put into an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaires.responses import Response, ResponseFormatError, response_from_bytes
from surveys.vault.envelope import CannotOpen, HeaderFields
from surveys.vault.opening import PrivateKey, open_envelope


class UnreadableResponse(Exception):
    """A released response cannot be read: wrong key, wrong wave, damaged, or there twice."""


def open_responses(
    envelopes: Iterable[bytes], private_key: PrivateKey, header: HeaderFields
) -> Iterator[Response]:
    """Every response, in the order of the envelopes. Raises UnreadableResponse at the first fault.

    One bad envelope stops everything: a release without it would be about other people.
    """
    seen: set[bytes] = set()
    for envelope in envelopes:
        try:
            opened = open_envelope(envelope, private_key, header)
            response = response_from_bytes(opened.content)
        except (CannotOpen, ResponseFormatError):
            raise UnreadableResponse("a response cannot be read with this key") from None
        if opened.response_id in seen:
            raise UnreadableResponse("a response is there twice")
        seen.add(opened.response_id)
        yield response
