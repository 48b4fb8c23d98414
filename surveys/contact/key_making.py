"""Making the two keys that open messages. Row side: never loaded in the web process.

In: a folder for each of the two people, and the site's folder of public keys. Out: two key files,
and the passphrases once. What one guess costs is set so that a browser can open the file too.

Messages are sealed to new keys only when both files are on their medium and both people have their
words: until then the old keys stand. Whatever is interrupted is begun anew, and loses nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

from surveys.contact.keys import HOLDERS, SafeguardingKeys, keys_path, write_keys
from surveys.keys.key_making import KeyFile
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching, new_passphrase, write_key_file
from surveys.vault.opening import PrivateKey, new_private_key
from surveys.whole_files import settle

BROWSER_COST = Stretching(memory=64 * 1024, iterations=3, lanes=1)
"""64 MiB, three passes: the second choice of RFC 9106, with one lane, since scripts have one."""
_NO_WAVE = bytes(16)
HandOver = Callable[[tuple[KeyFile, ...]], None]


def make_keys(
    folders: tuple[Path, Path],
    public_keys: Path,
    *,
    replaced_on: date | None = None,
    stretching: Stretching = BROWSER_COST,
    hand_over: HandOver | None = None,
) -> tuple[KeyFile, ...]:
    """Make both keys: the lead's into the first folder, the deputy's into the second.

    ``hand_over`` gets the files and shows each holder their words; only when it returns are
    messages sealed to the new keys. Raises FileExistsError when there are keys already, or a key
    file is in the way. With a day the old public keys are put aside; messages sealed to them still
    open with the old files.
    """
    path = keys_path(public_keys)
    if path.exists() and replaced_on is None:
        raise FileExistsError(f"{path} exists; to put new keys in its place add --replace")
    made: list[PrivateKey] = []
    written: list[KeyFile] = []
    for holder, folder in zip(HOLDERS, folders, strict=True):
        private_key = new_private_key(Purpose.CONTACT)
        written.append(_write(holder, folder, private_key, stretching))
        made.append(private_key)
    if hand_over is not None:
        hand_over(tuple(written))
    _publish(public_keys, SafeguardingKeys(*(key.public for key in made)), replaced_on)
    return tuple(written)


def _write(holder: str, folder: Path, private_key: PrivateKey, stretching: Stretching) -> KeyFile:
    """One key file, on its medium when this returns."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_id = private_key.public.key_id
    path = folder / f"safeguarding-{holder}-{key_id.hex()[:8]}.key"
    file = KeyFile(holder, path, new_passphrase(), key_id)
    write_key_file(file.path, private_key, _NO_WAVE, file.passphrase, stretching)
    settle(folder)
    return file


def _publish(public_keys: Path, keys: SafeguardingKeys, replaced_on: date | None) -> None:
    """Have messages sealed to these keys from now on; at no moment are there none."""
    path = keys_path(public_keys)
    replaces = replaced_on is not None and path.exists()
    if replaced_on is not None and replaces:
        _put_aside(path, replaced_on)
    write_keys(public_keys, keys, replace=replaces)


def _put_aside(path: Path, today: date) -> None:
    """Give the keys of before a second name, by which they stay when the first is taken over.

    A run that was interrupted just after this has done it already.
    """
    begin = f"safeguarding-until-{today.isoformat()}"
    if any(path.samefile(aside) for aside in path.parent.glob("safeguarding-until-*.json")):
        return
    for number in count(1):
        aside = path.with_name(f"{begin}-{number}.json" if number > 1 else f"{begin}.json")
        try:
            os.link(path, aside)
        except FileExistsError:
            continue
        settle(path.parent)
        return
