"""The import laws: one way through the house, few rooms for cryptography and SQL, a clean web process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW_SIDE = (
    "pandas",
    "highspy",
    "analysis.opening",
    "analysis.frames",
    "analysis.tables",
    "analysis.publish",
    "surveys.vault.opening",
    "surveys.vault.key_files",
    "surveys.vault.key_making",
    "surveys.invitations.seed_files",
    "surveys.vault.release",
)
CRYPTOGRAPHY = {
    "analysis/opening.py",
    "analysis/signing.py",
    "surveys/invitations/codes.py",
    "surveys/sealed_cookie.py",
    "surveys/staff/passwords.py",
    "surveys/vault/cobblestone.py",
    "surveys/vault/hpke.py",
    "surveys/vault/key_files.py",
    "surveys/vault/opening.py",
    "surveys/vault/public_keys.py",
    "surveys/vault/sealing.py",
    "surveys/vault/slot_content.py",
}
SQL = {
    "surveys/console/progress.py",
    "surveys/database.py",
    "surveys/inspections/cohorts.py",
    "surveys/inspections/record.py",
    "surveys/invitations/register.py",
    "surveys/staff/accounts.py",
    "surveys/vault/release.py",
    "surveys/vault/slots.py",
    "surveys/vault/store.py",
    "surveys/vault/waves.py",
}
ENGINE_TYPE_ONLY = "Engine"


def sources():
    for room in ("config", "questionnaires", "surveys", "analysis"):
        yield from sorted((ROOT / room).rglob("*.py"))


def imported(path):
    """(module, names) of every import in a file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, {alias.name}) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, {alias.name for alias in node.names}


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_cryptography_lives_in_a_few_named_files():
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if any(module.split(".")[0] == "cryptography" for module, _ in imported(path))
    }
    assert found - CRYPTOGRAPHY == set()


def test_sql_lives_in_the_files_that_own_a_table():
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if "migrations" not in path.parts
        for module, names in imported(path)
        if module.split(".")[0] == "sqlalchemy" and names != {ENGINE_TYPE_ONLY}
    }
    assert found - SQL == set()


@pytest.mark.parametrize(
    "room", ["charts", "exports", "measures", "pages", "releases", "sentences"]
)
def test_page_side_imports_the_summary_and_nothing_behind_it(room):
    forbidden = (
        "analysis.opening",
        "analysis.frames",
        "analysis.tables",
        "analysis.publish",
        "sqlalchemy",
        "pandas",
    )
    allowed_of_surveys = {"surveys.audiences", "surveys.site"}
    for path in (ROOT / "analysis").glob(f"{room}*.py"):
        for module, _ in imported(path):
            assert not module.startswith(forbidden), f"{path.name} imports {module}"
            if module.startswith("surveys"):
                assert module in allowed_of_surveys, f"{path.name} imports {module}"


def test_web_process_loads_nothing_of_the_row_side(site_home):
    program = (
        "import sys; from app import create_app; app = create_app();"
        "app.test_client().get('/'); app.test_client().get('/results/');"
        f"print([name for name in {ROW_SIDE!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"HEARD_HOME": str(site_home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_web_process_refuses_to_start_when_it_sees_a_private_key(site_home):
    from surveys.vault.key_sighting import PrivateKeySighted, refuse_private_keys

    refuse_private_keys(site_home)
    (site_home / "left-behind.json").write_text('{"kind": "heard private key"}')
    with pytest.raises(PrivateKeySighted, match="left-behind"):
        refuse_private_keys(site_home)
