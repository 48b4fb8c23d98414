"""One run of the outbox: every mail that waits, one after the other, at a pace, and later again.

In: mails that wait, what writes them, a server. Out: a Tally, and each mail's state on disk at
every moment. A run may be killed anywhere: what was being sent then is found by the next one.
"""

from __future__ import annotations

import fcntl
import smtplib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from surveys.invitations.outbox.delivery import (
    PATIENCE_AT_THE_END,
    Outcome,
    ServerRefuses,
    deliver,
)
from surveys.invitations.outbox.mails import MadeMail
from surveys.invitations.outbox.queue import MailState, QueuedMail, move, note_later
from surveys.mail.sending import MailSettings, ready_server

LOCK_NAME = "outbox.lock"
USUAL_PER_MINUTE = 120
_BROKEN_IN_A_ROW = 5
_REFUSED_IN_A_ROW = 20
_MINUTE = 60.0


class AlreadySending(Exception):
    """Another process sends at this moment."""


class CannotSend(Exception):
    """The server takes nothing. What waits still waits; the message says what the server said."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, and after how many seconds what was put off is tried again within one run."""

    per_minute: int = USUAL_PER_MINUTE
    waits: tuple[float, ...] = (60.0, 300.0, 900.0)
    patience: float = PATIENCE_AT_THE_END
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Tally:
    """How many mails ended how. ``waiting`` is what is left for the next run."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    waiting: int = 0


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the one process of this site that sends. Raises AlreadySending.

    The system lets go of it when the process ends, however it ends.
    """
    with (home / LOCK_NAME).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadySending from None
        yield


@dataclass
class Run:
    """Sends mails. ``write`` makes one, or None when it is wanted no more.

    Without ``unsure_again`` a mail that may have arrived counts as sent.
    """

    engine: Engine
    settings: MailSettings
    write: Callable[[QueuedMail], MadeMail | None]
    pace: Pace = field(default_factory=Pace)
    unsure_again: bool = True
    tally: Tally = field(default_factory=Tally)
    _server: smtplib.SMTP | None = None
    _next_at: float = 0.0
    _broken: int = 0
    _refused: int = 0

    def send(
        self,
        mails: Sequence[QueuedMail],
        progress: Callable[[Iterable[QueuedMail]], Iterable[QueuedMail]] = iter,
    ) -> Tally:
        """Send what waits, and what was put off once more after each wait. Raises CannotSend."""
        left = list(mails)
        try:
            for wait in (0.0, *self.pace.waits):
                if wait:
                    self._hang_up()
                    self.pace.sleep(wait)
                left = self._go_through(left, progress)
                if not left:
                    break
        finally:
            self._hang_up()
        self.tally.waiting = len(left)
        return self.tally

    def _go_through(
        self,
        mails: list[QueuedMail],
        progress: Callable[[Iterable[QueuedMail]], Iterable[QueuedMail]],
    ) -> list[QueuedMail]:
        """One pass. Returns what has to wait; all the rest when the server is away."""
        left: list[QueuedMail] = []
        self._broken = 0
        for place, mail in enumerate(progress(mails)):
            if self._broken >= _BROKEN_IN_A_ROW:
                return [*left, *mails[place:]]
            if self._send_one(mail):
                left.append(mail)
        return left

    def _send_one(self, mail: QueuedMail) -> bool:
        """Try one mail. Whether it has to be tried again."""
        made = self.write(mail)
        if made is None:
            return False
        self._keep_pace()
        outcome = self._try(mail, made)
        self.tally.outcomes[outcome] += 1
        return self._note(mail, outcome)

    def _try(self, mail: QueuedMail, made: MadeMail) -> Outcome:
        server = self._reach()
        if server is None:
            return Outcome.BROKEN

        def before_the_end() -> bool:
            fresh = (MailState.WAITING, MailState.SENDING)  # sending: unsure earlier in this run
            return move(self.engine, mail.id, MailState.SENDING, only_from=fresh)

        try:
            return deliver(server, made, before_the_end, patience=self.pace.patience)
        except ServerRefuses as error:
            raise CannotSend(f"{error}.") from None

    def _note(self, mail: QueuedMail, outcome: Outcome) -> bool:
        """Write down what became of a mail. Whether it has to be tried again."""
        self._broken = self._broken + 1 if outcome in (Outcome.BROKEN, Outcome.UNSURE) else 0
        self._refused = self._refused + 1 if outcome is Outcome.REFUSED else 0
        if outcome is Outcome.SENT or (outcome is Outcome.UNSURE and not self.unsure_again):
            move(self.engine, mail.id, MailState.SENT, only_from=[MailState.SENDING])
            return False
        if outcome is Outcome.LATER:
            return note_later(self.engine, mail) is MailState.WAITING
        if outcome is Outcome.BROKEN:
            move(self.engine, mail.id, MailState.WAITING, only_from=[MailState.SENDING])
        if outcome is Outcome.REFUSED:
            open_states = (MailState.WAITING, MailState.SENDING)
            move(self.engine, mail.id, MailState.REFUSED, only_from=open_states)
            if self._refused >= _REFUSED_IN_A_ROW:
                raise CannotSend(f"the mail server refused {self._refused} mails in a row.")
        return outcome in (Outcome.BROKEN, Outcome.UNSURE)

    def _reach(self) -> smtplib.SMTP | None:
        """The server, reached anew when it is not there; None when it is away."""
        if self._server is not None and self._server.sock is not None:
            return self._server
        try:
            self._server = ready_server(self.settings)
        except smtplib.SMTPAuthenticationError:
            raise CannotSend("the mail server does not know the site's user.") from None
        except smtplib.SMTPNotSupportedError:
            raise CannotSend("the mail server cannot do what site.toml demands.") from None
        except (OSError, smtplib.SMTPException):
            return None
        return self._server

    def _hang_up(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server.close()
            self._server = None

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            self.pace.sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + _MINUTE / self.pace.per_minute
