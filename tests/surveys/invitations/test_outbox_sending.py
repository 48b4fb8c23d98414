"""Mail goes to real servers that refuse, stall and break off: each once, none lost, all known."""

import time

import pytest
from mailed_site import AT_ONCE, MailServer, mailed_site, one_app  # noqa: F401
from rough_server import CutsShort, KnowsReports, RoughPost, within

from surveys.invitations.outbox.delivery import Outcome
from surveys.invitations.outbox.keys import address_hash, mark_of
from surveys.invitations.outbox.opt_outs import keep_out
from surveys.invitations.outbox.queue import MOST_TRIES, MailState, move, settle_unsure
from surveys.invitations.outbox.sending import AlreadySending, CannotSend, Pace, alone
from surveys.vault.waves import WaveStatus, set_status

PEOPLE = ("ann", "bea", "cas", "dee")


@pytest.fixture
def mailed(app, tmp_path):
    made = mailed_site(app, tmp_path)
    made.imported(*((name, f"{name}@example.org") for name in PEOPLE))
    return made


def everybody(post):
    return sorted(post.receivers) == [f"{name}@example.org" for name in PEOPLE]


def test_everybody_gets_one_mail_and_a_second_run_sends_nothing(mailed):
    with MailServer(RoughPost()) as server:
        tally = mailed.mailing_to(server).run()
        assert everybody(server.post) and tally.outcomes == {Outcome.SENT: 4}
        assert mailed.run().outcomes == {}
        assert everybody(server.post)
    assert mailed.states() == {"sent": 4}
    marks = {
        f"<{mark_of(mailed.keys, mail.id)}@example.gov.uk>".encode() for mail in mailed.mails()
    }
    assert set(server.post.marks) == marks


@pytest.mark.parametrize(
    ("plan", "outcomes", "state"),
    [
        (["450"], {"later": 1, "sent": 4}, {"sent": 4}),
        (["450", "450"], {"later": 2, "sent": 4}, {"sent": 4}),
        (["450"] * 3, {"later": 3, "sent": 3}, {"sent": 3, "waiting": 1}),
        (["550"], {"refused": 1, "sent": 3}, {"sent": 3, "refused": 1}),
        (["450 end"], {"later": 1, "sent": 4}, {"sent": 4}),
        (["550 end"], {"refused": 1, "sent": 3}, {"sent": 3, "refused": 1}),
        (["cut"], {"broken": 1, "sent": 4}, {"sent": 4}),
        (["421"], {"later": 1, "sent": 4}, {"sent": 4}),
        (["stall"], {"broken": 1, "sent": 4}, {"sent": 4}),
        (["lost end"], {"unsure": 1, "sent": 4}, {"sent": 4}),
    ],
)
def test_what_servers_do_to_one_mail_and_what_becomes_of_it(mailed, plan, outcomes, state):
    with MailServer(RoughPost(bea=plan)) as server, within(8):
        tally = mailed.mailing_to(server).run()
        assert {str(one): count for one, count in tally.outcomes.items()} == outcomes
        assert mailed.states() == state
        assert len(server.post.receivers) == len(set(server.post.receivers)) == state["sent"]
        assert tally.waiting == state.get("waiting", 0)


def test_a_connection_that_ends_after_the_last_line_sends_the_same_mail_again(mailed):
    with MailServer(RoughPost(bea=["cut end"])) as server:
        mailed.mailing_to(server).run()
        assert server.post.receivers.count("bea@example.org") == 2
        assert len(set(server.post.marks)) == 4, "both carry one Message-ID"
    assert mailed.states() == {"sent": 4}


def test_or_it_counts_as_sent_when_somebody_says_so(mailed):
    with MailServer(RoughPost(bea=["cut end"])) as server:
        mailed.mailing_to(server).run(unsure_again=False)
        assert everybody(server.post)
    assert mailed.states() == {"sent": 4}


def test_a_server_that_breaks_off_within_a_mail_has_not_got_it(mailed):
    with CutsShort() as rough:
        tally = mailed.mailing_to(rough).run()
        assert rough.read and set(tally.outcomes) <= {Outcome.BROKEN, Outcome.UNSURE}
        assert "sent" not in mailed.states() and tally.waiting == 4
    with MailServer(RoughPost()) as server:
        mailed.mailing_to(server)
        settle_unsure(mailed.engine, mailed.wave.id, MailState.WAITING)
        mailed.run()
        assert everybody(server.post)


def test_a_server_that_is_away_loses_nothing_and_is_left_alone(mailed):
    with MailServer(RoughPost()) as server:
        mailed.mailing_to(server)
    with within(5):
        tally = mailed.run()
    assert tally.waiting == 4 and mailed.states() == {"waiting": 4}
    assert tally.outcomes[Outcome.BROKEN] <= 15


def test_a_mail_that_is_always_put_off_is_given_up(mailed):
    with MailServer(RoughPost(bea=["450"] * 50)) as server:
        mailed.mailing_to(server)
        for _ in range(MOST_TRIES // 3 + 1):
            mailed.run()
        assert mailed.states() == {"sent": 3, "failed": 1}
        assert len(server.post.plans["bea@example.org"]) == 50 - MOST_TRIES


def test_a_server_that_refuses_the_sender_stops_the_run_and_no_address(mailed):
    class NoSender(RoughPost):
        async def handle_MAIL(self, server, session, envelope, address, options):
            return "550 not from here"

    with MailServer(NoSender()) as server, pytest.raises(CannotSend, match="sender"):
        mailed.mailing_to(server).run()
    assert mailed.states() == {"waiting": 4}


def test_a_server_that_refuses_everybody_stops_the_run(app, tmp_path):
    mailed = mailed_site(app, tmp_path, links=30)
    mailed.imported(*((str(n), f"p{n}@example.org") for n in range(30)))
    refused = {f"p{n}": ["550"] for n in range(30)}
    with MailServer(RoughPost(**refused)) as server:
        with pytest.raises(CannotSend, match="20 mails in a row"):
            mailed.mailing_to(server).run()
        assert mailed.states() == {"waiting": 10, "refused": 20}
        done = mailed.flask(
            "send", mailed.wave.id.hex(), *mailed.seed_options(),
            "--refused-again", "--per-minute", 6000,
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        assert mailed.states() == {"sent": 20, "refused": 10}


def test_who_stops_mail_during_a_run_gets_none_from_then_on(mailed):
    post = RoughPost()

    class StopsTheRest(Pace):
        pass

    with MailServer(post) as server:
        mailed.mailing_to(server)

        def sleep(_):
            for name in PEOPLE:
                keep_out(mailed.engine, address_hash(mailed.keys, f"{name}@example.org"), DAY, 1)

        DAY = mailed.site.now().date()
        mailed.run(Pace(per_minute=60, waits=(), sleep=sleep))
        assert len(post.receivers) <= 2
    assert mailed.states()["waiting"] >= 2


def test_a_wave_that_is_closed_during_a_run_sends_no_more(mailed):
    with MailServer(RoughPost()) as server:
        mailed.mailing_to(server)

        def close(_):
            if mailed.posting()._is_open():
                set_status(mailed.engine, mailed.wave.id, WaveStatus.CLOSED)

        mailed.run(Pace(per_minute=60, waits=(), sleep=close))
        assert len(server.post.receivers) <= 2


def test_a_mail_taken_back_before_its_last_line_is_not_ended(mailed, monkeypatch):
    """What happens when a mail is erased while the server listens: it gets no last line."""
    from surveys.invitations.outbox import sending

    monkeypatch.setattr(sending, "move", lambda *_, **__: False)
    with MailServer(RoughPost()) as server:
        tally = mailed.mailing_to(server).run()
        assert tally.outcomes == {Outcome.TAKEN_BACK: 4} and server.post.mails == []


def test_the_pace_is_kept(mailed):
    slept = []
    pace = Pace(per_minute=60, waits=(), sleep=slept.append)
    with MailServer(RoughPost()) as server:
        mailed.mailing_to(server).run(pace)
    assert len(slept) == 3 and 2.5 < max(slept) <= 3


def test_one_process_sends_at_a_time(mailed, tmp_path):
    home = mailed.site.summaries.parent
    with alone(home):
        with pytest.raises(AlreadySending), alone(home):
            pass
        done = mailed.flask("send", mailed.wave.id.hex(), *mailed.seed_options())
        assert done.exit_code == 1
    with alone(home):
        pass


def test_the_last_line_is_waited_for_longer_than_other_steps(mailed):
    """A server may look into a mail for minutes; giving up early makes mails arrive twice."""
    with MailServer(RoughPost(delay=0.7)) as server:
        mailed.mailing_to(server)  # a patience of half a second for other steps
        began = time.monotonic()
        tally = mailed.run(Pace(per_minute=6000000, waits=(), patience=5.0))
        assert time.monotonic() - began > 2.8 and tally.outcomes == {Outcome.SENT: 4}


def test_an_earlier_runs_unsure_mail_is_sent_again_or_left(mailed):
    with MailServer(RoughPost()) as server:
        mailed.mailing_to(server).run()
        first = mailed.mails()[0]
        for choice, more in (("leave", 0), ("again", 1)):
            move(mailed.engine, first.id, MailState.SENDING, only_from=[MailState.SENT])
            before = len(server.post.mails)
            done = mailed.flask(
                "send", mailed.wave.id.hex(), *mailed.seed_options(), "--unsure", choice
            )
            assert done.exit_code == 0 and "1 may have arrived" in done.output, done.output
            assert len(server.post.mails) - before == more
    assert mailed.states() == {"sent": 4}


def test_nothing_of_a_mail_is_on_the_disk_afterwards(mailed):
    with MailServer(RoughPost(bea=["cut end"])) as server:
        mailed.mailing_to(server).run(AT_ONCE)
        links = [
            part.get_content().split("/#")[1][:26]
            for mail in server.post.parsed
            for part in [mail.get_body(("plain",))]
        ]
    found = mailed.everything_on_disk()
    assert len(set(links)) == 4 and b"outbox_mail" in found
    for marker in [*links, *(f"{name}@example.org" for name in PEOPLE), "List-Unsubscribe"]:
        assert marker.encode() not in found


def test_a_server_that_knows_of_reports_is_told_the_mark_and_asked_for_failures_alone(mailed):
    with KnowsReports() as server:
        assert mailed.mailing_to(server).run().outcomes == {Outcome.SENT: 4}
    marks = {mark_of(mailed.keys, mail.id) for mail in mailed.mails()}
    senders = [line for line in server.read if line.startswith("mail FROM")]
    assert {line.partition("ENVID=")[2] for line in senders} == marks
    assert all("RET=HDRS" in line for line in senders)
    receivers = [line for line in server.read if line.startswith("rcpt TO")]
    assert len(receivers) == 4 and all(line.endswith(" NOTIFY=FAILURE") for line in receivers)
