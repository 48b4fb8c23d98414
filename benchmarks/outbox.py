"""The outbox with 10,000 addresses, to a mail server on loopback; and what killing it costs.

The baseline, measured in the same run, is Python's smtplib alone: the same number of mails of the
same length over one connection, without a queue that outlives a crash. Kills are at random moments;
a mail counts as unsure when the line that ends it may have gone out and no answer was kept.
"""

import json
import logging
import smtplib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "surveys" / "invitations"))

import mailed_site as stand
from killing import Sender, killed_until_done
from rough_server import RoughPost

from app import create_app
from config.settings import create_site, read_settings
from surveys.database import open_engine
from surveys.invitations.outbox.delivery import Outcome
from surveys.invitations.outbox.queueing import queue_invitations
from surveys.migrations.running import upgrade

ADDRESSES, KILLED, KILLS = 10_000, 1_000, 60
LONGEST = 0.4  # seconds that a run has before it is killed
AT_THE_SERVER = 0.002  # seconds that the server takes for a mail, while it is killed


def main() -> None:
    """Print seconds of each step, the ratio to the baseline, and what became of killed runs."""
    logging.disable(logging.INFO)  # the server tells every line
    found: dict[str, object] = {"counts": f"mails to {ADDRESSES} addresses; seconds, once"}
    for name, part in {"killed": _killed, "many": _many}.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = part(Path(folder))
        print(f"{name}: {found[name]}", file=sys.stderr)
    print(json.dumps(found))


def _many(folder: Path) -> dict[str, object]:
    mailed = _site(folder, ADDRESSES)
    rows = [(str(n), f"person{n}@example.org") for n in range(ADDRESSES)]
    importing = _seconds(lambda: mailed.imported(*rows))
    queueing = _seconds(lambda: queue_invitations(mailed.engine, mailed.keys, mailed.wave.id))
    with stand.MailServer() as server:
        mailed.mailing_to(server)
        began = time.perf_counter()
        tally = mailed.run()
        sending = time.perf_counter() - began
        sample = server.post.mails[0][1]
    assert tally.outcomes[Outcome.SENT] == ADDRESSES
    baseline = _baseline(sample)
    return {
        "mail_bytes": len(sample),
        "importing": round(importing, 2),
        "queueing": round(queueing, 2),
        "sending": round(sending, 1),
        "mails_a_second": round(ADDRESSES / sending),
        "baseline": round(baseline, 1),
        "ratio": round(sending / baseline, 2),
    }


def _killed(folder: Path) -> dict[str, object]:
    """Both ways of settling what is unsure, at two servers: see ``keeps_first`` of RoughPost."""
    found: dict[str, object] = {"mails": KILLED, "kills": KILLS, "at_the_server": AT_THE_SERVER}
    for keeps_first in (True, False):
        for unsure in ("again", "leave"):
            name = f"{unsure}, {'taken' if keeps_first else 'not taken'} while it waits"
            mailed = _site(folder / name, KILLED)
            mailed.imported(*((str(n), f"p{n}@example.org") for n in range(KILLED)))
            sender, post = Sender(folder / name / "site"), RoughPost(AT_THE_SERVER, keeps_first)
            with stand.MailServer(post) as server:
                arrived, left = killed_until_done(sender, mailed, server, KILLS, LONGEST, unsure)
            sender.close()
            twice = sum(arrived.values()) - len(arrived)
            found[name] = {"unsure": left, "twice": twice, "never": KILLED - len(arrived)}
    return found


def _site(folder: Path, links: int) -> stand.MailedSite:
    create_site(folder / "site", "Benchmark Council", demo=True, https=False)
    settings = read_settings(folder / "site")
    engine = open_engine(settings.database_url)
    upgrade(engine)
    engine.dispose()  # create_app reads every file, by which this process would lose its locks
    return stand.mailed_site(create_app(settings), folder, links=links)


def _baseline(content: bytes) -> float:
    with stand.MailServer() as server, smtplib.SMTP("127.0.0.1", server.port) as plain:
        began = time.perf_counter()
        for n in range(ADDRESSES):
            plain.sendmail("heard@example.gov.uk", f"person{n}@example.org", content)
        return time.perf_counter() - began


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
