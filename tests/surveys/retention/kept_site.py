"""A site with a cohort, invitations, drafts and sealed answers, all invented, and its wave's keys."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from questionnaires.responses import Chosen, Response, Written, response_to_bytes
from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import import_cohort, members_of
from surveys.inspections.eligibility import Decision
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.record import open_inspection
from surveys.inspections.rules import Rule
from surveys.invitations.register import add_invitations, new_invitation
from surveys.keys.key_making import public_halves
from surveys.keys.key_register import Ending, KeyNote, add_notes, note_destroyed
from surveys.site import Site
from surveys.vault.drafts import Access, Draft
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slots import NewSlot, change_draft, create_slots, finish
from surveys.vault.waves import Wave, WaveStatus, add_wave, find_wave

ROOT = Path(__file__).parents[3]
OPENS, CLOSES, KEPT_UNTIL = date(2026, 11, 2), date(2026, 11, 20), date(2028, 11, 20)
BOUND = 1024
ANALYST, MIX = new_private_key(Purpose.RESPONSE), new_private_key(Purpose.MIX)
KEYS = public_halves([ANALYST], [MIX])
CHILD = "CHILD-OF-THE-RETURN"


@dataclass
class KeptSite:
    """The site, one wave in it, and where each code leads."""

    site: Site
    wave: Wave
    accesses: list
    drafts: list
    finals: list

    @property
    def engine(self):
        return self.site.engine

    @property
    def home(self):
        return self.site.summaries.parent

    def now_is(self, day):
        """The same site on another day."""
        moment = datetime(day.year, day.month, day.day, 2, 30, tzinfo=ZoneInfo("Europe/London"))
        return replace(self.site, now=lambda: moment)

    def release(self):
        """As the custodian would."""
        wave = find_wave(self.engine, self.wave.id)
        release_wave(self.engine, self.site.storage_key, wave, MIX, keys=KEYS)

    def rows(self):
        """Everything that every table holds."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
            }

    def note_keys(self):
        """Put the wave's two keys into the register."""
        notes = [
            KeyNote(role, role, holder, key.public.key_id.hex(), "2026-11-01")
            for role, holder, key in (("analyst", "Ana", ANALYST), ("mix", "Cy", MIX))
        ]
        add_notes(self.site.public_keys, self.wave.id, notes)

    def destroy_keys(self):
        """Note that they are gone."""
        for role in ("analyst", "mix"):
            note_destroyed(
                self.site.public_keys, self.wave.id, role,
                day=KEPT_UNTIL, by="Ana", ending=Ending.SEEN,
            )  # fmt: skip


def kept_site(folder, url=None, people=24, drafts=11, finals=12):
    """An open wave to which so many were invited, of whom some began and some sent."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_engine(url or f"sqlite:///{folder}/heard.sqlite3")
    metadata.create_all(engine)
    site = _site(folder, engine)
    inspection = open_inspection(
        engine, authority=site.authority, framework="2009", day_1=date(2026, 10, 30),
        title="Inspection", invented=True,
    )  # fmt: skip
    wave = _wave(inspection.id)
    add_wave(engine, wave)
    write_wave_keys(site.public_keys, wave.id, KEYS)
    decided = [Decision(f"{CHILD}-{n}", Rule.IN_CARE, True, "care4me", 9) for n in range(people)]
    import_cohort(engine, inspection.id, decided)
    members = members_of(engine, inspection.id, "care4me")
    add_invitations(
        engine, [new_invitation(wave.id, one.audience, "card", one.id) for one in members]
    )
    accesses = [Access(secrets.token_bytes(16), secrets.token_bytes(32)) for _ in range(people)]
    fresh = [NewSlot(one.slot_id, one.part_key, Draft("8-10", {})) for one in accesses]
    create_slots(engine, site.storage_key, wave, fresh)
    made = KeptSite(site, wave, accesses, accesses[:drafts], accesses[drafts : drafts + finals])
    for access in (*made.drafts, *made.finals):
        answer(made, access)
    for access in made.finals:
        assert finish(engine, site.storage_key, access, lambda draft: _sealed(wave, draft))
    return made


def answer(made, access):
    """One answer more in a draft."""

    def change(draft):
        answers = {"safe": Chosen(("yes",)), "wish": Written("a quiet room")}
        return replace(draft, answers={**draft.answers, **answers})

    return change_draft(made.engine, made.site.storage_key, access, change)


def _sealed(wave, draft):
    whole = response_to_bytes(Response("care4me-8-10", draft.answers))
    return seal_response(whole, KEYS, wave.header, BOUND)


def _site(folder, engine):
    return Site(
        authority="Exampleshire County Council",
        engine=engine,
        surveys={},
        frameworks=load_frameworks(ROOT / "config" / "frameworks"),
        support_lines=(),
        storage_key=secrets.token_bytes(32),
        pepper=secrets.token_bytes(32),
        site_id=secrets.token_bytes(32),
        public_keys=folder / "public_keys",
        summaries=folder / "summaries",
        now=lambda: datetime(2026, 11, 16, 2, 30, tzinfo=ZoneInfo("Europe/London")),
    )


def _wave(inspection_id):
    return Wave(
        secrets.token_bytes(16), inspection_id, "care4me", 1, WaveStatus.OPEN, OPENS, CLOSES,
        BOUND, secrets.token_bytes(32), True, retention_until=KEPT_UNTIL,
    )  # fmt: skip
