"""The tablet's page without a network: which addresses its service worker keeps.

In: the page as rendered, and the files beside it. Out: the worker's script, which differs whenever
one of them does, so that browsers fetch them anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from surveys.kiosk.assets import BUNDLE, STATIC, VENDOR
from surveys.kiosk.fonts import STYLE_SHEET

PAGE = "/kiosk/"
MANIFEST = "/kiosk/manifest.webmanifest"
_WORKER = STATIC / "kiosk" / "worker.js"
_BESIDE = ("tokens.css", "respondent.css", "icons/heard.svg", "icons/hills.svg")


def is_built() -> bool:
    """Whether the script that seals on the tablet is there."""
    return BUNDLE.is_file()


def worker_script(page: str) -> str:
    """The service worker's script, told what to keep."""
    files = _files()
    digest = hashlib.sha256(page.encode())
    for file in files:
        digest.update(file.read_bytes())
    parts = [PAGE, MANIFEST, *(f"/static/{file.relative_to(STATIC).as_posix()}" for file in files)]
    shell = json.dumps({"fingerprint": digest.hexdigest()[:16], "parts": parts})
    return f"const SHELL = {shell};\n{_WORKER.read_text(encoding='utf-8')}"


def _files() -> list[Path]:
    """Files of the page. Of the fonts, those of the child's look."""
    fonts = [VENDOR / STYLE_SHEET, *sorted((VENDOR / "fonts").glob("[an]*.woff2"))]
    found = [*(STATIC / name for name in _BESIDE), BUNDLE, *fonts]
    return [file for file in found if file.is_file() and "atkinson" not in file.name]
