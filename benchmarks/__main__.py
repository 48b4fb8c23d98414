"""``python -m benchmarks``: run every benchmark and print one JSON document.

Each part says what it counts; where there is a baseline it is measured in the same run.
"""

import json
import os
import platform
import subprocess
import sys

PARTS = ("sealing", "start_up", "pages", "http_survey", "chain", "nightly", "outbox")


def main() -> None:
    """Run each part in a process of its own, so that memory and caches do not mix."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    found: dict[str, object] = {"machine": machine}
    for part in sys.argv[1:] or PARTS:
        print(f"{part} ...", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{part}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{part} failed:\n{done.stderr}")
        found[part] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
