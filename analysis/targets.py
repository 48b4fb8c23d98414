"""Which way each count would rather be rounded, decided by a secret key.

In: the release's key, the name of a cell, its count. Out: the two multiples around the count, the
one wished for and what it costs to go against it. The same cell and count always wish the same,
so that publishing again shows nothing new.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from analysis.policy import DisclosurePolicy

KEY_LENGTH = 32
_SEPARATOR = "\x1f"  # in no code, so that no two cells have the same name

CellName = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A count's choices, in multiples of the rounding base: ``low``, ``high`` or both the same."""

    low: int
    high: int
    wish: int
    weight: float


@dataclass(frozen=True, slots=True)
class Targets:
    """The wishes of one release."""

    key: bytes = field(repr=False)
    release: str
    policy: DisclosurePolicy

    def __post_init__(self) -> None:
        """Raise ValueError for a key of the wrong length."""
        if len(self.key) != KEY_LENGTH:
            raise ValueError(f"the key of a release has {KEY_LENGTH} bytes")

    def target(self, cell: CellName, count: int) -> Target:
        """Where this count would go. A multiple stays where it is, and so nothing stays nothing."""
        return self._drawn(cell, count, self.policy.round_up_probability)

    def base(self, cell: CellName, count: int) -> Target:
        """Where the size of a set of people would go, when being in it is an answer."""
        return self._drawn(cell, count, self.policy.base_round_up_probability)

    def _drawn(self, cell: CellName, count: int, chances: tuple[float, ...]) -> Target:
        remainder = count % self.policy.rounding_base
        up = remainder != 0 and self._draw(cell, count) < chances[remainder]
        return self._target(count, up=up)

    def nearest(self, count: int) -> Target:
        """The same choices for a count that is no secret: it would go to the nearest multiple."""
        base = self.policy.rounding_base
        return self._target(count, up=2 * (count % base) > base)

    def _target(self, count: int, *, up: bool) -> Target:
        base = self.policy.rounding_base
        low, remainder = divmod(count, base)
        if remainder == 0:
            return Target(low, low, low, 0.0)
        weight = self.policy.disagreement_weight
        cost = weight.least + weight.span * abs(remainder - base / 2) / base
        return Target(low, low + 1, low + up, cost)

    def _draw(self, cell: CellName, count: int) -> float:
        """A number from 0 up to 1 that nobody without the key can tell from a random one."""
        message = _SEPARATOR.join((self.release, *cell, str(count))).encode()
        digest = hmac.digest(self.key, message, hashlib.sha256)
        return int.from_bytes(digest[:8]) / 2**64


def release_key(secret: bytes, wave_id: bytes) -> bytes:
    """The key of a wave's releases, from the publisher's secret: the same at every release."""
    return hmac.digest(secret, b"heard rounding/1\0" + wave_id, hashlib.sha256)
