"""Kill whoever sends, at moments drawn anew each time, until everybody has been mailed."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from mailed_site import ADDRESS, SENDER

ROOT = Path(__file__).parents[3]


class Sender:
    """The process that forks those who send, one after the other."""

    def __init__(self, home):
        program = Path(__file__).with_name("outbox_sender.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), str(home)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout.readline().startswith("ready")

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def send(self, task, seconds=None):
        """One child sends, and is killed after so many seconds; how many mails were unsure."""
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        unsure = 0
        for line in iter(self._process.stdout.readline, ""):
            words = line.split()
            if words[0] == "pid":
                unsure = int(words[3])
                if seconds is not None:
                    time.sleep(seconds)
                    os.kill(int(words[1]), signal.SIGKILL)
            if words[0] == "gone":
                return unsure
        raise AssertionError("the sender ended")


def killed_until_done(sender, mailed, server, kills, longest, unsure="again"):
    """Kill so many times, then let it end. What arrived how often, and how many were unsure."""
    task = {
        "wave": mailed.wave.id.hex(),
        "port": server.port,
        "sender": SENDER,
        "address": ADDRESS,
        "seed": str(mailed.folder / "seed.key"),
        "words": (mailed.folder / "words").read_text(),
        "unsure": unsure,
    }
    moments = [secrets.randbelow(1000) / 1000 * longest for _ in range(kills)]
    found = [sender.send(task, moment) for moment in (*moments, None)]
    return Counter(server.post.marks), sum(found)
