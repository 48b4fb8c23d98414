"""Scores of the linking game: how many links were right, over many worlds, against chance.

A guess that knows nothing has one right link on average, however many people there are, and a variance
of at most one (the fixed points of a random permutation: https://oeis.org/A000166). So the mean over n
worlds lies within three standard errors, 3/sqrt(n), in 997 cases of 1,000. As hundreds of attacks are
scored, whatever lies outside is played again in as many fresh worlds: chance does not come twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean

CHANCE_MEAN = 1.0


@dataclass
class Scores:
    """Right links by attack, world by world."""

    links: dict[str, list[int]] = field(default_factory=dict)

    def note(self, attack: str, guess: Mapping[str, bytes], truth: Mapping[str, bytes]) -> None:
        """Count what one guess got right in one world."""
        right = sum(guess.get(name) == key for name, key in truth.items())
        self.links.setdefault(attack, []).append(right)

    @property
    def means(self) -> dict[str, float]:
        """Mean right links of every attack."""
        return {attack: fmean(right) for attack, right in self.links.items()}

    @property
    def worlds(self) -> int:
        """How many worlds were played."""
        return max(map(len, self.links.values()), default=0)

    def outside(self) -> dict[str, float]:
        """Attacks that did better, or worse, than chance allows, and their means."""
        return {
            attack: mean
            for attack, mean in self.means.items()
            if abs(mean - CHANCE_MEAN) > 3 / sqrt(len(self.links[attack]))
        }

    def told(self) -> str:
        """The figures, for the report of the tests."""
        means = sorted(self.means.values())
        return (
            f"{self.worlds} worlds, {len(means)} attacks: mean right links "
            f"{means[0]:.2f} to {means[-1]:.2f}, most in one world {self.most}, chance 1.00, "
            f"allowed 1 ± {3 / sqrt(self.worlds):.2f}"
        )

    @property
    def most(self) -> int:
        """The most right links that any attack had in any world."""
        return max(map(max, self.links.values()))


def in_both(first: Iterable[str], second: Scores) -> dict[str, float]:
    """Attacks outside the margin twice running, in worlds that have nothing to do with each other."""
    again = second.outside()
    return {attack: again[attack] for attack in first if attack in again}
