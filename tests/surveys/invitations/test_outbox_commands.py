"""The commands of the outbox, from a list of contacts to the last reminder."""

from datetime import timedelta

import pytest
from mailed_site import AT_ONCE, CHEAP, MailServer, Post, mailed_site, one_app  # noqa: F401
from sqlalchemy.exc import OperationalError

from surveys.audit.log import audit_log_of, entries
from surveys.invitations.codes import access_from_secret, secret_from_link
from surveys.invitations.outbox.queue import MailKind, MailState, move
from surveys.invitations.outbox.queueing import queue_reminders
from surveys.invitations.seed_files import make_seed_file
from surveys.vault.slots import read_draft


@pytest.fixture
def mailed(app, tmp_path):
    return mailed_site(app, tmp_path, links=3)


def links_in(post):
    found = [mail.get_body(("plain",)).get_content() for mail in post.parsed]
    return [text.split("/#")[1][:26] for text in found]


def test_from_the_list_to_the_last_reminder(mailed, tmp_path):
    wave = mailed.wave.id.hex()
    with MailServer(Post(refuse={"c@example.org"})) as server:
        mailed.mailing_to(server)
        listed = mailed.listed(
            ("1", "a@example.org"), ("2", "b@example.org"), ("3", "c@example.org")
        )
        assert mailed.flask("contacts", wave, listed).exit_code == 0
        dry = mailed.flask("send", wave, "--dry-run")
        assert "3 invitations to be queued" in dry.output and server.post.mails == []
        sent = mailed.flask("send", wave, *mailed.seed_options(), "--per-minute", 6000)
        assert sent.exit_code == 0 and "2 sent, 1 refused" in sent.output, sent.output
        mailed.flask("stop", "--wave", wave, "--reference", "2")
        first = mailed.flask("remind", wave, "--turn", "1")
        assert "1 reminders wait" in first.output and "1 people want no mail" in first.output
        assert "0 reminders wait" in mailed.flask("remind", wave, "--turn", "1").output
        assert mailed.flask("send", wave, *mailed.seed_options()).exit_code == 0
        mailed.flask("remind", wave, "--turn", "2")
        assert mailed.flask("send", wave, *mailed.seed_options()).exit_code == 0
        assert [one[0] for one, _ in server.post.mails[2:]] == ["a@example.org"] * 2
        said = [mail.get_body(("plain",)).get_content() for mail in server.post.parsed]
        assert [("last reminder" in text) for text in said] == [False, False, False, True]
        links = links_in(server.post)
    assert len(set(links)) == 2, "a reminder carries the link of the invitation"
    for link in links:
        access = access_from_secret(secret_from_link(link))
        assert read_draft(mailed.engine, mailed.site.storage_key, access), (
            "the link opens the survey"
        )
    every = [entry.what for entry in entries(audit_log_of(mailed.site))]
    assert {"contacts imported", "reminders queued"} <= set(every)
    told = [
        entry
        for entry in entries(audit_log_of(mailed.site))
        if entry.what == "invitations_mailed" and entry.about["wave"] == wave
    ]
    assert [entry.about["sent"] for entry in told] == ["fewer than 10"] * 3
    assert "example.org" not in audit_log_of(mailed.site).read_text()


def test_what_cannot_be_sent_ends_in_a_sentence(mailed, tmp_path):
    wave, options = mailed.wave.id.hex(), mailed.seed_options()
    mailed.imported(("1", "a@example.org"))
    assert "no mail server" in mailed.flask("send", wave, *options).output
    with MailServer() as server:
        mailed.mailing_to(server)
        assert "needs --seed-file" in mailed.flask("send", wave).output
        words = make_seed_file(tmp_path / "other.key", bytes(16), stretching=CHEAP)
        (tmp_path / "other").write_text(words)
        other = ["--seed-file", tmp_path / "other.key", "--passphrase-file", tmp_path / "other"]
        assert "another wave's" in mailed.flask("send", wave, *other).output
        mailed.now_is(mailed.site.now() + timedelta(days=30))
        done = mailed.flask("send", wave, *options)
        assert done.exit_code == 1 and "takes no answers now" in done.output
        assert mailed.flask("remind", wave, "--turn", "1").exit_code == 1
        assert server.post.mails == []


def test_what_is_left_for_the_next_run_is_said(mailed, monkeypatch):
    import surveys.invitations.outbox.sending_commands as commands

    mailed.imported(("1", "a@example.org"))
    with MailServer() as server:
        mailed.mailing_to(server)
    monkeypatch.setattr(commands, "Pace", lambda per_minute: AT_ONCE)
    done = mailed.flask("send", mailed.wave.id.hex(), *mailed.seed_options())
    assert done.exit_code == 1 and "1 wait for the next run" in done.output, done.output


def test_a_database_that_cannot_be_written_ends_the_run_without_a_trace(mailed, monkeypatch):
    from surveys.invitations.outbox import sending

    def full(*_, **__):
        raise OperationalError("UPDATE", {}, Exception("disk is full"))

    mailed.imported(("1", "a@example.org"))
    with MailServer() as server:
        mailed.mailing_to(server)
        monkeypatch.setattr(sending, "move", full)
        done = mailed.flask("send", mailed.wave.id.hex(), *mailed.seed_options())
        assert done.exit_code == 1 and "could not be written" in done.output, done.output
        assert server.post.mails == [] and mailed.states() == {"waiting": 1}


def test_samples_show_every_mail_and_carry_nobody(mailed, tmp_path):
    mailed.imported(("1", "a@example.org"))
    with MailServer() as server:
        mailed.mailing_to(server)
    done = mailed.flask("send", mailed.wave.id.hex(), "--preview", tmp_path / "samples")
    assert done.exit_code == 0, done.output
    found = sorted((tmp_path / "samples").iterdir())
    assert {"adult-invitation-en.eml", "adult-reminder-2-en.eml"} <= {one.name for one in found}
    for path in found:
        content = path.read_bytes()
        assert b"To: somebody@example.org" in content and b"a@example.org" not in content
    assert mailed.mails() == ()


def reminded(mailed, kind):
    return queue_reminders(mailed.engine, mailed.keys, mailed.wave.id, kind).new


def test_who_is_reminded_of_what(mailed):
    with MailServer() as server:
        mailed.mailing_to(server)
        mailed.imported(("1", "a@example.org"), ("2", "b@example.org"))
        assert reminded(mailed, MailKind.REMINDER_1) == 0, "nobody was invited yet"
        mailed.run()
        mailed.imported(("3", "c@example.org"))
        assert reminded(mailed, MailKind.REMINDER_1) == 2, "not who is invited only now"
        assert reminded(mailed, MailKind.REMINDER_1) == 0
        assert reminded(mailed, MailKind.REMINDER_2) == 2, "in the place of the first, which waits"
        assert reminded(mailed, MailKind.REMINDER_1) == 0, "the first does not follow the last"
        mailed.run()
        assert [one[0] for one, _ in server.post.mails].count("a@example.org") == 2


def test_who_cannot_be_reached_is_not_reminded(mailed):
    with MailServer() as server:
        mailed.mailing_to(server)
        mailed.imported(("1", "a@example.org"), ("2", "b@example.org"))
        mailed.run()
        assert reminded(mailed, MailKind.REMINDER_1) == 2
        mailed.run()
        first, _ = (mail for mail in mailed.mails() if mail.kind is MailKind.REMINDER_1)
        move(mailed.engine, first.id, MailState.FAILED, only_from=[MailState.SENT])
        assert reminded(mailed, MailKind.REMINDER_2) == 1
