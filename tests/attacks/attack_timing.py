"""Whether two kinds of requests take the same time: medians, Welch's t, and a permutation test."""

from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, variance

from attack_world import CHANCE

SHUFFLES = 400
UNUSABLE = 0.00025  # seconds: a gap that no network lets through, however steady it is


@dataclass(frozen=True)
class Comparison:
    """Two samples of seconds, taken in turns."""

    name: str
    first: list[float]
    second: list[float]

    @property
    def gap(self) -> float:
        """How much longer the second takes, by medians: one slow request does not count."""
        return median(self.second) - median(self.first)

    @property
    def t(self) -> float:
        """Welch's t of the middle nine tenths: what the machine did besides is cut off."""
        one, two = trimmed(self.first), trimmed(self.second)
        spread = sqrt(variance(one) / len(one) + variance(two) / len(two))
        return (fmean(two) - fmean(one)) / spread

    @property
    def chance(self) -> float:
        """How often a gap of medians as wide as this comes about when samples are shuffled."""
        whole, size, wide = [*self.first, *self.second], len(self.first), 0
        for _ in range(SHUFFLES):
            CHANCE.shuffle(whole)
            wide += abs(median(whole[size:]) - median(whole[:size])) >= abs(self.gap)
        return wide / SHUFFLES

    def is_even(self, margin: float) -> bool:
        """No gap that could be used, and none that stands out of the noise.

        A wide gap among few samples is noise as long as shuffling makes one like it.
        """
        return abs(self.gap) < UNUSABLE or (abs(self.t) < 4.5 and not self.stands_out(margin))

    def stands_out(self, margin: float) -> bool:
        """A gap that could be used, and that chance would not have made."""
        return abs(self.gap) >= margin and self.chance < 0.01

    def told(self) -> str:
        """The figures."""
        return (
            f"{self.name}: medians {1000 * median(self.first):.2f} and "
            f"{1000 * median(self.second):.2f} ms, gap {1000 * self.gap:+.3f} ms, "
            f"t {self.t:+.2f}, a gap like it by chance {self.chance:.0%}, n {len(self.first)}"
        )


def trimmed(samples: list[float]) -> list[float]:
    """Without the slowest tenth and the quickest."""
    cut = len(samples) // 10
    return sorted(samples)[cut : len(samples) - cut]
