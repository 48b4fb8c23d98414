"""The console is tested on the desk's small app, which lies with the tests of the staff room."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "staff"))


@pytest.fixture
def app(tmp_path):
    from desk_site import desk_app

    made = desk_app(tmp_path)
    yield made
    made.extensions["heard"].engine.dispose()


@pytest.fixture
def site(app):
    return app.extensions["heard"]
