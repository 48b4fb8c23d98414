"""Files that are whole or not there: new ones never over others, on sticks without links as well."""

import errno
import os
import stat

import pytest

from surveys import whole_files
from surveys.whole_files import PRIVATE, PUBLIC, write_all_new, write_anew, write_new


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def failing(number):
    """A call that fails as the system does."""

    def call(*_given, **_options):
        raise OSError(number, os.strerror(number))

    return call


@pytest.fixture(params=["links", "EPERM", "EOPNOTSUPP", "ENOSYS"])
def stick(request, tmp_path, monkeypatch):
    """A folder on an ordinary disk, or on a stick that has no links, as it tells it."""
    if request.param != "links":
        monkeypatch.setattr(os, "link", failing(getattr(errno, request.param)))
    return tmp_path


def test_new_file_is_there_whole_and_alone_and_private(stick):
    write_new(stick / "a.key", b"seed")
    assert (stick / "a.key").read_bytes() == b"seed" and names(stick) == ["a.key"]
    assert stat.S_IMODE((stick / "a.key").stat().st_mode) == PRIVATE == 0o600
    write_new(stick / "b.json", b"{}", PUBLIC)
    assert stat.S_IMODE((stick / "b.json").stat().st_mode) == 0o644


def test_new_file_is_never_written_over_another(stick):
    (stick / "a.key").write_bytes(b"old")
    with pytest.raises(FileExistsError) as raised:
        write_new(stick / "a.key", b"new")
    assert raised.value.filename == str(stick / "a.key")
    assert (stick / "a.key").read_bytes() == b"old" and names(stick) == ["a.key"]


def test_failure_leaves_no_part_of_a_new_file(stick, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
    with pytest.raises(OSError, match="space"):
        write_new(stick / "a.key", b"seed")
    assert names(stick) == []


def test_failure_in_its_place_leaves_no_part_either(tmp_path, monkeypatch):
    """The copy beside it succeeds, and then the stick is full."""
    real, calls = os.fsync, []

    def second_fails(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            failing(errno.ENOSPC)()
        real(descriptor)

    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(OSError, match="space"):
        write_new(tmp_path / "a.key", b"seed")
    assert names(tmp_path) == [] and len(calls) == 2


def test_other_failures_of_a_link_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", failing(errno.EIO))
    with pytest.raises(OSError, match="Input/output"):
        write_new(tmp_path / "a.key", b"seed")
    assert names(tmp_path) == []


def test_several_files_all_or_none(stick):
    wanted = {stick / "one" / "a.key": b"1", stick / "two" / "b.key": b"2"}
    write_all_new(wanted)
    assert {path: path.read_bytes() for path in wanted} == wanted
    assert stat.S_IMODE((stick / "one").stat().st_mode) == 0o700
    more = {stick / "three" / "c.key": b"3", stick / "two" / "b.key": b"4"}
    with pytest.raises(FileExistsError, match=r"b\.key"):
        write_all_new(more)
    assert not (stick / "three").exists() and (stick / "two" / "b.key").read_bytes() == b"2"


def test_first_of_several_is_taken_back_when_the_second_fails(stick, monkeypatch):
    real = whole_files.write_new

    def full_at_b(path, content, mode):
        if path.name == "b.key":
            failing(errno.ENOSPC)()
        real(path, content, mode)

    monkeypatch.setattr(whole_files, "write_new", full_at_b)
    with pytest.raises(OSError, match="space"):
        write_all_new({stick / "a.key": b"1", stick / "b.key": b"2"})
    assert names(stick) == []


def test_anew_is_the_old_file_or_the_new_one(stick, monkeypatch):
    path = stick / "register.json"
    write_anew(path, b"old", PUBLIC)
    write_anew(path, b"new", PRIVATE)
    assert path.read_bytes() == b"new" and stat.S_IMODE(path.stat().st_mode) == 0o600
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(OSError, match="space"):
            write_anew(path, b"newest", PRIVATE)
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", failing(errno.EIO))
        with pytest.raises(OSError, match="Input/output"):
            write_anew(path, b"newest", PRIVATE)
    assert path.read_bytes() == b"new" and names(stick) == ["register.json"]


@pytest.mark.parametrize(
    ("number", "goes_on"), [(errno.EINVAL, True), (errno.ENOSYS, True), (errno.EIO, False)]
)
def test_folder_that_cannot_be_waited_for_is_no_failure_but_a_broken_one_is(
    tmp_path, monkeypatch, number, goes_on
):
    real = os.fsync

    def folders_fail(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            failing(number)()
        real(descriptor)

    monkeypatch.setattr(os, "fsync", folders_fail)
    if goes_on:
        write_new(tmp_path / "a.key", b"seed")
    else:
        with pytest.raises(OSError, match="Input/output"):
            write_new(tmp_path / "a.key", b"seed")
    assert names(tmp_path) == (["a.key"] if goes_on else [])
