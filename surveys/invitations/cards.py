"""Cards: which go into which bundle, in which order, and what stands on each.

In: the codes of a wave, and who hands them out. Out: bundles of cards. Within a bundle cards lie
by age version and then in the order of random ids: no list of children can be laid beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from surveys.invitations.codes import CredentialSeed
from surveys.invitations.issuing import IssuedCode, SiteKeys, code_for
from surveys.invitations.register import Invitation

_STRETCHING_AT_ONCE = 2  # Argon2id takes 64 MiB each and lets other threads run meanwhile


@dataclass(frozen=True, slots=True)
class Bundle:
    """The cards that one helper hands out; ``helper`` is empty when nobody was named."""

    helper: str
    codes: tuple[IssuedCode, ...]

    @property
    def versions(self) -> dict[str, int]:
        """How many cards there are of each age version."""
        counted = Counter(code.invitation.audience for code in self.codes)
        return dict(sorted(counted.items(), key=lambda one: _by_age(one[0])))


def codes_for(
    invitations: Sequence[Invitation], seed: CredentialSeed, keys: SiteKeys
) -> list[IssuedCode]:
    """The codes of invitations, the same each time they are asked for."""
    with ThreadPoolExecutor(_STRETCHING_AT_ONCE) as pool:
        return list(pool.map(lambda invitation: code_for(invitation, seed, keys), invitations))


def bundles(codes: Iterable[IssuedCode], helpers: Mapping[bytes, str]) -> tuple[Bundle, ...]:
    """The codes by helper, in the order of the helpers' names; those of nobody come last.

    ``helpers`` says by cohort member who hands the card out.
    """
    sorted_codes = sorted(codes, key=_place)
    of_helper: dict[str, list[IssuedCode]] = {}
    for code in sorted_codes:
        name = helpers.get(code.invitation.member_id or b"", "")
        of_helper.setdefault(name, []).append(code)
    names = sorted(of_helper, key=lambda name: (not name, name.casefold(), name))
    return tuple(Bundle(name, tuple(of_helper[name])) for name in names)


def address_in_picture(site_address: str, code: IssuedCode) -> str:
    """What the picture on a card says: the address that opens the site with the code filled in."""
    return f"{site_address.rstrip('/')}/#{code.link}"


def address_to_type(site_address: str) -> str:
    """The site's address as people type it."""
    return site_address.rstrip("/").partition("://")[2]


def _place(code: IssuedCode) -> tuple[object, ...]:
    return (*_by_age(code.invitation.audience), code.invitation.id)


def _by_age(audience: str) -> tuple[int, str]:
    """Versions in the order of age: their names begin with it."""
    beginning = audience.partition("-")[0].rstrip("+")
    return (int(beginning) if beginning.isdigit() else 100, audience)
