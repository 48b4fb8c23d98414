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
    "surveys.contact.key_making",
    "analysis.opening",
    "analysis.frames",
    "analysis.tables",
    "analysis.publish",
    "surveys.vault.opening",
    "surveys.vault.key_files",
    "surveys.keys.key_making",
    "surveys.vault.manifest_signing",
    "surveys.keys.ceremony",
    "surveys.keys.ceremony_drill",
    "surveys.keys.escrow",
    "surveys.keys.escrow_recovery",
    "surveys.keys.rotation",
    "surveys.invitations.seed_files",
    "surveys.vault.release",
    "surveys.backup.restoring",
)
CRYPTOGRAPHY = {
    "analysis/signing.py",
    "surveys/audit/signing.py",
    "surveys/invitations/codes.py",
    "surveys/invitations/outbox/keys.py",
    "surveys/sealed_cookie.py",
    "surveys/staff/passwords.py",
    "surveys/vault/cobblestone.py",
    "surveys/vault/hpke.py",
    "surveys/vault/key_files.py",
    "surveys/vault/manifest_signing.py",
    "surveys/vault/opening.py",
}
SQL = {
    "surveys/console/progress.py",
    "surveys/contact/requests.py",
    "surveys/database.py",
    "surveys/inspections/cohorts.py",
    "surveys/inspections/questions.py",
    "surveys/inspections/record.py",
    "surveys/speaking/approvals.py",
    "surveys/invitations/outbox/contacts.py",
    "surveys/invitations/outbox/opt_outs.py",
    "surveys/invitations/outbox/queue.py",
    "surveys/invitations/register.py",
    "surveys/invitations/withdrawn.py",
    "surveys/retention/erasing.py",
    "surveys/retention/record.py",
    "surveys/staff/accounts.py",
    "surveys/staff/authenticator.py",
    "surveys/staff/invited.py",
    "surveys/staff/passkeys.py",
    "surveys/staff/recovery.py",
    "surveys/vault/database_check.py",
    "surveys/vault/database_check_postgresql.py",  # asks the server's catalogue how it is set up
    "surveys/vault/release.py",
    "surveys/vault/rewriting.py",
    "surveys/vault/slots.py",
    "surveys/vault/store.py",
    "surveys/vault/taking_back.py",
    "surveys/vault/waves.py",
}
BY_HAND = {  # sentences of SQL that no library writes: the engine's own affairs, never a row's
    "surveys/backup/packing.py",
    "surveys/backup/restoring.py",
    "surveys/database.py",
    "surveys/vault/compacting.py",
    "surveys/vault/database_check_postgresql.py",
    "surveys/vault/database_check_sqlite.py",
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
    assert found == CRYPTOGRAPHY


def test_sql_lives_in_the_files_that_own_a_table():
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if "migrations" not in path.parts
        for module, names in imported(path)
        if module.split(".")[0] == "sqlalchemy" and names != {ENGINE_TYPE_ONLY}
    }
    assert found == SQL


def test_sql_by_hand_lives_in_a_few_named_files():
    words = ("sqlite3", "exec_driver_sql", "raw_connection", "psycopg")
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if getattr(node, "attr", None) in words
        or (isinstance(node, ast.alias) and node.name.partition(".")[0] in words)
    }
    assert found == BY_HAND


ROW_FILES = {
    "bases", "coverage", "frames", "freezing", "items", "noting", "opening", "plan", "policy",
    "protection", "protection_categories", "protection_question", "publish", "publisher",
    "record_sets", "release_items", "rounding", "show_rules", "tables", "targets", "ties",
    "waves_to_publish", "__main__",
}  # fmt: skip
PAGE_FILES = [
    path for path in sorted((ROOT / "analysis").glob("*.py")) if path.stem not in ROW_FILES
]


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_page_side_imports_the_summary_and_nothing_behind_it(path):
    behind = {f"analysis.{name}" for name in ROW_FILES} | {"sqlalchemy", "pandas", "highspy"}
    allowed_of_surveys = {"surveys.audiences", "surveys.site"}
    for module, _ in imported(path):
        assert module not in behind, f"{path.name} imports {module}"
        if module.startswith("surveys"):
            assert module in allowed_of_surveys, f"{path.name} imports {module}"


def test_every_row_file_exists():
    """A list that cannot grow stale: a file that is gone leaves it."""
    assert {path.stem for path in (ROOT / "analysis").glob("*.py")} >= ROW_FILES


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


def test_no_cycles():
    """No file imports itself by a roundabout way; imports inside functions do not count."""
    graph = {}
    for path in [ROOT / "app.py", *sources()]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[name] = {
            f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        } | {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
    graph = {
        name: {other for other in used if other in graph and other != name}
        for name, used in graph.items()
    }
    while leaves := {name for name, used in graph.items() if not used & graph.keys()}:
        graph = {name: used for name, used in graph.items() if name not in leaves}
    assert graph == {}
