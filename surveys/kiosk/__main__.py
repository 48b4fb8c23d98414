"""``python -m surveys.kiosk``: fetch and build the assets, without a site. See assets.py."""

from __future__ import annotations

import sys

from surveys.kiosk.assets import ROOT, NotBuilt, build_assets

if __name__ == "__main__":
    try:
        made = build_assets()
    except NotBuilt as error:
        sys.exit(str(error))
    for path in made:
        print(f"{path.stat().st_size:>8} bytes  {path.relative_to(ROOT)}")
