"""Signed checkpoints: whatever is done to the file is found, and the first broken link is named."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.audit import checkpoints, log, signing
from surveys.audit.commands import audit
from surveys.audit.log import audit_log_of
from surveys.site import Site

DAY = date(2026, 11, 20)


class Folder:
    """As much of a site as the audit log needs."""

    def __init__(self, path):
        self.summaries, self.secrets = path / "summaries", path / "secrets"
        self.mail = None


def filled(path, lines=5):
    """A log of three actions, a checkpoint, more actions, and a last checkpoint."""
    site = Folder(path)
    path.mkdir(exist_ok=True)
    for number in range(lines):
        if number == 3:
            checkpoints.make_checkpoint(site, DAY)
        log.record(audit_log_of(site), DAY, "Sam", "export", {"table": str(number)})
    return site, checkpoints.make_checkpoint(site, DAY)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    site, made = filled(tmp_path_factory.mktemp("whole") / "site")
    return audit_log_of(site).read_bytes(), made


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    return tmp_path_factory.mktemp("spoilt") / "audit.jsonl"


def faults_of(path, content, made):
    path.write_bytes(content)
    return checkpoints.verify(path, made.public_key, made.head)


def lines_of(content):
    return content.splitlines(keepends=True)


def test_log_as_written_is_whole(spoilt, whole):
    content, made = whole
    assert faults_of(spoilt, content, made) == ()
    assert len(lines_of(content)) == made.lines == 7


@settings(deadline=None)
@given(data=st.data())
def test_any_byte_flipped_is_found(spoilt, whole, data):
    content, made = whole
    position = data.draw(st.integers(0, len(content) - 2))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(content)
    changed[position] ^= 1 << bit
    (first, *_) = faults_of(spoilt, bytes(changed), made)
    touched = content.count(b"\n", 0, position) + 1
    assert first.line in (touched, touched + 1), "the first broken link is where it was touched"
    assert checkpoints.meaning_of(first)


@settings(deadline=None)
@given(data=st.data())
def test_any_lines_deleted_are_found(spoilt, whole, data):
    content, made = whole
    lines = lines_of(content)
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1))
    left = [line for number, line in enumerate(lines) if number not in gone]
    assert faults_of(spoilt, b"".join(left), made)


@settings(deadline=None)
@given(data=st.data())
def test_any_cut_at_the_end_is_found_with_the_head(spoilt, whole, data):
    content, made = whole
    kept = data.draw(st.integers(0, len(content) - 2))
    faults = faults_of(spoilt, content[:kept], made)
    assert log.HEAD_GONE in {fault.words for fault in faults}


@settings(deadline=None)
@given(data=st.data())
def test_any_other_order_is_found(spoilt, whole, data):
    content, made = whole
    lines = lines_of(content)
    other = data.draw(st.permutations(lines).filter(lambda order: order != lines))
    assert faults_of(spoilt, b"".join(other), made)


def test_checkpoints_hold_while_others_record(tmp_path):
    site = Folder(tmp_path)
    checkpoints.make_checkpoint(site, DAY)
    made = []

    def records(number):
        for _ in range(40):
            log.record(audit_log_of(site), DAY, f"Sam {number}", "sign_in")

    with ThreadPoolExecutor(4) as pool:
        busy = [pool.submit(records, number) for number in range(4)]
        while not all(one.done() for one in busy) or not made:
            made.append(checkpoints.make_checkpoint(site, DAY))
    lines = log.entries(audit_log_of(site))
    assert checkpoints.verify(audit_log_of(site), made[0].public_key) == ()
    for one in made:
        assert lines[one.lines - 1].hash == one.head
    assert len(lines) == 161 + len(made)


def test_file_that_was_replaced_whole_is_found_by_each_anchor_alone(tmp_path, whole):
    _, made = whole
    forged, forger = filled(tmp_path / "forged")
    path = audit_log_of(forged)
    assert checkpoints.verify(path, forger.public_key, forger.head) == ()
    assert [fault.words for fault in checkpoints.verify(path, forger.public_key, made.head)] == [
        log.HEAD_GONE
    ]
    assert checkpoints.verify(path, made.public_key)[0] == log.Fault(4, checkpoints.NOT_SIGNED)


def test_chain_written_anew_without_the_key_is_found_even_without_a_head(tmp_path, whole):
    """Somebody changes the first line and computes every hash after it again, checkpoints too."""
    content, made = whole
    path = tmp_path / "audit.jsonl"
    for entry in _entries(tmp_path / "original", content):
        who = "Somebody else" if entry.line == 1 else entry.who
        log.record(path, DAY, who, entry.what, entry.about)
    assert log.check(path) == ()
    assert checkpoints.verify(path, made.public_key)[0] == log.Fault(4, checkpoints.NOT_AS_SIGNED)


def test_log_without_its_checkpoints_is_found_without_a_head(tmp_path, whole):
    content, made = whole
    path = tmp_path / "audit.jsonl"
    for entry in _entries(tmp_path / "original", content):
        if entry.what != checkpoints.WHAT:
            log.record(path, DAY, entry.who, entry.what, entry.about)
    assert checkpoints.verify(path, made.public_key) == (log.Fault(0, checkpoints.NO_CHECKPOINT),)


def _entries(path, content):
    path.write_bytes(content)
    return log.entries(path)


def test_key_is_made_on_first_use_for_its_owner_only(tmp_path):
    made = signing.public_half(signing.signing_key(tmp_path / "secrets"))
    path = tmp_path / "secrets" / signing.FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.public_half(signing.signing_key(tmp_path / "secrets")) == made
    path.chmod(0o604)
    with pytest.raises(signing.AuditKeyUnfit, match="chmod"):
        signing.signing_key(tmp_path / "secrets")


def test_key_that_cannot_be_made_says_what_to_do(tmp_path):
    (tmp_path / "secrets").write_text("a file where the folder would be")
    with pytest.raises(signing.AuditKeyUnfit, match="flask audit key"):
        signing.signing_key(tmp_path / "secrets")


def test_signature_is_that_of_rfc_8032(tmp_path):
    """Test 2 of RFC 8032, section 7.1."""
    (tmp_path / signing.FILE_NAME).write_text(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    )
    (tmp_path / signing.FILE_NAME).chmod(0o600)
    key = signing.signing_key(tmp_path)
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert (signing.public_half(key), signing.sign(key, b"\x72")) == (public, signature)
    assert signing.is_signed(public, b"\x72", signature)
    assert not signing.is_signed(public, b"\x73", signature)


def run(site, *words):
    return CliRunner().invoke(audit, words, obj=site)


def test_commands_check_show_and_name_the_first_broken_link(desk: Site):
    path = audit_log_of(desk)
    log.record(path, DAY, "Sam Okafor", "sign_in")
    log.record(path, DAY, "Sam Okafor", "results_viewed", {"page": "/results/"})
    signed = run(desk, "checkpoint").output
    head, key = (signed.split(f"{name} ")[1].split()[0] for name in ("head", "public key"))
    whole = run(desk, "verify", "--head", head, "--public-key", key)
    assert (whole.exit_code, whole.output) == (
        0, f"No broken link in 3 lines, signed up to line 3, on 2026-11-27.\nhead {head}\n",
    )  # fmt: skip
    assert run(desk, "show", "--last", "2").output == (
        "     2  2026-11-20  Sam Okafor: results viewed (page /results/)\n"
        "     3  2026-11-27  nightly: checkpoint (lines 2)\n"
    )
    path.write_bytes(path.read_bytes().replace(b"results_viewed", b"results_missed"))
    broken = run(desk, "verify", "--head", head, "--public-key", key)
    assert broken.exit_code == 1
    assert broken.output.startswith(
        "Line 2 is the first broken link: changed after it was written.\n"
        "The words of this line are not the words that were written."
    )


def test_cut_log_needs_the_head_and_verify_says_so(desk: Site):
    path = audit_log_of(desk)
    run(desk, "checkpoint")
    log.record(path, DAY, "Sam", "sign_in")
    head = log.head(path)
    path.write_bytes(lines_of(path.read_bytes())[0])
    assert "Without --head" in run(desk, "verify").output
    cut = run(desk, "verify", "--head", head)
    assert cut.exit_code == 1
    assert "The end of the log was cut off" in cut.output


def test_head_is_mailed_to_two_people_by_a_real_server(desk: Site):
    from mail_server import MailServer

    from surveys.mail.addresses import Notify
    from surveys.mail.sending import MailSettings, Security

    two = ("dpo@example.gov.uk", "it@example.gov.uk")
    with MailServer() as server:
        mail = MailSettings(
            host="127.0.0.1", port=server.port, sender="heard@example.gov.uk",
            security=Security.NONE,
        )  # fmt: skip
        site = replace(desk, mail=mail, notify=Notify(audit=two))
        assert "Mailed to 2." in run(site, "checkpoint").output
        [sent] = server.post.parsed
    assert (sent["To"], sent["Subject"]) == (", ".join(two), "Heard: the audit log of today")
    words = sent.get_content()
    assert log.head(audit_log_of(site)) in words
    assert checkpoints.known_public_key(site) in words


def test_end_of_a_long_log_is_found_without_reading_all_of_it(tmp_path):
    path = tmp_path / "audit.jsonl"
    for number in range(3):
        log.record(path, DAY, "Sam", "export", {"table": "x" * 60_000, "number": str(number)})
    log.record(path, DAY, "Sam", "export", {"table": "x" * 200_000})
    log.record(path, DAY, "Sam", "sign_in")
    assert log.check(path) == ()


@pytest.mark.parametrize("about", [[], {"head": 1}, {"lines": {}}, None])
def test_line_that_no_program_of_ours_writes_is_a_fault_and_no_crash(tmp_path, about):
    """Somebody who knows how hashes are computed, and writes nonsense where words belong."""
    import hashlib

    entry = {
        "day": "2026-11-20", "who": "nightly", "what": checkpoints.WHAT, "about": about,
        "previous": log.FIRST,
    }  # fmt: skip
    canonical = {"sort_keys": True, "separators": (",", ":")}
    digest = hashlib.sha256(json.dumps(entry, **canonical).encode()).hexdigest()
    path = tmp_path / "audit.jsonl"
    path.write_text(json.dumps({**entry, "hash": digest}, **canonical) + "\n")
    assert checkpoints.verify(path, "11" * 32)[0] == log.Fault(1, log.NOT_AN_ENTRY)
