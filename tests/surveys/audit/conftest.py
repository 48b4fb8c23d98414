"""The audit log is tested on the desk's small app, which lies with the tests of the staff room."""

import sys
from pathlib import Path

import pytest

for room in ("staff", "mail"):
    sys.path.insert(0, str(Path(__file__).parents[1] / room))


@pytest.fixture
def desk(tmp_path):
    from desk_site import desk_app

    made = desk_app(tmp_path)
    yield made.extensions["heard"]
    made.extensions["heard"].engine.dispose()
