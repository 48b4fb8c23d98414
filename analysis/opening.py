"""Opening the released responses of one wave. Row side: never loaded in the web process.

In: envelopes, the analyst's private key, what the wave's envelopes say of themselves. Out: the
responses, one at a time. Nothing of their content is ever logged or put into an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.leaving_out import LeftOut
from questionnaires.responses import Response, ResponseFormatError, response_from_bytes
from surveys.vault.envelope import CannotOpen, HeaderFields
from surveys.vault.opening import PrivateKey, open_envelope


class UnreadableResponse(Exception):
    """A released response cannot be read: wrong key, wrong wave, damaged, or there twice."""


def open_responses(
    envelopes: Iterable[bytes],
    private_key: PrivateKey,
    header: HeaderFields,
    left_out: LeftOut | None = None,
) -> Iterator[Response]:
    """Every response, in the order of the envelopes. Raises UnreadableResponse at the first fault.

    One bad envelope stops everything, for a release without it is about other people; unless bad
    ones are to be left out, and then they are counted.
    """
    seen: set[bytes] = set()
    for envelope in envelopes:
        try:
            response = _opened(envelope, private_key, header, seen)
        except UnreadableResponse:
            if left_out is None:
                raise
            left_out.count += 1
        else:
            yield response


def _opened(
    envelope: bytes, private_key: PrivateKey, header: HeaderFields, seen: set[bytes]
) -> Response:
    """One response, whose id is then among those seen."""
    try:
        opened = open_envelope(envelope, private_key, header)
        response = response_from_bytes(opened.content)
    except (CannotOpen, ResponseFormatError):
        raise UnreadableResponse("a response cannot be read with this key") from None
    if opened.response_id in seen:
        raise UnreadableResponse("a response is there twice")
    seen.add(opened.response_id)
    return response
