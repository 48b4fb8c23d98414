"""How long until a worker can serve: a fresh process that makes the app and answers one page."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stand import build

PROGRAM = (
    "from app import create_app; c = create_app().test_client(); "
    "import sys; sys.exit(c.get('/').status_code != 200)"
)
TIMES = 5


def main() -> None:
    """Print the median seconds of several starts, beside a bare interpreter that imports Flask."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), "safeguarding_partners", 1)
        own, bare = _seconds(PROGRAM), _seconds("import flask")
    print(json.dumps({"counts": "seconds, median of 5", "start_up": own, "import_flask": bare}))


def _seconds(program: str) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return round(statistics.median(times), 2)


if __name__ == "__main__":
    main()
