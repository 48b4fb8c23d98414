"""What a running site is made of, handed to the rooms by app.py as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine

from questionnaires.model import Survey
from surveys.backup.rules import BackupRules
from surveys.contact.rules import ContactRules
from surveys.inspections.frameworks import Framework
from surveys.mail.addresses import Notify
from surveys.mail.sending import MailSettings
from surveys.retention.rules import RetentionRules


@dataclass(frozen=True)
class SupportLine:
    """Somebody to call, and which looks (child, young, desk) it is shown in."""

    id: str
    name: str
    contact: str
    words: str
    hours: str
    looks: tuple[str, ...]
    checked_on: str
    first: bool = False


@dataclass(frozen=True)
class Site:
    """Everything a view may need. Secrets here are those that the web process must hold."""

    authority: str
    engine: Engine
    surveys: Mapping[str, Survey]
    frameworks: Mapping[str, Framework]
    support_lines: tuple[SupportLine, ...]
    storage_key: bytes = field(repr=False)
    pepper: bytes = field(repr=False)
    site_id: bytes = field(repr=False)
    public_keys: Path = field(repr=False)
    summaries: Path = field(repr=False)
    now: Callable[[], datetime]
    demo: bool = False
    single_custodian: bool = True
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clips: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    mail: MailSettings | None = None
    notify: Notify = field(default_factory=Notify)
    contact: ContactRules = field(default_factory=ContactRules)
    retention: RetentionRules = field(default_factory=RetentionRules)
    backup: BackupRules = field(default_factory=BackupRules)
    secrets: Path | None = field(default=None, repr=False)
    address: str = ""


def current_site() -> Site:
    """The site of the request being served."""
    return current_app.extensions["heard"]
