"""The tablet's script in Node, and Chromium as the journeys start it."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
for room in ("surveys/kiosk", "surveys/answering", "surveys/contact", "questionnaires"):
    if str(TESTS / room) not in sys.path:
        sys.path.insert(0, str(TESTS / room))

from tablet_script import TabletScript, need_assets  # noqa: E402


@pytest.fixture(scope="session")
def script(tmp_path_factory):
    """The tablet's modules, ready to be asked."""
    need_assets()
    started = TabletScript(tmp_path_factory.mktemp("script"))
    yield started
    started.close()
