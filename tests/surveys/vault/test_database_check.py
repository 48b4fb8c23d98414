"""A database that is set up to leak or to lose is named, with what to change, and nothing is served."""

import os
import re
import socket
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner
from postgres_server import new_server
from sqlalchemy import create_engine, insert
from sqlalchemy.exc import IntegrityError

from surveys.database import metadata, open_engine
from surveys.migrations.tables import OWNERS
from surveys.vault import database_check_sqlite
from surveys.vault.compacting import compact
from surveys.vault.database_check import DatabaseUnfit, database_faults, refuse_unfit_database
from surveys.vault.slots import slot_table

assert OWNERS  # imported, they have put their tables into the metadata


@pytest.fixture
def sqlite(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


# SQLite


def test_sqlite_as_the_site_opens_it_is_fit(sqlite):
    assert database_faults(sqlite) == []
    refuse_unfit_database(sqlite)


def test_sqlite_in_memory_is_fit():
    engine = open_engine("sqlite://")
    assert database_faults(engine) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "said"),
    [
        ("secure_delete=FAST", "PRAGMA secure_delete is 2 and must be 1"),
        ("secure_delete=OFF", "PRAGMA secure_delete is 0 and must be 1"),
        ("synchronous=NORMAL", "PRAGMA synchronous is 1 and must be 2"),
        ("synchronous=OFF", "PRAGMA synchronous is 0 and must be 2"),
        ("journal_mode=DELETE", "PRAGMA journal_mode is delete and must be wal"),
        ("journal_mode=PERSIST", "PRAGMA journal_mode is persist and must be wal"),
    ],
)
def test_sqlite_with_another_pragma_is_unfit(sqlite, pragma, said):
    raw = sqlite.raw_connection()
    raw.cursor().execute(f"PRAGMA {pragma}")
    raw.close()
    assert database_faults(sqlite)[0].startswith(said)
    with pytest.raises(DatabaseUnfit, match=said):
        refuse_unfit_database(sqlite)


def test_a_file_that_others_can_reach_is_unfit(sqlite, tmp_path, monkeypatch):
    path = tmp_path / "heard.sqlite3"
    path.chmod(0o644)
    assert database_faults(sqlite) == [], "nobody else may enter the folders above it"
    monkeypatch.setattr(type(path), "parents", property(lambda self: [tmp_path]))
    for folder, file in ((0o755, 0o644), (0o711, 0o604), (0o750, 0o640)):
        tmp_path.chmod(folder)
        path.chmod(file)
        (fault,) = database_faults(sqlite)
        assert f"chmod 700 {tmp_path}" in fault
    for folder, file in ((0o700, 0o666), (0o755, 0o600)):
        tmp_path.chmod(folder)
        path.chmod(file)
        assert database_faults(sqlite) == []


def test_a_journal_left_behind_is_found_and_the_advice_removes_it(tmp_path):
    path, marker = tmp_path / "heard.sqlite3", b"zinnia-that-was-overwritten"
    with sqlite3.connect(path) as careless:
        careless.execute("PRAGMA journal_mode=PERSIST")
        careless.execute("CREATE TABLE x (y)")
        careless.execute("INSERT INTO x VALUES (?)", (marker,))
        careless.commit()
        careless.execute("UPDATE x SET y = NULL")
    careless.close()
    journal = path.with_name("heard.sqlite3-journal")
    kept = journal.read_bytes()
    assert marker in kept
    engine = open_engine(f"sqlite:///{path}")
    assert database_faults(engine) == [] and not journal.exists(), "opening it mends it"
    journal.write_bytes(kept)  # as a careless restore would
    (fault,) = database_faults(engine)
    subprocess.run(fault[fault.index("shred") :], shell=True, check=True)
    assert database_faults(engine) == []
    engine.dispose()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_file_on_a_network_file_system_is_unfit(sqlite, tmp_path, monkeypatch, kind):
    place = str(tmp_path).replace(" ", "\\040")
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n"
        f"99 22 0:50 / {place} rw,relatime shared:9 - {kind} server:/share rw\n"
    )
    monkeypatch.setattr(database_check_sqlite, "MOUNTS", mounts)
    (fault,) = database_faults(sqlite)
    assert kind in fault and "Move it to a disk of this machine" in fault
    mounts.write_text(mounts.read_text().replace(place, f"{place}-elsewhere"))
    assert database_faults(sqlite) == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Käte’s Daten", "Käte’s\\040Daten"),
        ("数据", "数据"),
        ("a\tb\nc", "a\\011b\\012c"),
        ("back\\040slash", "back\\134040slash"),
        ("no\xa0break", "no\xa0break"),
        ("\udcff\u2028", "\udcff\u2028"),
        ("hash#mark", "hash#mark"),
    ],
)
def test_mount_points_are_read_as_the_system_writes_them(tmp_path, monkeypatch, name, written):
    """Whatever letters are in them: only four characters are written in another way."""
    place, mounts = tmp_path / name, tmp_path / "mountinfo"
    line = f"99 22 0:50 / {tmp_path}/{written} rw,relatime shared:9 - nfs4 server:/share rw\n"
    mounts.write_bytes(os.fsencode(f"22 1 254:1 / / rw shared:1 - ext4 /dev/vda1 rw\n{line}"))
    monkeypatch.setattr(database_check_sqlite, "MOUNTS", mounts)
    assert database_check_sqlite._file_system_of(place / "heard.sqlite3") == "nfs4"
    assert database_check_sqlite._file_system_of(tmp_path / "heard.sqlite3") == "ext4"


def test_another_kind_of_database_is_refused(monkeypatch, sqlite):
    monkeypatch.setattr(sqlite.dialect, "name", "oracle")
    with pytest.raises(DatabaseUnfit, match="SQLite or PostgreSQL"):
        database_faults(sqlite)


# PostgreSQL

INSTALLED = {
    "wal_recycle": "on",
    "log_min_error_statement": "error",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "default",
}
LEAKY = {
    "archive_mode": "on",
    "archive_command": "false",
    "wal_level": "logical",
    "wal_keep_size": "64MB",
    "track_commit_timestamp": "on",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_min_error_statement": "error",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "verbose",
    "log_lock_waits": "on",
    "full_page_writes": "off",
    "wal_recycle": "on",
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
}


def as_site(server, name, granted=True):
    """The site's role, which is nobody special, in a database of its own with our tables in it."""
    server.tell(f"CREATE ROLE {name}_site LOGIN")
    server.tell(f"ALTER DATABASE {name} OWNER TO {name}_site")
    if granted:
        server.tell(f"GRANT pg_checkpoint TO {name}_site")
        server.tell(f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {name}_site", name)
    engine = create_engine(server.url(name).replace("heard@", f"{name}_site@"))
    metadata.create_all(engine)
    return engine


STATEMENT = re.compile(r"\b(ALTER|GRANT|DROP|SELECT) [^,.]*(, then|$)")


def mend(server, name, faults):
    """Do what the faults say, as the administrator would."""
    for fault in faults:
        server.tell(STATEMENT.search(fault)[0].removesuffix(", then"), name)


@pytest.fixture
def fit(postgres_server):
    name = postgres_server.new_database()
    engine = as_site(postgres_server, name)
    assert database_faults(engine) == []
    yield engine
    engine.dispose()
    postgres_server.drop_database(name)
    postgres_server.tell(f"DROP ROLE {name}_site")


def test_postgresql_as_it_is_installed_is_unfit_until_the_advice_is_taken():
    server = new_server(**INSTALLED)
    try:
        name = server.new_database()
        engine = as_site(server, name, granted=False)
        faults = database_faults(engine)
        assert [fault.split()[0] for fault in faults if "GRANT" not in fault] == [
            "log_error_verbosity",
            "log_min_error_statement",
            "log_parameter_max_length",
            "wal_recycle",
        ]
        assert len(faults) == 6
        mend(server, name, faults)
        engine.dispose()
        server.stop()
        server.start()
        assert database_faults(engine) == []
        compact(engine)  # with the rights that were granted, and no others
        engine.dispose()
    finally:
        server.remove()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE RULE spy AS ON UPDATE TO slot DO ALSO SELECT 1", "DROP RULE spy ON slot"),
        ("CREATE PUBLICATION copies FOR TABLE response", "DROP PUBLICATION copies"),
        ("CREATE PUBLICATION everything FOR ALL TABLES", "DROP PUBLICATION everything"),
        ("ALTER TABLE slot SET UNLOGGED", "ALTER TABLE slot SET LOGGED"),
        (
            "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER spy BEFORE UPDATE ON slot EXECUTE FUNCTION spy()",
            "DROP TRIGGER spy ON slot",
        ),
    ],
)
def test_eyes_on_our_tables_are_found_and_the_advice_closes_them(
    fit, postgres_server, statement, said
):
    name = fit.url.database
    postgres_server.tell(statement, name)
    faults = database_faults(fit)
    assert faults and all("DROP" in fault or "ALTER" in fault for fault in faults)
    assert any(said in fault for fault in faults)
    postgres_server.tell(said, name)
    assert database_faults(fit) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "mod"),
        ("log_min_duration_sample", "100"),
        ("log_duration", "on"),
        ("log_error_verbosity", "default"),
        ("log_lock_waits", "on"),
        ("log_statement_stats", "on"),
        ("log_parser_stats", "on"),
        ("log_planner_stats", "on"),
        ("log_executor_stats", "on"),
        ("log_transaction_sample_rate", "0.1"),
        ("log_parameter_max_length_on_error", "-1"),
        ("debug_print_plan", "on"),
        ("synchronous_commit", "off"),
        ("session_preload_libraries", "auto_explain"),
    ],
)
def test_a_setting_of_this_database_alone_is_found(fit, postgres_server, name, value):
    postgres_server.tell(f"ALTER DATABASE {fit.url.database} SET {name} = '{value}'")
    fit.dispose()
    (fault,) = database_faults(fit)
    assert name in fault
    if name != "session_preload_libraries":
        mend(postgres_server, fit.url.database, [fault])
        fit.dispose()
        assert database_faults(fit) == []


def test_an_error_names_no_row_in_the_servers_log_with_the_settings_asked_for(fit, postgres_server):
    """What is in force for the tests is what the site asks for; installed as usual, it leaks."""
    log, name = postgres_server.folder / "server.log", fit.url.database
    row = {"wave_id": bytes(16), "content": b"x"}
    said = {}
    for verbosity in ("terse", "default"):
        postgres_server.tell(f"ALTER DATABASE {name} SET log_error_verbosity = '{verbosity}'")
        fit.dispose()
        slot_id, before = os.urandom(16), len(log.read_text())
        with fit.begin() as connection:
            connection.execute(insert(slot_table).values(id=slot_id, **row))
        with pytest.raises(IntegrityError), fit.begin() as connection:
            connection.execute(insert(slot_table).values(id=slot_id, **row))
        said[verbosity] = slot_id.hex() in log.read_text()[before:]
    assert said == {"terse": False, "default": True}


def test_a_replication_slot_is_found(fit, postgres_server):
    postgres_server.tell("SELECT pg_create_physical_replication_slot('standby')")
    (fault,) = database_faults(fit)
    postgres_server.tell(fault[fault.index("SELECT") :])
    assert database_faults(fit) == []


def test_a_server_that_keeps_and_watches_everything_is_named_in_every_part():
    server = new_server(**LEAKY)
    try:
        engine = as_site(server, server.new_database())
        faults = database_faults(engine)
        wanted = set(LEAKY) - {"archive_command", "shared_preload_libraries"}
        wanted |= {"pg_stat_statements", "auto_explain"}
        assert {fault.split()[0] for fault in faults} == wanted
        server.tell("SELECT pg_create_logical_replication_slot('spy', 'test_decoding')")
        assert any("pg_drop_replication_slot('spy')" in fault for fault in database_faults(engine))
        engine.dispose()
    finally:
        server.remove()


def test_a_database_that_is_not_there_is_said_so(postgres_server):
    engine = create_engine(postgres_server.url("nowhere"))
    with pytest.raises(DatabaseUnfit, match="cannot be asked"):
        database_faults(engine)


def test_an_open_network_needs_encryption():
    address = own_address()
    server = new_server(listen_addresses=address, port="54329")
    try:
        with (server.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {address}/32 trust\n")
        server.tell("SELECT pg_reload_conf()", port=54329)
        engine = create_engine(
            f"postgresql+psycopg://heard@{address}:54329/postgres?sslmode=disable"
        )
        assert [fault for fault in database_faults(engine) if "encryption" in fault]
        engine.dispose()
    finally:
        server.remove()


def own_address():
    """An address of this machine that is not the loopback's; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("192.0.2.1", 9))
        return asking.getsockname()[0]


# The site


def test_the_site_does_not_serve_from_a_leaky_database_and_the_command_says_why(site_home):
    from app import create_app
    from config.settings import read_settings

    path = site_home / "heard.sqlite3"
    path.with_name("heard.sqlite3-journal").write_bytes(bytes(512) + b"kept")
    with pytest.raises(DatabaseUnfit, match="journal"):
        create_app(read_settings(site_home))
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "database", "check"],
        env=dict(os.environ, HEARD_HOME=str(site_home)), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "keeps what was overwritten" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_is_content_with_a_site_as_it_is_made(app):
    done = CliRunner().invoke(app.cli, ["database", "check"])
    assert done.exit_code == 0 and "Nothing was found" in done.output
