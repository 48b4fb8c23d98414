"""gunicorn's settings: two workers, no access log, nothing written about who asked for what."""

import os

bind = os.environ.get("HEARD_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("HEARD_WORKERS", "2"))
worker_class = "gthread"
threads = 8  # at most five of them wait for codes to be stretched; the rest serve pages
accesslog = None
errorlog = "-"
loglevel = "error"  # warnings name the address of a malformed request
preload_app = False
umask = 0o077
limit_request_line = 2048
limit_request_fields = 64
keepalive = 5
