import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, tmp_path):
    """A site with people, drafts and sealed answers, on either engine."""
    from kept_site import kept_site

    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    made = kept_site(tmp_path / "site", url)
    yield made
    made.engine.dispose()


@pytest.fixture
def on_file(tmp_path):
    """The same on SQLite alone, for what looks at files."""
    from kept_site import kept_site

    made = kept_site(tmp_path / "site")
    yield made
    made.engine.dispose()
