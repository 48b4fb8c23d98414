"""kill -9 of whoever sends, at any moment: nobody is left out, and what comes twice is one mail."""

import pytest
from killing import Sender, killed_until_done
from mailed_site import MailServer, mailed_site, one_app  # noqa: F401
from rough_server import RoughPost

from surveys.invitations.outbox import delivery, sending
from surveys.invitations.outbox.queue import MailState, settle_unsure

PEOPLE, KILLS, LONGEST = 60, 5, 0.3


@pytest.fixture(scope="module")
def sender(app):
    made = Sender(app.extensions["heard"].summaries.parent)
    yield made
    made.close()


def mailed_to_many(app, tmp_path):
    mailed = mailed_site(app, tmp_path, links=PEOPLE)
    mailed.imported(*((str(n), f"p{n}@example.org") for n in range(PEOPLE)))
    return mailed


def test_nobody_is_left_out_and_at_most_one_mail_comes_twice_for_each_kill(app, tmp_path, sender):
    with MailServer(RoughPost(delay=0.002)) as server:
        mailed = mailed_to_many(app, tmp_path)
        arrived, unsure = killed_until_done(sender, mailed, server, KILLS, LONGEST)
        receivers = set(server.post.receivers)
    assert receivers == {f"p{n}@example.org" for n in range(PEOPLE)}
    assert len(arrived) == PEOPLE, "one Message-ID for each, however often it came"
    twice = sum(count - 1 for count in arrived.values())
    assert twice <= unsure <= KILLS
    assert mailed.states() == {"sent": PEOPLE}


def test_left_alone_nothing_comes_twice_and_at_most_one_is_missing_for_each_kill(
    app, tmp_path, sender
):
    with MailServer(RoughPost(delay=0.002)) as server:
        mailed = mailed_to_many(app, tmp_path)
        arrived, unsure = killed_until_done(sender, mailed, server, KILLS, LONGEST, unsure="leave")
    assert max(arrived.values()) == 1
    assert PEOPLE - len(arrived) <= unsure <= KILLS
    assert mailed.states() == {"sent": PEOPLE}


class Killed(BaseException):
    """As a kill would, this passes everything on the way out."""


def dies(*_, **__):
    raise Killed


@pytest.mark.parametrize(
    ("where", "arrived", "again", "left"),
    [
        ("before the last line", 0, 1, 0),  # the price of "leave": one that never comes
        ("after the last line", 1, 2, 1),  # the price of "again": one that comes twice
    ],
)
def test_the_two_errors_that_can_happen_each_within_one_mail(
    app, tmp_path, monkeypatch, where, arrived, again, left
):
    for choice, comes in ((MailState.WAITING, again), (MailState.SENT, left)):
        folder = tmp_path / choice
        folder.mkdir()
        mailed = mailed_site(app, folder, links=2)
        mailed.imported(("1", "p1@example.org"), ("2", "p2@example.org"))
        with MailServer(RoughPost()) as server:
            mailed.mailing_to(server)
            with monkeypatch.context() as patch:
                patch.setattr(*{
                    "before the last line": (delivery, "_end", dies),
                    "after the last line": (sending.Run, "_note", dies),
                }[where])  # fmt: skip
                with pytest.raises(Killed):
                    mailed.run()
            assert len(server.post.mails) == arrived
            assert mailed.states() == {"sending": 1, "waiting": 1}
            assert settle_unsure(mailed.engine, mailed.wave.id, choice) == 1
            mailed.run()
            assert len(server.post.mails) == comes + 1, "the other mail came once"
            assert len(set(server.post.marks)) == min(comes, 1) + 1
