"""Logging without personal data: what failed and where in the code, never for whom or with what.

A traceback's last line can quote an answer, a code or a SQL parameter, so only the exception's
type and the places in our own files are written.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

DAY = "%Y-%m-%d"
"""The finest time in a log: a finer one could be joined with who sat at a tablet."""

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


class PlainFormatter(logging.Formatter):
    """Formats an exception as its type and file:line trail, without message or values."""

    def __init__(self) -> None:
        super().__init__(LINE, DAY)

    def format(self, record: logging.LogRecord) -> str:
        """A line for a record, whatever another handler has made of its exception before."""
        return super().format(logging.makeLogRecord({**record.__dict__, "exc_text": None}))

    def formatException(self, ei: ExceptionInfo) -> str:
        """The trail of an exception, and nothing that it carried."""
        kind, _, trail = ei
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trail)]
        return f"{kind.__name__ if kind else 'error'} at " + " > ".join(places)


class BareFormatter(PlainFormatter):
    """For a server's log of its own: its fixed words and numbers, without what it was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """A line with the message as it stands in the server's code, "-" for every text in it."""
        words, values = record.msg, record.args
        if not isinstance(words, str):
            words, values = type(words).__name__, None
        given = values if isinstance(values, tuple) else ()
        numbers = tuple(value if isinstance(value, int) else "-" for value in given)
        return super().format(
            logging.makeLogRecord({**record.__dict__, "msg": words, "args": numbers})
        )


def set_up_logs(level: int = logging.INFO) -> None:
    """One stream handler for everything, day only."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for quiet in ("alembic", "flask_wtf", "sqlalchemy.engine", "werkzeug"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
