"""Whether one person or two hold the two keys of a wave, and refusing to say two when it is one.

In: what the site promises and what the public keys of its waves say of themselves. Out: nothing,
or a refusal that says what to change. No private key is ever here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from surveys.keys.key_register import notes_of
from surveys.site import Site
from surveys.vault.envelope import LAYERS
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.waves import Wave, WaveStatus, all_waves, wave_table

_COLLECTING = (WaveStatus.PREPARED, WaveStatus.OPEN)


class OnePersonHoldsBoth(RuntimeError):
    """The site promises two key holders, and a wave has one. The message says what to change."""


def one_person_holds_both(public_keys: Path, wave_id: bytes) -> bool:
    """Whether a wave's public keys say that one person holds both layers.

    False as well for keys that do not say, and for a wave without keys.
    """
    try:
        return load_wave_keys(public_keys, wave_id).single_custodian is True
    except KeysUnfit:
        return False


def refuse_untrue_promise(site: Site, wave: Wave) -> None:
    """Raise OnePersonHoldsBoth when the site promises two holders and the wave's keys say one."""
    if not site.single_custodian and one_person_holds_both(site.public_keys, wave.id):
        raise OnePersonHoldsBoth(
            f"site.toml says single_custodian = false, but the keys of {wave.survey} "
            f"{wave.number} ({wave.id.hex()[:8]}) are held by one person. Either set "
            "single_custodian = true, and every page will say so, or close this wave, prepare "
            "another one, and make its keys with two people: `flask keys create WAVE "
            "--offline-folder ... --custodian-folder ...`."
        )


def refuse_untrue_promises(site: Site) -> None:
    """As refuse_untrue_promise, for every wave that collects or may come to."""
    with site.engine.connect() as connection:
        is_new = not site.engine.dialect.has_table(connection, wave_table.name)
    if site.single_custodian or is_new:
        return
    for wave in all_waves(site.engine):
        if wave.status in _COLLECTING:
            refuse_untrue_promise(site, wave)


def refuse_both_layers(site: Site, wave: Wave, layer: str, holder: str, folder: Path) -> None:
    """Raise OnePersonHoldsBoth when whoever is to hold a layer's key holds one of the other's.

    Told by the name, and by a key file of the other layer in the folder or on the way to it. Only
    where the wave's keys say that two people hold them: what was promised to those who have
    answered is not taken back. Raises KeysUnfit, RegisterDamaged.
    """
    if load_wave_keys(site.public_keys, wave.id).single_custodian is not False:
        return
    notes = notes_of(site.public_keys, wave.id)
    others = {_plain(note.holder) for note in notes if note.is_there and note.layer != layer}
    if _plain(holder) in others:
        raise OnePersonHoldsBoth(
            f"{holder} holds the other key of this wave, and people were told that two people "
            "do. Give this key to somebody else."
        )
    for path in _key_files_about(folder):
        if _is_of_other_layer(path, wave, layer):
            raise OnePersonHoldsBoth(
                f"{path} is the other key of this wave, and people were told that two people hold "
                "the two. Choose a folder on the new holder's own device."
            )


def is_one_person(analyst: str, custodian: str, analyst_folder: Path, other: Path | None) -> bool:
    """Whether a ceremony with these two names and folders has one person in it.

    It has where there is no second folder, where one folder lies in the other, or where both names
    are the same but for capitals and spaces.
    """
    if other is None:
        return True
    first, second = analyst_folder.resolve(), other.resolve()
    same_place = first.is_relative_to(second) or second.is_relative_to(first)
    return same_place or _plain(analyst) == _plain(custodian)


def _key_files_about(folder: Path) -> Iterator[Path]:
    """Files named as key files are: in a folder, in those within it, and beside it up to the root.

    A stick is usually one folder, and whoever can write beside a key can take it.
    """
    place = folder.resolve()
    yield from sorted(place.rglob("*.key"))
    for above in place.parents:
        yield from sorted(above.glob("*.key"))


def _is_of_other_layer(path: Path, wave: Wave, layer: str) -> bool:
    """What a key file says of itself, unopened; what cannot be read or is none says nothing."""
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        found, purpose = document["wave"], document["purpose"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    others = {int(purpose) for name, purpose in LAYERS.items() if name != layer}
    return bool(found == wave.id.hex() and purpose in others)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
