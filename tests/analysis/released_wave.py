"""A released wave of invented answers in a database of its own, with the keys to publish it."""

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete

from analysis.publish import Occasion
from analysis.summary import Theme
from questionnaires.fingerprint import instrument_hash
from questionnaires.responses import response_to_bytes
from surveys.database import metadata, open_engine, writing
from surveys.inspections.record import open_inspection
from surveys.invitations.register import add_invitations, new_invitation
from surveys.keys.key_making import public_halves
from surveys.vault.envelope import Purpose
from surveys.vault.manifest import Manifest, hashes_of
from surveys.vault.manifest_signing import sign_manifest
from surveys.vault.opening import PrivateKey, new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.sealing import seal
from surveys.vault.store import add_manifest, add_responses, envelopes_of, manifest_table
from surveys.vault.waves import Wave, WaveStatus, add_wave, padded_length

OCCASION = Occasion(
    authority="Exampleshire",
    inspection="Inspection of November 2026",
    framework="2009",
    framework_title="Inspection of safeguarding",
    day_1="2026-11-02",
    themes=(Theme(id="L6", label="Safeguarding"),),
    invited={"8-10": 60, "11-15": 90},
    invented=True,
)


@dataclass
class ReleasedWave:
    """The wave, its sealed responses and the analyst's key."""

    url: str
    engine: object
    wave: Wave
    analyst: PrivateKey
    mix: PrivateKey

    @property
    def envelopes(self):
        return list(envelopes_of(self.engine, self.wave.id))

    def manifest(self, envelopes=None, **changes):
        """What the custodian would have said of a release of these rows."""
        hashes = hashes_of(set(self.envelopes if envelopes is None else envelopes))
        values = {
            "wave_id": self.wave.id, "instrument_hash": self.wave.instrument_hash,
            "slots": len(hashes) + 9, "unfit": 0, "envelopes": hashes,
            "recipients": frozenset({self.analyst.public.key_id}),
        }  # fmt: skip
        return Manifest(**values | changes)

    def sign(self, mix=None, **changes):
        """Put a manifest of the rows there are into the place of the one there is."""
        signed = sign_manifest(self.manifest(**changes), mix or self.mix)
        with writing(self.engine).begin() as connection:
            connection.execute(delete(manifest_table))
            add_manifest(connection, self.wave.id, signed)
        return signed


def released_wave(folder: Path, survey, responses, invited=None, status=WaveStatus.RELEASED):
    """Store responses as a release would have left them."""
    url = f"sqlite:///{folder}/heard.sqlite3"
    engine = open_engine(url)
    metadata.create_all(engine)
    inspection = open_inspection(
        engine,
        authority="Exampleshire",
        framework="2009",
        day_1=date(2009, 11, 23),
        title="Inspection of November 2009",
        invented=True,
    )
    wave = Wave(
        id=secrets.token_bytes(16),
        inspection_id=inspection.id,
        survey=survey.id,
        number=1,
        status=status,
        opens_on=date(2009, 11, 25),
        closes_on=date(2009, 12, 4),
        padded_length=padded_length(survey),
        instrument_hash=instrument_hash(survey),
        single_custodian=True,
    )
    add_wave(engine, wave)
    analyst = new_private_key(Purpose.RESPONSE)
    _store(engine, wave, analyst, responses)
    add_invitations(
        engine,
        [
            new_invitation(wave.id, audience, "card")
            for audience, count in (invited or {}).items()
            for _ in range(count)
        ],
    )
    mix = new_private_key(Purpose.MIX)
    write_wave_keys(folder / "public_keys", wave.id, public_halves((analyst,), (mix,)))
    made = ReleasedWave(url, engine, wave, analyst, mix)
    made.sign()
    return made


def _store(engine, wave, analyst, responses):
    sealed = {
        secrets.token_bytes(16): sealed_to(analyst, wave, response_to_bytes(response))
        for response in responses
    }
    with writing(engine).begin() as connection:
        add_responses(connection, wave.id, sealed)


def sealed_to(analyst, wave, content, header=None):
    """One envelope for the analyst."""
    return seal(content, (analyst.public,), header or wave.header, wave.padded_length)
