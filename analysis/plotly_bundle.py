"""The chart library as it lies in the plotly package. In: nothing. Out: its bytes, to be served.

Nothing is copied into the tree and nothing is fetched from elsewhere.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import plotly

VERSION: str = plotly.__version__

# The bundle adds a style sheet for maps unless an element with this id stands on the page; an
# inline sheet would break the content security policy. A test finds the id in the bundle.
MAP_SHEET_ID = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53"


def bundle_path() -> Path:
    """Where the package keeps its browser build."""
    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


@lru_cache(maxsize=1)
def bundle() -> bytes:
    """The browser build: 4.8 million bytes, read once."""
    return bundle_path().read_bytes()


@lru_cache(maxsize=1)
def bundle_gzipped() -> bytes:
    """The same at under a third of the size, for browsers that say they can unpack it."""
    return gzip.compress(bundle(), compresslevel=6, mtime=0)
