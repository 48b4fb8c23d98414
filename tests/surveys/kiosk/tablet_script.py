"""The tablet's JavaScript in a Node process: bundled by the site's own builder, asked line by line.

In: a task and its values. Out: its value, or ScriptError with the kind of error it threw.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from surveys.kiosk.assets import BUNDLE, ENTRY, WORKSHOP, bundle

HERE = Path(__file__).parent


class ScriptError(Exception):
    """What the script threw, by name."""


class TabletScript:
    """A running Node with the tablet's modules."""

    def __init__(self, folder, source=HERE / "interop.mjs"):
        script = folder / "interop.mjs"
        bundle(source, script, "--platform=node", "--keep-names")
        self.process = subprocess.Popen(
            [node(), script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, task, **values):
        self.process.stdin.write(json.dumps({"task": task, **values}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ScriptError(answer["error"])
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def node():
    """Node of the system, else the one that comes with Playwright."""
    import playwright

    found = shutil.which("node")
    return found or str(Path(playwright.__file__).parent / "driver" / "node")


def need_assets():
    """Skip by name, or fail with REQUIRE_ASSETS=1, unless `make assets` was run."""
    if not BUNDLE.is_file() or not (WORKSHOP / "node_modules").is_dir():
        why = "the tablet's script was not built: make assets"
        (pytest.fail if os.environ.get("REQUIRE_ASSETS") == "1" else pytest.skip)(why)
    bundle(ENTRY, BUNDLE)  # so that no test is of an older script
