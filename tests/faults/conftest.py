import os

import pytest
from fault_tasks import Writer

from surveys.database import open_engine


@pytest.fixture
def writer():
    made = Writer()
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    """An empty database on either engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/faults.sqlite3"
    else:
        url = request.getfixturevalue("postgres_url")
    made = open_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def figures(request, capsys):
    """Print figures where ``pytest -s`` or the environment variable FAULT_KILLS asks for more."""

    def say(**found):
        with capsys.disabled():
            if os.environ.get("FAULT_KILLS"):
                print(f"\n{request.node.name}: {found}")

    return say


@pytest.fixture
def kills():
    """How many times to kill: few in every run, many when FAULT_KILLS says so."""
    return lambda few: int(os.environ.get("FAULT_KILLS") or few)
