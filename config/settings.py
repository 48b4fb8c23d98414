"""Settings of one site: read once, frozen, and refused when unsafe.

In: the site's folder (``HEARD_HOME``) with site.toml and secrets/. Out: one Settings value.
Read by app.py and analysis/__main__.py only, which hand its parts on.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SECRET_NAMES = ("storage_key", "pepper", "cookie_key", "site_id")
SECRET_BYTES = 32
TABLES = ("mail", "notify", "contact", "retention", "backup")
_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?|http://localhost(:[0-9]+)?")


class UnsafeSettings(RuntimeError):
    """The site must not start like this. The message says what to change."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one council's site and another's."""

    home: Path
    authority: str
    database_url: str
    demo: bool
    https: bool
    single_custodian: bool
    today: date | None
    storage_key: bytes = field(repr=False)
    pepper: bytes = field(repr=False)
    cookie_key: bytes = field(repr=False)
    site_id: bytes = field(repr=False)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    address: str = ""
    workers: int = 1

    @property
    def public_keys(self) -> Path:
        """Where the public halves of every wave's keys lie."""
        return self.home / "public_keys"

    @property
    def secrets(self) -> Path:
        """Where the site's secrets lie: a service's credentials, or its own folder."""
        return _secrets_folder(self.home)

    @property
    def summaries(self) -> Path:
        """Where signed Summaries lie."""
        return self.home / "summaries"

    def now(self) -> datetime:
        """The time in London; in a demonstration, perhaps on another day."""
        now = datetime.now(LONDON)
        if self.today is None:
            return now
        return now.replace(year=self.today.year, month=self.today.month, day=self.today.day)


def read_settings(home: Path | None = None) -> Settings:
    """Read the site in ``home`` (default: $HEARD_HOME).

    Raises UnsafeSettings when something is missing, malformed or readable by others.
    """
    folder = home or _home()
    document = _read_document(folder / "site.toml")
    found = {name: _read_secret(_secrets_folder(folder) / name) for name in SECRET_NAMES}
    settings = Settings(
        home=folder.resolve(),
        authority=_text(document, "authority"),
        database_url=str(document.get("database_url", _sqlite_url(folder))),
        demo=bool(document.get("demo", False)),
        https=bool(document.get("https", True)),
        single_custodian=bool(document.get("single_custodian", True)),
        today=_today(),
        workers=_workers(),
        tables=_tables(document, _secrets_folder(folder)),
        address=_address(document),
        **found,
    )
    _refuse_unsafe(settings)
    return settings


def create_site(home: Path, authority: str, *, demo: bool = False, https: bool = True) -> None:
    """Make a site's folder with fresh secrets. Raises FileExistsError when there is one."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "site.toml"
    with path.open("x", encoding="utf-8") as file:
        file.write(f"authority = {_toml_string(authority)}\n")
        file.write(f"demo = {str(demo).lower()}\nhttps = {str(https).lower()}\n")
        file.write(
            '# address = "https://heard.example.gov.uk"  # where people open it: for passkeys\n'
        )
        file.write("single_custodian = true  # false when two people hold the two keys of a wave\n")
    for name in ("public_keys", "summaries"):
        (home / name).mkdir(exist_ok=True)
    folder = home / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in SECRET_NAMES:
        _write_private(folder / name, secrets.token_hex(SECRET_BYTES))


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _toml_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if any(ord(character) < 0x20 for character in escaped):
        raise ValueError("the authority's name must be one line of text")
    return f'"{escaped}"'


def _secrets_folder(home: Path) -> Path:
    """$HEARD_SECRETS, or a service's credentials when ours are among them (LoadCredential= of
    systemd.exec(5)), or the site's own secrets folder.
    """
    if named := os.environ.get("HEARD_SECRETS"):
        return Path(named)
    credentials = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""))
    return credentials if (credentials / SECRET_NAMES[0]).is_file() else home / "secrets"


def _read_document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnsafeSettings(
            f"{path} is missing. Make a site with: python -m config FOLDER NAME."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UnsafeSettings(f"{path} is not valid TOML: {error}") from None


def _sqlite_url(home: Path) -> str:
    return f"sqlite:///{home.resolve()}/heard.sqlite3"


def _home() -> Path:
    if folder := os.environ.get("HEARD_HOME"):
        return Path(folder)
    raise UnsafeSettings("Set HEARD_HOME to the site's folder.")


def _text(document: dict[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UnsafeSettings(f"site.toml needs a line like: {key} = 'Name of the authority'")
    return value


def _read_secret(path: Path) -> bytes:
    try:
        readable_by_others = _rights_of_others(path)
        value = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise UnsafeSettings(f"The secret {path.name} is missing from {path.parent}.") from None
    except ValueError:
        raise UnsafeSettings(f"The secret {path.name} is not hexadecimal.") from None
    if readable_by_others:
        raise UnsafeSettings(f"Others can read the secret {path.name}. Run: chmod 600 {path}")
    if len(value) != SECRET_BYTES or len(set(value)) < SECRET_BYTES // 4:
        raise UnsafeSettings(f"The secret {path.name} must be 32 random bytes in hexadecimal.")
    return value


def _address(document: dict[str, object]) -> str:
    """Where people open the site; empty when site.toml does not say."""
    address = str(document.get("address", "")).rstrip("/")
    if address and not _ADDRESS.fullmatch(address):
        raise UnsafeSettings(
            'site.toml: address is the site\'s own, such as "https://heard.example.gov.uk", '
            "without a path."
        )
    return address


def _tables(document: dict[str, object], secrets_folder: Path) -> dict[str, dict[str, Any]]:
    """The tables of site.toml that a room reads by itself, with the password that mail may need."""
    found = {name: document[name] for name in TABLES if name in document}
    tables = {name: dict(table) for name, table in found.items() if isinstance(table, dict)}
    if wrong := found.keys() - tables.keys():
        raise UnsafeSettings(f"site.toml: {min(wrong)} must be a table, written [{min(wrong)}].")
    if "password" in tables.get("mail", {}):
        raise UnsafeSettings(
            "The mail password belongs in secrets/mail_password, not in site.toml."
        )
    password = secrets_folder / "mail_password"
    if "mail" in tables and password.exists():
        tables["mail"]["password"] = _read_private(password).strip()
    return tables


def _read_private(path: Path) -> str:
    if _rights_of_others(path):
        raise UnsafeSettings(f"Others can read the secret {path.name}. Run: chmod 600 {path}")
    return path.read_text(encoding="utf-8")


def _rights_of_others(path: Path) -> int:
    """The rights that others than the owner have to a file.

    Of a service's credentials the group's bits are the mask of an access list that names the
    service's own user, in a folder that nobody else may enter.
    """
    theirs = stat.S_IRWXG | stat.S_IRWXO
    if str(path.parent) == os.environ.get("CREDENTIALS_DIRECTORY"):
        theirs = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO
    return path.stat().st_mode & theirs


def _workers() -> int:
    """How many processes serve the site, as config/server.py has told them."""
    text = os.environ.get("HEARD_WORKERS", "1")
    return int(text) if text.isdigit() and int(text) else 1


def _today() -> date | None:
    text = os.environ.get("HEARD_TODAY")
    return date.fromisoformat(text) if text else None


def _refuse_unsafe(settings: Settings) -> None:
    if os.environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise UnsafeSettings("FLASK_DEBUG is set: a debugger shows answers. Unset it.")
    if not settings.demo and not settings.https:
        raise UnsafeSettings("https = false is for demonstrations only. Remove it from site.toml.")
    if len({getattr(settings, name) for name in SECRET_NAMES}) < len(SECRET_NAMES):
        raise UnsafeSettings("Two of the secrets are the same. Make each of them anew.")
    if not settings.demo and settings.today:
        raise UnsafeSettings("HEARD_TODAY moves the clock; it is for demonstrations only.")
