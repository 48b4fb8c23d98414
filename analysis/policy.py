"""The disclosure rules: named sets of numbers, read from a file that says why each is what it is.

In: the path of disclosure.yaml. Out: frozen policies by name, refused when they could not protect.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Count = Annotated[int, Field(ge=0)]
Chances = tuple[Annotated[float, Field(ge=0, le=1)], ...]
Price = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class PolicyError(Exception):
    """The file of disclosure rules cannot be used. The message says which rule and why."""


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroupDisclosureGuard(_Rules):
    """Bases under ``below_base`` stay ``guard`` short of the furthest that rounding could go up."""

    below_base: Count
    guard: Count


class DisagreementWeight(_Rules):
    """What it costs to round against the wish: more, the closer the count is to a multiple."""

    least: Price
    span: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Reserve(_Rules):
    """How many multiples further a count may go when nothing else adds up, and at what price."""

    multiples: Count
    penalty: Price


class DisclosurePolicy(_Rules):
    """One set of rules. What each number means is said in disclosure.yaml."""

    name: str
    minimum_publishable_base: Annotated[int, Field(ge=2)]
    overall_only_base_below: Count
    small_group_base_below: Count
    further_people_when_routed: Count
    minimum_category_count: Count
    rounding_base: Annotated[int, Field(ge=2)]
    round_up_probability: Chances
    base_round_up_probability: Chances
    group_disclosure_guard: GroupDisclosureGuard
    disagreement_weight: DisagreementWeight
    reserve: Reserve
    seconds_per_question: Price
    groups: tuple[str, ...]

    @model_validator(mode="after")
    def _protects(self) -> Self:
        """Refuse probabilities that would let a reader rule a neighbouring multiple out."""
        for chances in (self.round_up_probability, self.base_round_up_probability):
            _require_either_way(chances, self.rounding_base)
        if self.minimum_publishable_base < self.rounding_base:
            raise ValueError("minimum_publishable_base must not be less than rounding_base")
        if self.group_disclosure_guard.guard >= self.rounding_base:
            raise ValueError("guard must be less than rounding_base")
        return self


def _require_either_way(chances: Chances, rounding_base: int) -> None:
    if len(chances) != rounding_base:
        raise ValueError("round_up_probability needs one number for each remainder")
    whole, *others = chances
    if whole != 0 or not all(0 < chance < 1 for chance in others):
        raise ValueError("a multiple stays; every other count must be able to go either way")


def load_policies(path: Path) -> dict[str, DisclosurePolicy]:
    """Every policy of the file by name. Raises PolicyError when any of them is unusable."""
    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise PolicyError(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise PolicyError(f"{path} must hold rules by name")
    return {str(name): _policy(path, str(name), rules) for name, rules in document.items()}


def _policy(path: Path, name: str, rules: object) -> DisclosurePolicy:
    if not isinstance(rules, dict):
        raise PolicyError(f"{path}: {name} must be a set of rules")
    try:
        return DisclosurePolicy.model_validate({**rules, "name": name})
    except ValidationError as error:
        faults = "; ".join(f"{_place(detail['loc'])}{detail['msg']}" for detail in error.errors())
        raise PolicyError(f"{path}: {name}: {faults}") from error


def _place(steps: tuple[int | str, ...]) -> str:
    return f"{'.'.join(str(step) for step in steps)}: " if steps else ""
