"""Opening the released responses of one wave. Row side: never loaded in the web process.

In: envelopes and the manifest of their release, the analyst's private key, what the wave's
envelopes say of themselves. Out: the responses, one at a time. Nothing of their content is ever
logged or put into an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from analysis.leaving_out import LeftOut
from questionnaires.responses import Response, ResponseFormatError, response_from_bytes
from surveys.vault.envelope import CannotOpen, HeaderFields, MalformedEnvelope, take_apart
from surveys.vault.manifest import Manifest, ManifestRefused, hash_of
from surveys.vault.opening import PrivateKey, open_with_any


class UnreadableResponse(Exception):
    """A released response cannot be read: wrong key, wrong wave, damaged, or there twice."""


class RollCall:
    """The rows of a wave, each held against the manifest of its release while it passes.

    A row too many or too few is never left out on request: it is not an unfit response but
    somebody's work on the database. Call ``finish`` when all have passed.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._awaited = Counter(manifest.envelopes)
        self._recipients = manifest.accepted_recipients

    def through(self, envelopes: Iterable[bytes]) -> Iterator[bytes]:
        """The same envelopes. Raises ManifestRefused at the first that was not released so."""
        for envelope in envelopes:
            name = hash_of(envelope)
            if not self._awaited[name]:
                raise ManifestRefused("there is a row that the custodian did not release")
            self._awaited[name] -= 1
            if _recipients_of(envelope) not in self._recipients:
                raise ManifestRefused("a row is sealed to others than the manifest says")
            yield envelope

    def finish(self) -> None:
        """Raise ManifestRefused unless everything that was released has passed."""
        missing = self._awaited.total()
        if missing:
            raise ManifestRefused(f"rows are missing that the custodian released: {missing}")


def _recipients_of(envelope: bytes) -> frozenset[bytes]:
    try:
        return take_apart(envelope).key_ids
    except MalformedEnvelope:
        raise ManifestRefused("a row is no envelope") from None


def open_responses(
    envelopes: Iterable[bytes],
    private_key: PrivateKey | Sequence[PrivateKey],
    header: HeaderFields,
    left_out: LeftOut | None = None,
) -> Iterator[Response]:
    """Every response, in the order of the envelopes. Raises UnreadableResponse at the first fault.

    Several keys are those of a wave whose keys were changed while people answered.

    One bad envelope stops everything, for a release without it is about other people; unless bad
    ones are to be left out, and then they are counted.
    """
    seen: set[bytes] = set()
    keys = (private_key,) if isinstance(private_key, PrivateKey) else private_key
    for envelope in envelopes:
        try:
            response = _opened(envelope, keys, header, seen)
        except UnreadableResponse:
            if left_out is None:
                raise
            left_out.count += 1
        else:
            yield response


def _opened(
    envelope: bytes, keys: Sequence[PrivateKey], header: HeaderFields, seen: set[bytes]
) -> Response:
    """One response, whose id is then among those seen."""
    try:
        opened = open_with_any(envelope, keys, header)
        response = response_from_bytes(opened.content)
    except (CannotOpen, ResponseFormatError):
        raise UnreadableResponse("a response cannot be read with this key") from None
    if opened.response_id in seen:
        raise UnreadableResponse("a response is there twice")
    seen.add(opened.response_id)
    return response
