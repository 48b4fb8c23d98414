"""A PostgreSQL cluster of the tests' own, in a temporary folder, with fsync on; stopped at the end.

Only a socket in a folder that nobody else may enter leads to it. As root it runs as ``postgres``,
for the server refuses to run as root.
"""

import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

PORT = 5432  # names the socket's file; nothing listens on the network
_SETTINGS = {"listen_addresses": "", "max_connections": "40", "shared_buffers": "32MB"}
FIT = {
    "wal_recycle": "off",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
"""What an administrator changes so that a site serves from it (docs/installing.md)."""

# Waits for the end of the test run, whichever that is, and then leaves nothing.
_KEEPER = 'cat; "$0" -D "$1" -m immediate -w stop; rm -rf "$2"'


def binaries():
    """The folder of the newest server programs, or None."""
    versions = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name),
    )
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class PostgresServer:
    """A running cluster. ``settings`` are lines of postgresql.conf."""

    def __init__(self, segment_megabytes=16, **settings):
        self.programs = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="heard-pg-"))
        self.data = self.folder / "data"
        self._owner = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, self.programs / "pg_ctl", self.data, self.folder],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, **self._owner,
        )  # fmt: skip
        self._count = 0
        segment = f"--wal-segsize={segment_megabytes}"
        words = f"-U heard -A trust -N -E UTF8 --locale=C {segment}".split()
        self._run("initdb", "-D", self.data, *words)
        lines = {"unix_socket_directories": str(self.folder)} | _SETTINGS | FIT | settings
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())
        self.start()

    def _run(self, program, *words, **how):
        done = subprocess.run(
            [self.programs / program, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **self._owner, **how,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

    def start(self, largest_file=None):
        """Start, and wait until it takes connections. No file may grow beyond ``largest_file``."""
        log, how = self.folder / "server.log", {}
        if largest_file:
            limit = (largest_file, resource.RLIM_INFINITY)
            how["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        # the server keeps what it inherits open, so it must not inherit the pipe that is read here
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "start", **how)

    def stop(self, mode="fast"):
        """Stop: "fast" in good order, "immediate" as a crash would."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def url(self, database):
        """Where SQLAlchemy finds a database of this cluster."""
        return f"postgresql+psycopg://heard@/{database}?host={self.folder}&port={PORT}"

    def tell(self, statement, database="postgres", port=PORT):
        """Run a statement of the administrator's, by itself; its rows, if it has any."""
        with psycopg.connect(
            host=str(self.folder), port=port, user="heard", dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template="template1"):
        """The name of a fresh database, empty or a copy of another that nobody is connected to."""
        self._count += 1
        name = f"heard_{self._count}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name):
        """Drop a database, whoever is still connected to it."""
        self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def remove(self):
        """Stop at once and leave nothing."""
        self._keeper.stdin.close()
        self._keeper.wait(60)
        assert not self.folder.exists()


def new_server(**settings):
    """A server; a skipped test without PostgreSQL, unless REQUIRE_POSTGRES says that it must be there."""
    if binaries() is None:
        said = "PostgreSQL is not installed: sh tests/install_postgresql.sh"
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail(said)
        pytest.skip(said)
    return PostgresServer(**settings)
