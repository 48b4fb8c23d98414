import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "retention"))


@pytest.fixture
def kept(tmp_path):
    """A site on SQLite with people, drafts and sealed answers."""
    from kept_site import kept_site

    made = kept_site(tmp_path / "site")
    yield made
    made.engine.dispose()
