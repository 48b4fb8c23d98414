"""To whom passkeys answer: the name and the address of this site.

In: a site and the host of a request. Out: the relying party of Web Authentication, or none. It
comes from the address in site.toml, never from what a request claims, except on a demonstration's
localhost.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from surveys.site import Site

_LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site as authenticators know it: a host's name, and the origin of its pages."""

    id: str
    origin: str


def relying_party(site: Site, host: str) -> RelyingParty | None:
    """The site's own, or None when site.toml gives no address: then there are no passkeys."""
    if site.address:
        return RelyingParty(urlsplit(site.address).hostname or "", site.address)
    if site.demo and host.partition(":")[0] == _LOCALHOST:
        return RelyingParty(_LOCALHOST, f"http://{host}")
    return None
