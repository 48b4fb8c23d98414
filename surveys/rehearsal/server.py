"""The web server of a rehearsal: gunicorn as a process of its own, as in a real installation."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60


class ServerDidNotStart(RuntimeError):
    """The web server gave no answer; its own message is on the screen."""


def free_port(wanted: int = 8000) -> int:
    """``wanted`` when nobody uses it, else another free port."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return trial.getsockname()[1]
    raise ServerDidNotStart("no free port on this machine")


def server_command() -> list[str]:
    """The command line that serves the site."""
    return [sys.executable, "-m", "gunicorn", "--config", "config/server.py", "app:create_app()"]


def server_environment(port: int, today: date | None = None) -> dict[str, str]:
    """The environment it runs in; ``today`` moves its clock (demonstrations only)."""
    environment = dict(os.environ, HEARD_BIND=f"127.0.0.1:{port}")
    environment.pop("HEARD_TODAY", None)
    if today:
        environment["HEARD_TODAY"] = today.isoformat()
    return environment


@contextmanager
def serving(today: date | None = None) -> Iterator[str]:
    """Serve the site while the block runs; gives its address. Raises ServerDidNotStart."""
    port = free_port()
    process = subprocess.Popen(server_command(), cwd=ROOT, env=server_environment(port, today))  # noqa: S603
    try:
        wait_until_ready(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the start page answers. Raises ServerDidNotStart."""
    for _ in range(_READY_SECONDS * 10):
        if process.poll() is not None:
            break
        if _answers(port):
            return
        time.sleep(0.1)
    raise ServerDidNotStart("the web server did not start")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
