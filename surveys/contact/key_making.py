"""Making the two keys that open messages. Row side: never loaded in the web process.

In: a folder for each of the two people, and the site's folder of public keys. Out: two key files,
and the passphrases once. What one guess costs is set so that a browser can open the file too.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from surveys.contact.keys import HOLDERS, SafeguardingKeys, keys_path, write_keys
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching, new_passphrase, write_key_file
from surveys.vault.key_making import KeyFile
from surveys.vault.opening import PrivateKey, new_private_key

BROWSER_COST = Stretching(memory=64 * 1024, iterations=3, lanes=1)
"""64 MiB, three passes: the second choice of RFC 9106, with one lane, since scripts have one."""
_NO_WAVE = bytes(16)


def make_keys(
    folders: tuple[Path, Path],
    public_keys: Path,
    *,
    replaced_on: date | None = None,
    stretching: Stretching = BROWSER_COST,
) -> tuple[KeyFile, ...]:
    """Make both keys: the lead's into the first folder, the deputy's into the second.

    Raises FileExistsError when there are keys already, or a key file is in the way. With a day the
    old public keys are put aside; messages sealed to them still open with the old files.
    """
    path = keys_path(public_keys)
    if path.exists() and replaced_on is None:
        raise FileExistsError(f"{path} exists; to put new keys in its place add --replace")
    made: list[PrivateKey] = []
    written: list[KeyFile] = []
    for holder, folder in zip(HOLDERS, folders, strict=True):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private_key = new_private_key(Purpose.CONTACT)
        file = _plan(holder, folder, private_key)
        write_key_file(file.path, private_key, _NO_WAVE, file.passphrase, stretching)
        made.append(private_key)
        written.append(file)
    if path.exists() and replaced_on is not None:
        _put_aside(path, replaced_on)
    write_keys(public_keys, SafeguardingKeys(*(key.public for key in made)))
    return tuple(written)


def _plan(holder: str, folder: Path, private_key: PrivateKey) -> KeyFile:
    key_id = private_key.public.key_id
    path = folder / f"safeguarding-{holder}-{key_id.hex()[:8]}.key"
    return KeyFile(holder, path, new_passphrase(), key_id)


def _put_aside(path: Path, today: date) -> None:
    names = (f"safeguarding-until-{today.isoformat()}{end}.json" for end in ("", "-2", "-3", "-4"))
    for name in names:
        if not (aside := path.with_name(name)).exists():
            path.rename(aside)
            return
    raise FileExistsError(f"too many keys were put aside in {path.parent} today")
