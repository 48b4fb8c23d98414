"""The offline folder of a rehearsal: it stands for the USB sticks of the key holders.

It lies outside the site's folder, so the web process never sees a private key.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveys.invitations.codes import CredentialSeed
from surveys.site import Site
from surveys.vault.waves import Wave

# Argon2id at the lowest cost that a key file may have: each passphrase lies beside its key here.
_QUICK = (8 * 1024, 1, 1)


@dataclass(frozen=True)
class Offline:
    """Key files, passphrases, credential seeds and what is printed at the end."""

    folder: Path

    def make_keys(self, site: Site, wave: Wave) -> None:
        """Make and try a wave's keys, of one person; each passphrase lies beside its key."""
        from surveys.keys.ceremony import Holders, hold_ceremony
        from surveys.keys.ceremony_drill import opens
        from surveys.keys.key_register import note_tried
        from surveys.vault.key_files import Stretching, read_key_file
        from surveys.vault.public_keys import load_wave_keys

        one = Holders("one invented person", self.folder, "the same")
        made = hold_ceremony(site, wave, one, spares=False, stretching=Stretching(*_QUICK))
        keys, tried = load_wave_keys(site.public_keys, wave.id), []
        for file in made.files:
            self._write(passphrase_path(file.path), file.passphrase)
            if opens(read_key_file(file.path, file.passphrase), keys, wave):
                tried.append(file.holder)
        note_tried(site.public_keys, wave.id, tried, site.now().date())

    def key_path(self, wave: Wave, holder: str) -> Path:
        """The key file of "analyst" or "mix" for a wave."""
        return self.folder / f"{wave.id.hex()[:8]}-{holder}.key"

    def seed_for(self, wave: Wave) -> CredentialSeed:
        """The wave's credential seed, made on first asking."""
        from surveys.invitations.seed_files import make_seed_file, read_seed_file
        from surveys.vault.key_files import Stretching

        path = self.key_path(wave, "codes")
        if not path.exists():
            passphrase = make_seed_file(path, wave.id, Stretching(*_QUICK))
            self._write(passphrase_path(path), passphrase)
        return read_seed_file(path, passphrase_path(path).read_text(encoding="utf-8"))

    def remember(self, name: str, value: Any) -> None:
        """Keep something for the next start."""
        known = self.remembered()
        known[name] = value
        path = self.folder / "remembered.json"
        path.unlink(missing_ok=True)
        self._write(path, json.dumps(known, indent=1))

    def remembered(self) -> dict[str, Any]:
        """What earlier runs kept."""
        path = self.folder / "remembered.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def _write(self, path: Path, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)


def passphrase_path(key_path: Path) -> Path:
    """Where a rehearsal keeps a key's passphrase. A real holder keeps it in a drawer."""
    return key_path.with_suffix(".passphrase")
