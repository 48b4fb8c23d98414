"""The audit log: nothing in it can be changed, taken out, swapped or cut off unseen."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.audit import log as audit

DAY = date(2026, 11, 20)
LINES = 4


def written(path):
    for number in range(LINES):
        audit.record(path, DAY, "Sam", "export", {"table": str(number)})
    return path.read_bytes()


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "audit.jsonl"
    written(path)
    return path


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return written(tmp_path_factory.mktemp("audit") / "audit.jsonl")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    return tmp_path_factory.mktemp("spoilt") / "audit.jsonl"


def test_log_as_written_has_no_fault(log):
    assert audit.check(log, earlier_head=audit.head(log)) == ()


def test_missing_log_is_an_empty_one(tmp_path):
    assert audit.check(tmp_path / "none", earlier_head=audit.FIRST) == ()
    assert audit.head(tmp_path / "none") == audit.FIRST


def test_line_says_day_and_never_a_time(tmp_path):
    path = tmp_path / "audit.jsonl"
    audit.record(path, datetime(2026, 11, 20, 14, 35), "Sam", "sign_in")  # noqa: DTZ001
    line = json.loads(path.read_text())
    assert line["day"] == "2026-11-20"
    assert set(line) == {"day", "who", "what", "about", "previous", "hash"}
    assert "14" not in line["day"] and "35" not in line["day"]


def test_only_the_owner_can_read_the_file(log):
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_head_is_what_recording_returned(log):
    assert audit.record(log, DAY, "Sam", "sign_in") == audit.head(log)


@settings(deadline=None)
@given(data=st.data())
def test_any_byte_changed_is_found(content, spoilt, data):
    position = data.draw(st.integers(0, len(content) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[position]))
    spoilt.write_bytes(content[:position] + bytes([byte]) + content[position + 1 :])
    assert audit.check(spoilt)


@pytest.mark.parametrize("number", range(LINES - 1))
def test_any_line_taken_out_is_found(log, number):
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
    assert audit.check(log)


@pytest.mark.parametrize("number", range(LINES - 1))
def test_any_two_lines_swapped_are_found(log, number):
    lines = log.read_bytes().splitlines(keepends=True)
    lines[number], lines[number + 1] = lines[number + 1], lines[number]
    log.write_bytes(b"".join(lines))
    assert audit.check(log)


def test_line_said_twice_is_found(log):
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines, lines[-1]]))
    assert [fault.line for fault in audit.check(log)] == [LINES + 1]


def test_cut_off_end_is_found_by_whoever_kept_the_head(log):
    head = audit.head(log)
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert audit.check(log) == ()
    assert [fault.line for fault in audit.check(log, earlier_head=head)] == [0]


def test_rewritten_log_is_found_by_whoever_kept_the_head(log):
    head = audit.head(log)
    log.unlink()
    written(log)
    audit.record(log, DAY, "Sam", "sign_in")
    assert audit.check(log, earlier_head=head) == ()  # the same lines again are the same log
    log.unlink()
    audit.record(log, DAY, "Somebody else", "export", {"table": "0"})
    assert audit.check(log, earlier_head=head)


def test_torn_line_stays_a_fault_and_stops_nobody(log):
    whole = log.read_bytes()
    log.write_bytes(whole[:-30])
    audit.record(log, DAY, "Sam", "sign_in")
    assert [fault.line for fault in audit.check(log)] == [LINES]


def test_many_at_once_all_stand_in_one_chain(log):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.record(log, DAY, "Sam", str(number)), range(40)))
    assert audit.check(log) == ()
    assert len(log.read_bytes().splitlines()) == LINES + 40


def test_what_was_written_after_a_head_is_told_or_that_it_is_another_log(tmp_path):
    path, other = tmp_path / "audit.jsonl", tmp_path / "other.jsonl"
    first, second, third = (
        audit.record(path, DAY, "Sam", what) for what in ("one", "two", "three")
    )
    stranger = audit.record(other, DAY, "Sam", "one more")
    assert [entry.what for entry in audit.entries_after(path, first)] == ["two", "three"]
    assert [entry.what for entry in audit.entries_after(path, second)] == ["three"]
    assert audit.entries_after(path, third) == ()
    assert audit.entries_after(path, stranger) is None
    assert audit.entries_after(tmp_path / "none.jsonl", first) is None
