"""The form of an envelope in bytes: header, wrapped data keys, body. No cryptography here.

In: the parts of an envelope, or bytes from anywhere. Out: the bytes, or the parts; bytes that are
not exactly an envelope are refused. Version 1:

    header  "CVS1" version[1] suite[1] purpose[1] survey_id[16] instrument_hash[32] wave[2]
            response_id[16]                                   73 bytes, bound to every part
    wraps   count[1], then for each recipient key_id[8] length[2] wrapped data key[length]
    body    the rest
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

MAGIC = b"CVS1"
VERSION = 1
HEADER_LENGTH = 73
ID_LENGTH = 16
HASH_LENGTH = 32
KEY_ID_LENGTH = 8
MOST_RECIPIENTS = 3
LENGTH_LENGTH = 4  # in front of padded content

_HEADER = struct.Struct(">4sBBB16s32sH16s")
_WRAP = struct.Struct(">8sH")
_LENGTH = struct.Struct(">I")


class CannotOpen(Exception):
    """What was stored cannot be opened. Deliberately says no more than that."""


class MalformedEnvelope(CannotOpen):
    """These bytes are not an envelope of a version that can be read here."""


class TooLong(ValueError):
    """Content that would not fit the constant length, refused before anything is sealed."""


class SuiteId(IntEnum):
    """The cipher suites an envelope can be sealed with."""

    X25519 = 1
    XWING = 2


class Purpose(IntEnum):
    """What a key pair is for. An envelope for one purpose never opens with a key for another."""

    RESPONSE = 1
    MIX = 2
    CONTACT = 3
    PUBLISHING = 4  # seals nothing: the file of a publisher's secret says so
    INVITING = 5  # seals nothing: the file of a credential seed says so
    ESCROW = 6  # seals the seed of a spare key, once to each of two custodians
    BACKUP = 7  # seals a backup of the site


LAYERS = {"analyst": Purpose.RESPONSE, "mix": Purpose.MIX}
"""The two layers that a response is sealed in, inner and outer, and what their keys are for."""


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """What all envelopes of one wave have in common."""

    survey_id: bytes
    instrument_hash: bytes
    wave: int

    def __post_init__(self) -> None:
        """Refuse fields that do not fit their places."""
        fits = len(self.survey_id) == ID_LENGTH and len(self.instrument_hash) == HASH_LENGTH
        if not fits or not 0 <= self.wave < 1 << 16:
            raise ValueError("survey id of 16 bytes, instrument hash of 32, wave below 65,536")


@dataclass(frozen=True, slots=True)
class Header:
    """The 73 bytes that every part of an envelope is bound to."""

    suite: SuiteId
    purpose: Purpose
    fields: HeaderFields
    response_id: bytes


@dataclass(frozen=True, slots=True)
class Wrap:
    """The data key, sealed to one recipient."""

    key_id: bytes
    sealed_key: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope taken apart. ``header_bytes`` is what the other parts are bound to."""

    header: Header
    header_bytes: bytes
    wraps: tuple[Wrap, ...]
    body: bytes

    @property
    def key_ids(self) -> frozenset[bytes]:
        """The recipients."""
        return frozenset(wrap.key_id for wrap in self.wraps)


def survey_id(inspection_id: bytes, survey: str) -> bytes:
    """The id that ties envelopes to one survey of one inspection."""
    return hashlib.sha256(b"heard survey" + inspection_id + survey.encode()).digest()[:ID_LENGTH]


def header_to_bytes(header: Header) -> bytes:
    """The 73 bytes of a header."""
    fields = header.fields
    return _HEADER.pack(
        MAGIC,
        VERSION,
        header.suite,
        header.purpose,
        fields.survey_id,
        fields.instrument_hash,
        fields.wave,
        header.response_id,
    )


def assemble(header_bytes: bytes, wraps: tuple[Wrap, ...], body: bytes) -> bytes:
    """One envelope. Raises ValueError for no recipient or too many."""
    if not 1 <= len(wraps) <= MOST_RECIPIENTS:
        raise ValueError(f"an envelope has 1 to {MOST_RECIPIENTS} recipients")
    parts = [header_bytes, bytes([len(wraps)])]
    for wrap in wraps:
        parts += (_WRAP.pack(wrap.key_id, len(wrap.sealed_key)), wrap.sealed_key)
    return b"".join((*parts, body))


def take_apart(data: bytes) -> Envelope:
    """The parts of an envelope. Raises MalformedEnvelope when they cannot be told."""
    header = _header_from_bytes(data[:HEADER_LENGTH])
    if len(data) <= HEADER_LENGTH or not 1 <= data[HEADER_LENGTH] <= MOST_RECIPIENTS:
        raise MalformedEnvelope("no recipients")
    wraps, position = [], HEADER_LENGTH + 1
    for _ in range(data[HEADER_LENGTH]):
        wrap, position = _wrap_at(data, position)
        wraps.append(wrap)
    if len({wrap.key_id for wrap in wraps}) != len(wraps):
        raise MalformedEnvelope("a recipient occurs twice")
    return Envelope(header, data[:HEADER_LENGTH], tuple(wraps), data[position:])


def pad(content: bytes, bound: int) -> bytes:
    """Content with its length in front and zeros behind. Raises TooLong above the bound."""
    if len(content) > bound:
        raise TooLong(f"{len(content)} bytes where at most {bound} fit")
    return _LENGTH.pack(len(content)) + content.ljust(bound, b"\0")


def unpad(padded: bytes) -> bytes:
    """The inverse of pad. Raises MalformedEnvelope when the padding is not as pad makes it."""
    if len(padded) < LENGTH_LENGTH:
        raise MalformedEnvelope("too short")
    end = LENGTH_LENGTH + _LENGTH.unpack_from(padded)[0]
    if end > len(padded) or padded.count(0, end) != len(padded) - end:
        raise MalformedEnvelope("padding")
    return padded[LENGTH_LENGTH:end]


def _header_from_bytes(data: bytes) -> Header:
    try:
        magic, version, suite, purpose, survey, instrument, wave, response = _HEADER.unpack(data)
        if (magic, version) != (MAGIC, VERSION):
            raise MalformedEnvelope("unknown version")
        fields = HeaderFields(survey, instrument, wave)
        return Header(SuiteId(suite), Purpose(purpose), fields, response)
    except (struct.error, ValueError) as error:
        raise MalformedEnvelope("header") from error


def _wrap_at(data: bytes, position: int) -> tuple[Wrap, int]:
    start = position + _WRAP.size
    if len(data) < start:
        raise MalformedEnvelope("cut short")
    key_id, length = _WRAP.unpack_from(data, position)
    if len(data) < start + length:
        raise MalformedEnvelope("cut short")
    return Wrap(key_id, data[start : start + length]), start + length
