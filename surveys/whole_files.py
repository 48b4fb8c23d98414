"""Writing files whole or not at all.

In: a path, its content, the widest mode it may have. Out: a file that is on its medium, or none;
never half of one under its own name. What is new never takes another file's place.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE, PUBLIC = 0o600, 0o644
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}
_CANNOT_SYNC = {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS}


def write_new(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file that was not there. Raises FileExistsError over another.

    On a file system without links (FAT and exFAT, as on most sticks) it is written in its place:
    a failure takes it away again, and only a loss of power could leave a part of it.
    """
    with _unfinished(path, content, mode) as unfinished:
        try:
            os.link(unfinished, path)  # unlike a rename, never replaces
        except OSError as error:
            if error.errno == errno.EEXIST:
                raise _in_the_way(path) from None
            if error.errno not in _NO_LINKS:
                raise
            _write_in_place(path, content, mode)
    try:
        settle(path.parent)
    except BaseException:
        remove([path])
        raise


def write_all_new(contents: Mapping[Path, bytes], mode: int = PRIVATE) -> None:
    """Write several files that were not there, all or none, with the folders that they need.

    Raises FileExistsError, having written nothing, when a single name is taken.
    """
    for path in contents:
        if path.exists() or path.is_symlink():
            raise _in_the_way(path)
    written: list[Path] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_new(path, content, mode)
            written.append(path)
    except BaseException:
        remove(written)
        raise


def write_anew(path: Path, content: bytes, mode: int) -> None:
    """Write a file, in the place of the one that may be there: at every moment one of the two."""
    with _unfinished(path, content, mode) as unfinished:
        os.replace(unfinished, path)
    settle(path.parent)


def remove(paths: Iterable[Path]) -> None:
    """Take files away again, as many of them as there are."""
    for path in paths:
        with suppress(OSError):  # the first failure is the one to tell
            path.unlink()


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the medium, where its file system can say so."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def _in_the_way(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


@contextmanager
def _unfinished(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """The content under a name of its own beside the file; nothing is left of it afterwards."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    _write_in_place(unfinished, content, mode)
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _write_in_place(path: Path, content: bytes, mode: int) -> None:
    """Under a name that was not there, taken away again when it cannot be written whole."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove([path])
        raise
