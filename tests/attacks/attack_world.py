"""Small worlds in which people answer through the real vault, and an adversary watches.

In: an empty database. Out: a Loot, everything that a thief with the final database, every night's
copy, the server's secrets, all codes with names and the order of answering holds; and the truth,
which only the referee may see: he opens every response with all keys and reads whose it is.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from attack_snapshots import Snapshot
from sqlalchemy import Engine

from questionnaires.responses import Chosen, Response, response_from_bytes, response_to_bytes
from surveys.invitations.codes import CredentialSeed, access_from_secret, secret_from_link
from surveys.invitations.issuing import SiteKeys, issue
from surveys.invitations.register import Invitation, new_invitation
from surveys.nightly import whole_night
from surveys.site import Site
from surveys.vault.drafts import Access, Draft, seated_anew
from surveys.vault.envelope import Purpose
from surveys.vault.manifest_signing import signer_of
from surveys.vault.opening import new_private_key, open_envelope  # only tests hold private keys
from surveys.vault.public_keys import WaveKeys
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slots import change_draft, finish
from surveys.vault.waves import Wave, WaveStatus, add_wave, set_status

INVITED, RESPONDENTS = (
    6,
    4,
)  # few, so that many worlds can be played; even, for orders that are turned round
PADDED_LENGTH = 128
ANALYST, MIX = new_private_key(Purpose.RESPONSE), new_private_key(Purpose.MIX)
KEYS = WaveKeys((ANALYST.public,), (MIX.public,), (signer_of(MIX),))
TODAY = date(2026, 11, 20)
CHANCE = secrets.SystemRandom()


@dataclass(frozen=True)
class Person:
    """Somebody invited, with what an insider's list of codes says of them."""

    name: str
    invitation: Invitation
    link: str
    access: Access

    @property
    def marks(self) -> tuple[bytes, ...]:
        """Whatever in a database or a log would point at this person."""
        return (self.invitation.id, self.access.slot_id, self.invitation.member_id)

    @property
    def names(self) -> tuple[bytes, ...]:
        """The same, with what no database should have of anybody."""
        return (*self.marks, self.name.encode(), self.link.encode(), self.access.part_key)


@dataclass(frozen=True)
class Loot:
    """What the adversary holds. No private key; everything else."""

    final: Snapshot
    nights: Sequence[Snapshot]
    people: Sequence[Person]
    order: Sequence[str]
    wave: Wave
    keys: SiteKeys
    table: str = "response"

    @property
    def respondents(self) -> list[Person]:
        """Those who answered, in no order: an insider's list has it in ``order``."""
        return sorted((p for p in self.people if p.name in self.order), key=lambda p: p.name)

    @cached_property
    def owners(self) -> dict[bytes, str]:
        """By whatever points at somebody who answered: who it is."""
        return {mark: person.name for person in self.respondents for mark in person.names}

    @property
    def responses(self) -> list[dict[str, object]]:
        """The released rows of this wave, as the database gives them when no order is asked for."""
        return [row for row in self.final.rows["response"] if bytes(row["wave_id"]) == self.wave.id]


@dataclass
class World:
    """One wave of one site. A variant that leaks overrides a step of it."""

    engine: Engine
    site: Site
    nights: list[Snapshot] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """An open wave, everybody invited by link: 128 bits that need no stretching."""
        self.wave = new_wave()
        add_wave(self.engine, self.wave)
        self.keys = SiteKeys(self.site.storage_key, self.site.pepper, self.site.site_id)
        self.people = self._invite()
        self.diary = list(self.people)
        CHANCE.shuffle(self.diary)

    def _invite(self) -> list[Person]:
        wanted = [
            new_invitation(self.wave.id, "8-10", "link", secrets.token_bytes(16))
            for _ in range(INVITED)
        ]
        seed = CredentialSeed.generate()
        codes = issue(self.engine, self.wave, wanted, seed=seed, keys=self.keys)
        found = []
        for number, code in enumerate(codes):
            access = access_from_secret(secret_from_link(code.link))
            found.append(Person(f"Child {number:02}", code.invitation, code.link, access))
        return found

    def answer(self, person: Person) -> None:
        """Come in, answer two questions; the first says who it is, for the referee alone."""
        self._change(person, seated_anew)
        self._change(person, lambda draft: with_answers(draft, who=person.name))
        self._change(person, lambda draft: with_answers(draft, safe="yes"))

    def _change(self, person: Person, change: object) -> None:
        assert change_draft(self.engine, self.keys.storage_key, person.access, change) is not None

    def send(self, person: Person) -> None:
        """Hand the answers in."""
        assert finish(self.engine, self.keys.storage_key, person.access, self.seal) is True

    def seal(self, draft: Draft) -> bytes:
        """As the page for sending does."""
        return seal_response(content_of(draft), KEYS, self.wave.header, self.wave.padded_length)

    def day(self, number: int) -> None:
        """One respondent a day: the worst that can happen to backups that are compared."""
        person = self.diary[number]
        self.answer(person)
        self.send(person)
        self.order.append(person.name)

    def night(self) -> None:
        """The night's work as the site's own timer does it."""
        for step in whole_night(self.site, TODAY):
            assert not step.failed, step

    def release(self) -> None:
        """Close and release."""
        set_status(self.engine, self.wave.id, WaveStatus.CLOSED)
        closed = replace(self.wave, status=WaveStatus.CLOSED)
        report = release_wave(self.engine, self.keys.storage_key, closed, MIX, keys=KEYS)
        assert report.released == RESPONDENTS

    def loot(self, final: Snapshot) -> Loot:
        """What there is to steal at the end."""
        return Loot(final, self.nights, self.people, self.order, self.wave, self.keys)

    def truth(self, loot: Loot) -> dict[str, bytes]:
        """The referee's: whose response each row is, read with the analyst's key."""
        found = {}
        for row in loot.responses:
            opened = open_envelope(bytes(row["envelope"]), ANALYST, self.wave.header)
            [who] = response_from_bytes(opened.content).answers["who"].codes
            found[who] = row_key(row)
        assert found.keys() == set(self.order)
        return found


def row_key(row: Mapping[str, object]) -> bytes:
    """What names a released row, whatever its key is."""
    return bytes(row["envelope"])


def with_answers(draft: Draft, **answers: str) -> Draft:
    """The draft with options chosen."""
    chosen = {key: Chosen((code,)) for key, code in answers.items()}
    return replace(draft, answers={**draft.answers, **chosen})


def content_of(draft: Draft) -> bytes:
    """The response that a draft becomes."""
    return response_to_bytes(Response("care4me-8-10", draft.answers))


def new_wave() -> Wave:
    """An open wave of nobody's survey."""
    return Wave(
        id=secrets.token_bytes(16),
        inspection_id=secrets.token_bytes(16),
        survey="care4me",
        number=1,
        status=WaveStatus.OPEN,
        opens_on=date(2026, 11, 2),
        closes_on=TODAY,
        padded_length=PADDED_LENGTH,
        instrument_hash=secrets.token_bytes(32),
        single_custodian=False,
    )


def new_site(engine: Engine, folder: Path) -> Site:
    """A site around a database, with secrets of its own."""
    return Site(
        authority="Exampleshire County Council",
        engine=engine,
        surveys={},
        frameworks={},
        support_lines=(),
        storage_key=secrets.token_bytes(32),
        pepper=secrets.token_bytes(32),
        site_id=secrets.token_bytes(32),
        public_keys=folder / "public_keys",
        summaries=folder / "summaries",
        secrets=folder,
        now=lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    )
