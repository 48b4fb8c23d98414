"""What comes back is read by the standard's fields alone; strangers and nonsense change nothing."""

import mailbox
import secrets
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mailed_site import MailServer, mailed_site, one_app  # noqa: F401

from surveys.invitations.outbox.bounces import Fate, Finding, finding_of, findings_in
from surveys.invitations.outbox.keys import address_hash, mark_of, stop_token
from surveys.invitations.outbox.opt_outs import is_out

MARK = "0123456789abcdef" * 2


def report(action="failed", status="5.1.1", *, envelope="", message="", kind="text/rfc822-headers"):
    """A delivery report as RFC 3464 shows it."""
    returned = f"From: heard@example.gov.uk\r\n{message}Subject: A few questions for you\r\n\r\n"
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: heard@example.gov.uk\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered: stop failed\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; relay.example\r\n{envelope}\r\n"
        f"Final-Recipient: rfc822; person@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{returned}\r\n--b--\r\n"
    ).encode()


def found(raw):
    return finding_of(message_from_bytes(raw))


BY_MESSAGE = f"Message-ID: <{MARK}@example.gov.uk>\r\n"
BY_ENVELOPE = f"Original-Envelope-Id: {MARK}\r\n"


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (report(message=BY_MESSAGE), Finding(Fate.FAILED, frozenset([MARK]), "5.1.1")),
        (report(message=BY_MESSAGE, kind="message/rfc822"), Finding(Fate.FAILED, frozenset([MARK]), "5.1.1")),
        (report(envelope=BY_ENVELOPE), Finding(Fate.FAILED, frozenset([MARK]), "5.1.1")),
        (report(envelope=BY_ENVELOPE, message=BY_MESSAGE), Finding(Fate.FAILED, frozenset([MARK]), "5.1.1")),
        (report("Failed", "4.4.7 (expired)", envelope=BY_ENVELOPE), Finding(Fate.FAILED, frozenset([MARK]), "4.4.7")),
        (report("delayed", "4.4.1", envelope=BY_ENVELOPE), Finding(Fate.DELAYED, frozenset([MARK]), "4.4.1")),
        (report("relayed", "2.0.0", envelope=BY_ENVELOPE), Finding(Fate.ARRIVED, frozenset([MARK]), "2.0.0")),
        (report("sung", "nonsense", envelope=BY_ENVELOPE), Finding(Fate.OTHER)),
        (report(), Finding(Fate.FAILED, frozenset(), "5.1.1")),
        (b"Subject: I am away until Monday\r\n\r\nHello.\r\n", Finding(Fate.OTHER)),
        (b"", Finding(Fate.OTHER)),
        (b"Subject: Re: stop it please\r\n\r\n", Finding(Fate.OTHER)),
        (b"Subject: =?utf-8?q?stop_" + b"A" * 54 + b"?=\r\n\r\n", Finding(Fate.STOP, token="A" * 54)),
        (b"Subject: stop " + b"B" * 54 + b"\r\n\r\n", Finding(Fate.STOP, token="B" * 54)),
        (b"Subject: stop " + b"B" * 55 + b"\r\n\r\n", Finding(Fate.OTHER)),
    ],
)  # fmt: skip
def test_every_kind_of_report_is_read(raw, finding):
    assert found(raw) == finding


@settings(deadline=None, max_examples=50)
@given(noise=st.binary(max_size=300))
def test_no_mail_stops_the_reading(noise, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mails")
    (folder / "a").write_bytes(noise)
    (folder / "b").write_bytes(
        report(envelope=BY_ENVELOPE).replace(b"--b\r\n", b"--b\r\n" + noise, 1)
    )
    (folder / "c").write_bytes(report(envelope=BY_ENVELOPE))
    assert Finding(Fate.FAILED, frozenset([MARK]), "5.1.1") in list(findings_in(folder))


def test_a_file_a_folder_an_mbox_and_a_maildir_hold_the_same(tmp_path):
    raw = [report(envelope=BY_ENVELOPE), report("delayed", envelope=BY_ENVELOPE)]
    (tmp_path / "folder").mkdir()
    box, maildir = mailbox.mbox(tmp_path / "box"), mailbox.Maildir(tmp_path / "maildir")
    for number, one in enumerate(raw):
        (tmp_path / "folder" / f"{number}.eml").write_bytes(one)
        box.add(one)
        maildir.add(one)
    box.close()
    maildir.close()
    fates = [Fate.FAILED, Fate.DELAYED]
    assert [one.fate for one in findings_in(tmp_path / "folder")] == fates
    assert [one.fate for one in findings_in(tmp_path / "box")] == fates
    assert sorted(one.fate for one in findings_in(tmp_path / "maildir")) == sorted(fates)
    assert [one.fate for one in findings_in(tmp_path / "folder" / "0.eml")] == fates[:1]


@pytest.fixture
def mailed(app, tmp_path):
    """Two people who were mailed, by a server that knows RFC 3461."""
    made = mailed_site(app, tmp_path, links=2)
    made.imported(("Ref-1", "one@example.org"), ("Ref-2", "two@example.org"))
    with MailServer() as server:
        made.mailing_to(server).run()
        made.arrived = {mail["To"]: mail for mail in server.post.parsed}
    return made


def mark_to(mailed, address):
    return mailed.arrived[address]["Message-ID"].strip("<>").partition("@")[0]


def test_a_report_marks_the_mail_that_came_back_and_names_whom_to_mend(mailed, tmp_path):
    (tmp_path / "back").mkdir()
    returned = f"Message-ID: <{mark_to(mailed, 'two@example.org')}@example.gov.uk>\r\n"
    (tmp_path / "back" / "1").write_bytes(report(message=returned))
    done = mailed.flask("bounces", tmp_path / "back", "--report", tmp_path / "mend.csv")
    assert done.exit_code == 0 and "1 mails noted as failed" in done.output, done.output
    assert (tmp_path / "mend.csv").read_text("utf-8-sig").splitlines()[1:] == [
        "staff,Ref-2,invitation,failed"
    ]
    assert (tmp_path / "mend.csv").stat().st_mode & 0o077 == 0
    assert "Ref-2" not in done.output and "two@" not in done.output
    assert mailed.states() == {"sent": 1, "failed": 1}
    again = mailed.flask("bounces", tmp_path / "back")
    assert "0 mails noted as failed" in again.output and mailed.states() == {"sent": 1, "failed": 1}
    assert "1 reminders" in mailed.flask("remind", mailed.wave.id.hex(), "--turn", "1").output


def test_a_forged_report_that_knows_the_address_alone_changes_nothing(mailed, tmp_path):
    forged = f"Message-ID: <{secrets.token_hex(16)}@example.gov.uk>\r\n"
    (tmp_path / "back").write_bytes(report(message=forged).replace(b"person@", b"two@"))
    done = mailed.flask("bounces", tmp_path / "back")
    assert "1 name no mail of this site" in done.output
    assert mailed.states() == {"sent": 2}


def test_a_mail_that_says_stop_stops(mailed, tmp_path):
    (invitation_id,) = [
        mail.invitation_id
        for mail in mailed.mails()
        if mark_of(mailed.keys, mail.id) == mark_to(mailed, "two@example.org")
    ]
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"] = "two@example.org", "heard@example.gov.uk"
    message["Subject"] = f"stop {stop_token(mailed.keys, 'two@example.org', invitation_id)}"
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    (tmp_path / "b.eml").write_bytes(b"Subject: stop " + b"A" * 54 + b"\r\n\r\n")
    done = mailed.flask("bounces", tmp_path / "a.eml", tmp_path / "b.eml")
    assert "1 people stopped; 1 name no mail" in done.output, done.output
    assert is_out(mailed.engine, address_hash(mailed.keys, "two@example.org"))
    assert not is_out(mailed.engine, address_hash(mailed.keys, "one@example.org"))
