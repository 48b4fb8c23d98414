"""What the authors' commands are given by app.py, which alone may wire an app and read settings.

In: nothing. Out: a Workshop: where the questionnaires lie, and how to get at a site when a command
really needs one. Previews never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from questionnaires.model import Survey
from surveys.site import Site


@dataclass(frozen=True)
class Workshop:
    """Where authors work."""

    questionnaires: Path
    translations: Path
    open_site: Callable[[], Site]
    """Opens the site of $HEARD_HOME, even while its questionnaires are not as they were."""
    build: Callable[[Path, Mapping[str, Survey]], Flask]
    """Wires a throw-away site into an empty folder, with surveys and secrets of its own."""
