"""Open waves in databases of their own, on either engine."""

import pytest
from vault_wave import open_vault_wave


@pytest.fixture(params=["sqlite", "postgresql"])
def vault(request, tmp_path):
    """An open wave in a database of its own, on either engine."""
    folder = tmp_path / "database"
    folder.mkdir()
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    vault = open_vault_wave(folder, url=url)
    yield vault
    vault.engine.dispose()


@pytest.fixture
def sqlite_vault(tmp_path):
    """An open wave in a file of its own."""
    folder = tmp_path / "file"
    folder.mkdir()
    vault = open_vault_wave(folder)
    yield vault
    vault.engine.dispose()


@pytest.fixture
def postgres_vault(tmp_path, postgres_url):
    """An open wave in PostgreSQL."""
    vault = open_vault_wave(tmp_path, url=postgres_url)
    yield vault
    vault.engine.dispose()
