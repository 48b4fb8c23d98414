"""The desk's own small app in place of the whole site, which takes longer to start."""

import pytest
from desk_site import desk_app


@pytest.fixture
def app(tmp_path):
    made = desk_app(tmp_path)
    yield made
    made.extensions["heard"].engine.dispose()


@pytest.fixture
def site(app):
    return app.extensions["heard"]
