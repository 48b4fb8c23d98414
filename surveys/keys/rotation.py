"""Changing the keys of a wave while people answer, and sealing old responses anew to new keys.

Row side: never loaded in the web process. In: a wave, a layer, its new holder. Out: new key files,
and then a public file that seals to them from the next response on; what was sealed before keeps
its old keys. Sealing anew gives a released response other recipients and touches neither its body
nor its header: the data key is taken out and wrapped again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from surveys.database import writing
from surveys.keys.ceremony import Holding, names_in, on_record, refuse_server_folders
from surveys.keys.custody import one_person_holds_both, refuse_both_layers
from surveys.keys.key_making import Escrowing, LayerMade, make_layer
from surveys.keys.key_register import free_role
from surveys.site import Site
from surveys.vault.envelope import HeaderFields, assemble, take_apart
from surveys.vault.hpke import PublicKey
from surveys.vault.key_files import FULL_COST, Stretching
from surveys.vault.manifest_signing import signer_of
from surveys.vault.opening import PrivateKey, data_key_of, open_envelope
from surveys.vault.public_keys import (
    Generation,
    WaveKeys,
    change_wave_keys,
    load_wave_keys,
)
from surveys.vault.sealing import wrap_to
from surveys.vault.store import envelopes_of, replace_envelopes
from surveys.vault.waves import Wave, WaveStatus


class CannotRotate(Exception):
    """The keys of the wave stay as they are. The message says why."""


@dataclass(frozen=True, slots=True)
class NewHolder:
    """Who takes a layer's new key away, and on what."""

    layer: str
    name: str
    folder: Path


@contextmanager
def rotated(
    site: Site,
    wave: Wave,
    holder: NewHolder,
    *,
    spares: bool = True,
    escrowing: Escrowing | None = None,
    stretching: Stretching = FULL_COST,
) -> Iterator[LayerMade]:
    """Make one layer's keys anew, with register and sheets; seal to them after the block.

    In the block each holder is shown their passphrase. Whatever fails until then, the wave seals
    to its old keys, and the new files are gone again. Raises CannotRotate once the wave has closed,
    OnePersonHoldsBoth when a wave of two holders would become one of one, FolderOnTheServer,
    FileExistsError.
    """
    if wave.status not in (WaveStatus.PREPARED, WaveStatus.OPEN):
        raise CannotRotate(f"The wave is {wave.status}: nothing more will be sealed to new keys.")
    keys = load_wave_keys(site.public_keys, wave.id)
    refuse_both_layers(site, wave, holder.layer, holder.name, holder.folder)
    refuse_server_folders(site, (holder.folder, *(escrowing.folders if escrowing else ())))
    wanted = (f"{holder.layer}-{number}" for number in count(len(keys.generations) + 1))
    made = make_layer(
        holder.layer,
        wave.id,
        holder.folder,
        role=free_role(site.public_keys, wave.id, wanted),
        spares=spares,
        escrowing=escrowing,
        stretching=stretching,
    )
    one_person = one_person_holds_both(site.public_keys, wave.id)
    holding = Holding({holder.layer: holder.name}, one_person, names_in(escrowing))
    with on_record(site, wave, (*made.files, *made.escrow_files), made.contents, holding):
        yield made
        _publish(site, wave, holder.layer, made)


def seal_anew(
    data: bytes, private_key: PrivateKey, recipients: tuple[PublicKey, ...], expected: HeaderFields
) -> bytes:
    """The same envelope for other recipients, header and body untouched. Raises CannotOpen."""
    open_envelope(data, private_key, expected)  # the data key does fit the body
    envelope = take_apart(data)
    data_key = data_key_of(envelope, private_key, expected)
    if {one.suite for one in recipients} != {envelope.header.suite}:
        raise CannotRotate("An envelope cannot change its suite.")
    wraps = tuple(wrap_to(one, data_key, envelope.header_bytes) for one in recipients)
    return assemble(envelope.header_bytes, wraps, envelope.body)


def seal_responses_anew(
    engine: Engine, wave: Wave, private_key: PrivateKey, keys: WaveKeys
) -> tuple[int, int]:
    """Seal the released responses that this key opens to the newest analyst keys.

    All rows are written anew in one transaction, so that none stands out. How many were sealed
    anew, and how many are still for older keys that this one does not open. The old wraps are in
    the database's file until it is compacted, which is for the caller to do next.
    """
    own, rows, changed, left = private_key.public.key_id, {}, 0, 0
    for envelope in envelopes_of(engine, wave.id):
        parts = take_apart(envelope)
        old = parts.key_ids != keys.analyst_ids
        mine = old and own in parts.key_ids
        changed, left = changed + mine, left + (old and not mine)
        rows[parts.header.response_id] = (
            seal_anew(envelope, private_key, keys.analyst, wave.header) if mine else envelope
        )
    if changed:
        with writing(engine).begin() as connection:
            replace_envelopes(connection, rows)
    return changed, left


def _publish(site: Site, wave: Wave, layer: str, made: LayerMade) -> None:
    """Put the public halves in place of the layer's old ones, which stay known."""
    now = load_wave_keys(site.public_keys, wave.id).generations[0]
    new = tuple(key.public for key in made.privates)
    if layer == "analyst":
        change_wave_keys(site.public_keys, wave.id, Generation(new, now.mix), ())
    else:
        signers = tuple(signer_of(key) for key in made.privates)
        change_wave_keys(site.public_keys, wave.id, Generation(now.analyst, new), signers)
