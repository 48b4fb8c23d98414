"""The publisher's secret: what signs a site's Summaries and keeps their rounding the same.

In: a key file and its passphrase, both off the web server. Out: the secret. The public half lies
beside the Summaries. One publisher for a site: another would round the same counts differently.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from analysis.signing import public_key, sign_summary, signing_key
from analysis.targets import release_key
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import (
    FULL_COST,
    Stretching,
    new_passphrase,
    read_key_file,
    write_key_file,
)
from surveys.vault.opening import new_private_key

PUBLIC_FILE = "publisher.pub"
_NO_WAVE = bytes(16)  # a publisher's key is not of one wave


class PublisherUnfit(Exception):
    """This key cannot publish here. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whoever may publish for a site."""

    secret: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """What Summaries are verified with."""
        return public_key(signing_key(self.secret))

    def sign(self, summary: bytes) -> bytes:
        """The signature of a Summary's bytes."""
        return sign_summary(summary, signing_key(self.secret))

    def release_key(self, wave_id: bytes) -> bytes:
        """The key that decides the rounding of a wave, at every one of its releases."""
        return release_key(self.secret, wave_id)


def make_publisher(key_file: Path, summaries: Path, stretching: Stretching = FULL_COST) -> str:
    """Make a site's publisher and return the passphrase, which is nowhere else.

    Raises FileExistsError when the site has a publisher, or the key file is there.
    """
    public_file = summaries / PUBLIC_FILE
    if public_file.exists():
        raise FileExistsError(f"{public_file} exists; a site has one publisher")
    private_key, passphrase = new_private_key(Purpose.PUBLISHING), new_passphrase()
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_key_file(key_file, private_key, _NO_WAVE, passphrase, stretching)
    summaries.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(public_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Publisher(private_key.seed).public.hex() + "\n")
    return passphrase


def read_publisher(key_file: Path, passphrase: str, summaries: Path) -> Publisher:
    """The publisher of a site. Raises PublisherUnfit when it is not the one readers verify with.

    Raises KeyFileDamaged or WrongPassphrase for the file.
    """
    private_key = read_key_file(key_file, passphrase)
    if private_key.purpose is not Purpose.PUBLISHING:
        raise PublisherUnfit(f"{key_file} is the key of a wave, not of a publisher.")
    publisher = Publisher(private_key.seed)
    if read_public_key(summaries) != publisher.public:
        raise PublisherUnfit(f"{key_file} is not the publisher in {summaries / PUBLIC_FILE}.")
    return publisher


def read_public_key(summaries: Path) -> bytes:
    """What the Summaries of a folder are verified with. Raises PublisherUnfit."""
    path = summaries / PUBLIC_FILE
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise PublisherUnfit(
            f"{path} is missing or damaged. Make a publisher with: "
            "python -m analysis make-publisher."
        ) from None
