"""gunicorn's settings: two workers, no access log, nothing written about who asked for what."""

import os
import sys
from ipaddress import ip_address

from gunicorn.config import Config
from gunicorn.glogging import Logger

from config.logs import BareFormatter


class BareLogger(Logger):
    """gunicorn's log of errors, without the URL, address or words that an error carries."""

    def setup(self, cfg: Config) -> None:
        """Set it up as gunicorn does, but for the format."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(BareFormatter())


def warning_of(place: str) -> str:
    """What to know when Heard listens beyond this machine; "" when it does not.

    A proxy on this machine is believed when it says whom it speaks for; nobody else is, since
    anybody could say so (surveys/answering/tries.py).
    """
    host = (place.rpartition(":")[0] or place).strip("[]")
    try:
        stays_here = ip_address(host).is_loopback
    except ValueError:
        stays_here = host == "localhost" or place.startswith(("unix:", "fd://"))
    if stays_here:
        return ""
    return (
        f"Heard listens beyond this machine ({place}). Behind a proxy on another machine all "
        "visitors count as one: whoever guesses codes makes everybody wait, and after ten messages "
        'of "I need to talk" in an hour all others are turned away. Put a proxy on this machine '
        "(docs/installing.md, step 4)."
    )


def on_starting(_server: object) -> None:
    """Warn once, before there is any worker. gunicorn calls this by its name."""
    if words := warning_of(bind):
        print(words, file=sys.stderr)


bind = os.environ.get("HEARD_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("HEARD_WORKERS", "2"))
raw_env = [f"HEARD_WORKERS={workers}"]  # each worker lets through its share of wrong codes
worker_class = "gthread"
threads = 10  # at most five are at codes' door and three at passwords'; the rest serve pages
accesslog = None
errorlog = "-"
loglevel = "error"  # warnings name the address of a malformed request
logger_class = BareLogger
preload_app = False
umask = 0o077
limit_request_line = 2048
limit_request_fields = 64
keepalive = 5
