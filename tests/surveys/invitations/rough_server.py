"""Mail servers that behave as badly as real ones: later, stalls, and connections that break off."""

import asyncio
import re
import socket
import threading
import time
from contextlib import contextmanager, suppress

from mail_server import Post

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.M)


class RoughPost(Post):
    """Does to each receiver's mails what ``plans`` says, one after the other; then takes them.

    "450", "550": at RCPT. "stall": no answer to RCPT. "cut": closes at RCPT. "450 end", "550 end":
    after the last line. "cut end": takes the mail, and closes without saying so. "lost end": closes
    without having taken it. "421": closes politely. After the last line it waits ``delay`` seconds
    before it answers; ``keeps_first`` says whether it has taken the mail by then.
    """

    def __init__(self, delay=0.0, keeps_first=True, **plans):
        super().__init__()
        self.plans = {f"{name}@example.org": list(plan) for name, plan in plans.items()}
        self.delay, self.keeps_first, self.now = delay, keeps_first, ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        plan = self.plans.get(address, [])
        self.now = plan.pop(0) if plan else ""
        if self.now in ("450", "550"):
            return f"{self.now} not {'now' if self.now == '450' else 'here'}"
        if self.now == "421":
            server.transport.write(b"421 closing\r\n")
            server.transport.close()
            await asyncio.sleep(10)
        if self.now == "stall":
            await asyncio.sleep(10)
        if self.now == "cut":
            server.transport.abort()
            await asyncio.sleep(10)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.delay and not self.keeps_first:
            await asyncio.sleep(self.delay)  # whoever hangs up meanwhile is not served
        if self.now in ("450 end", "550 end"):
            return f"{self.now[:3]} looked into it"
        if self.now != "lost end":
            self.mails.append((envelope.rcpt_tos, envelope.content))
        if self.now in ("cut end", "lost end"):
            server.transport.abort()
            await asyncio.sleep(10)
        if self.delay and self.keeps_first:
            await asyncio.sleep(self.delay)
        return "250 kept"

    @property
    def receivers(self):
        return [receivers[0] for receivers, _ in self.mails]

    @property
    def marks(self):
        return [MESSAGE_ID.search(content)[1] for _, content in self.mails]


class CutsShort:
    """A server that reads the beginning of a mail's content and breaks off."""

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port, self.read = self._listening.getsockname()[1], []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection:
                    self._talk(connection)

    def _talk(self, connection):
        file = connection.makefile("rwb")
        connection.sendall(b"220 here\r\n")
        for line in file:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                self.read.append(connection.recv(64))
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return
            connection.sendall(b"250 OK\r\n")


@contextmanager
def within(seconds):
    """What is inside takes no longer than this."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


class KnowsReports(CutsShort):
    """A server that knows RFC 3461 and takes every mail; ``read`` is what it was told."""

    def _talk(self, connection):
        file = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        content = False
        for line in file:
            self.read.append(line.decode().strip())
            if content:
                content = line != b".\r\n"
                answer = b"" if content else b"250 kept\r\n"
            elif line.upper().startswith(b"EHLO"):
                answer = b"250-here\r\n250 DSN\r\n"
            else:
                content = line.upper().startswith(b"DATA")
                answer = b"354 go on\r\n" if content else b"250 OK\r\n"
            connection.sendall(answer)
