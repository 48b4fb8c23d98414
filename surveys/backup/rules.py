"""Where the nightly run puts its backups, and for how many days they live.

In: the table ``[backup]`` of site.toml. Out: BackupRules. Without a folder no backup is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT_DAYS = 35


@dataclass(frozen=True, slots=True)
class BackupRules:
    """The folder of the nightly backups, best on another machine's disk."""

    folder: Path | None = None

    def __post_init__(self) -> None:
        """Raise ValueError, in words, for a folder that depends on where one stands."""
        if self.folder is not None and not self.folder.is_absolute():
            raise ValueError("folder must be written in full, from / on")


def backup_from(table: Mapping[str, Any]) -> BackupRules:
    """The rules in a table of settings. Raises TypeError or ValueError, in words."""
    values = dict(table)
    if "folder" in values:
        values["folder"] = Path(values["folder"])
    return BackupRules(**values)
