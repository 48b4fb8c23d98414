"""The desk's own small app in place of the whole site, which takes longer to start."""

import sys
from pathlib import Path

import pytest
from desk_site import desk_app

sys.path.insert(0, str(Path(__file__).parents[1] / "mail"))


@pytest.fixture
def app(tmp_path):
    made = desk_app(tmp_path)
    yield made
    made.extensions["heard"].engine.dispose()


@pytest.fixture
def site(app):
    return app.extensions["heard"]


@pytest.fixture
def real(app, monkeypatch):
    """A real site, which asks for second factors; make people with ``real(name, role, ...)``."""
    from real_desk import Person, make_real

    monkeypatch.setattr("surveys.staff.passwords._MEMORY_KIB", 8 * 1024)  # these tests log in often
    make_real(app)
    return lambda name, *roles: Person(app, app.test_client(), name, roles)
