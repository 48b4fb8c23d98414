"""gunicorn's settings: two workers, no access log, nothing written about who asked for what."""

import os

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
