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


class PlainFormatter(logging.Formatter):
    """Formats an exception as its type and file:line trail, without message or values."""

    def formatException(self, ei: ExceptionInfo) -> str:
        """The trail of an exception, and nothing that it carried."""
        kind, _, trail = ei
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trail)]
        return f"{kind.__name__ if kind else 'error'} at " + " > ".join(places)


def set_up_logs(level: int = logging.INFO) -> None:
    """One stream handler, day only (a finer time could be joined with who sat at a tablet)."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        PlainFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%d")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for quiet in ("alembic", "flask_wtf", "sqlalchemy.engine", "werkzeug"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
