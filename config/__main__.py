"""``python -m config FOLDER "Name of the authority"``: make a new site's folder and secrets."""

from __future__ import annotations

import argparse
from pathlib import Path

from config.settings import create_site


def main() -> None:
    """Make a site, or say why not."""
    parser = argparse.ArgumentParser(prog="python -m config", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("authority")
    parser.add_argument("--demo", action="store_true", help="invented people; plain http allowed")
    arguments = parser.parse_args()
    try:
        create_site(
            arguments.folder, arguments.authority, demo=arguments.demo, https=not arguments.demo
        )
    except FileExistsError as error:
        parser.exit(1, f"There is a site in {arguments.folder} already ({error.filename}).\n")


if __name__ == "__main__":
    main()
