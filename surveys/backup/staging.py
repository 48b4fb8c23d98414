"""The folder in which a backup is put together: a copy of everything, so it must not be left lying.

In: the site's folder. Out: an empty folder on the same disk, gone at once when the run ends, fails
or is told to stop. What a kill or a power cut left goes when the site starts, or with the next run.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger("heard")

_BEGIN = "backup-unfinished-"
_STOPS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A folder on the database's own disk, gone afterwards; what killed runs left goes first."""
    clear_left_over(home)
    with (
        _stopping_in_order(),
        tempfile.TemporaryDirectory(prefix=_BEGIN, dir=home) as folder,
        _held(Path(folder)),
    ):
        yield Path(folder)


def clear_left_over(home: Path) -> int:
    """Remove what killed runs left in the site's folder, and return how many folders there were.

    What a run that is still at work holds stays. Never raises: a site starts all the same.
    """
    cleared = 0
    for left in home.glob(f"{_BEGIN}*"):
        try:
            with _held(left):
                shutil.rmtree(left)
            cleared += 1
        except (BlockingIOError, FileNotFoundError):
            continue  # somebody is at work in it, or was quicker
        except OSError as error:
            log.error("a copy that a backup left could not be removed", exc_info=error)
    return cleared


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder, so that nobody clears it away. Raises BlockingIOError when another does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _stopping_in_order() -> Iterator[None]:
    """Whoever tells the process to stop, such as a service's time limit, lets it clear away first.

    Only the first thread can be told of signals; one that is ignored stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    heeded = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
