"""A process to be killed: for every line it is told it forks a child that sends until it is gone.

Lines in: a task as JSON. Lines out: "ready N" once; "pid N unsure M" when a child begins to send,
with how many mails an earlier one left unsure; "gone STATUS" at the end of each.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from app import create_app
from config.settings import read_settings
from surveys.database import open_engine
from surveys.invitations.outbox.keys import outbox_keys
from surveys.invitations.outbox.mails import writer_for
from surveys.invitations.outbox.posting import Posting
from surveys.invitations.outbox.queue import MailState, settle_unsure
from surveys.invitations.outbox.queueing import queue_invitations, waiting_of
from surveys.invitations.outbox.sending import Pace, Run, alone
from surveys.invitations.seed_files import read_seed_file
from surveys.mail.sending import MailSettings, Security
from surveys.vault.waves import find_wave


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def send(app, found, task):
    """What `invitations send` does, from the lock to the last mail."""
    mail = MailSettings("127.0.0.1", task["sender"], task["port"], Security.NONE)
    now = found.now().replace(year=2026, month=11, day=20)
    engine = open_engine(str(found.engine.url))
    site = replace(found, engine=engine, mail=mail, address=task["address"], now=lambda: now)
    seed = read_seed_file(Path(task["seed"]), task["words"])
    wave, keys = find_wave(site.engine, bytes.fromhex(task["wave"])), outbox_keys(site.storage_key)
    with alone(site.summaries.parent), app.test_request_context():
        app.extensions["heard"] = site
        posting = Posting.of(site, wave, writer_for(site, wave, keys), seed)
        again = MailState.WAITING if task["unsure"] == "again" else MailState.SENT
        unsure = settle_unsure(site.engine, wave.id, again)
        queue_invitations(site.engine, keys, wave.id)
        run = Run(site.engine, site.mail, posting.write, Pace(10_000_000, (), 5.0))
        waiting = waiting_of(site.engine, wave.id)
        say("pid", os.getpid(), "unsure", unsure)
        run.send(waiting)


def main():
    app = create_app(read_settings(Path(sys.argv[1])))
    found = app.extensions["heard"]
    found.engine.dispose()
    say("ready", os.getpid())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                send(app, found, json.loads(line))
            finally:
                os._exit(0)
        say("child", child)
        say("gone", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
