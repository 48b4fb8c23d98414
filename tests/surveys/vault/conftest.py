import pytest
from vault_wave import open_vault_wave


@pytest.fixture
def vault(tmp_path):
    folder = tmp_path / "database"
    folder.mkdir()
    vault = open_vault_wave(folder)
    yield vault
    vault.engine.dispose()
