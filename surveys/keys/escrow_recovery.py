"""Making a lost key again: two custodians present their keys, and a usable key file is written.

Row side: never loaded in the web process. In: an escrow file and custodians' keys. Out: a key file
with a passphrase and a sheet of its own, noted in the register. What it opens is what was sealed to
the key in escrow all along; nothing that was stored changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from surveys.keys.ceremony import Holding, on_record, refuse_server_folders
from surveys.keys.custody import one_person_holds_both, refuse_both_layers
from surveys.keys.escrow import Escrow, recover_from
from surveys.keys.key_making import KeyFile, locked_key
from surveys.keys.key_register import free_role
from surveys.site import Site
from surveys.vault.envelope import LAYERS, CannotOpen
from surveys.vault.key_files import FULL_COST, Stretching
from surveys.vault.opening import PrivateKey
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.waves import Wave


def recovered_key(
    site: Site, wave: Wave, escrow: Escrow, custodians: list[PrivateKey]
) -> PrivateKey:
    """The key in escrow. Raises CannotOpen, also when the wave's public keys do not have it."""
    found = recover_from(escrow, custodians)
    if found.public not in load_wave_keys(site.public_keys, wave.id).ever:
        raise CannotOpen("What was in escrow is no key that this wave's answers were sealed to.")
    return found


@contextmanager
def kept_recovered(
    site: Site,
    wave: Wave,
    private_key: PrivateKey,
    *,
    folder: Path,
    holder: str,
    stretching: Stretching = FULL_COST,
) -> Iterator[KeyFile]:
    """Write a recovered key for its new holder, who is shown the passphrase in the block.

    When the block fails, the file is taken back. Raises OnePersonHoldsBoth when a wave of two
    holders would become one of one, FolderOnTheServer, FileExistsError.
    """
    refuse_server_folders(site, (folder,))
    layer = next(name for name, purpose in LAYERS.items() if purpose is private_key.purpose)
    refuse_both_layers(site, wave, layer, holder, folder)
    first = f"{layer}-recovered"
    wanted = (first if number == 1 else f"{first}-{number}" for number in count(1))
    role = free_role(site.public_keys, wave.id, wanted)
    file, content = locked_key(private_key, wave.id, folder, role, stretching)
    holding = Holding({layer: holder}, one_person_holds_both(site.public_keys, wave.id))
    with on_record(site, wave, (file,), {file.path: content}, holding):
        yield file
