"""Bring a database to the newest tables, from nothing or from an earlier release of Heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from surveys.database import writing


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run every migration that has not run yet, in one transaction each."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back, down to ``revision`` ("base" for all)."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, action: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        action(config, revision)
