"""``python -m surveys.speaking.gathering``: bring every catalogue up to the list of all texts.

In: ``translations/messages.pot`` as just extracted. Out: the catalogues with new texts empty and
old ones set aside, each still saying in X-Status what it is. Babel alone would drop that line.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from surveys.speaking.catalogues import TEMPLATE, WRITTEN, header_of

TRANSLATIONS = Path(__file__).parents[2] / "translations"
DRAFT = '"X-Status: draft, not yet checked by a speaker\\n"'
_BEFORE = '"Content-Type:'


def gather(folder: Path) -> list[str]:
    """Bring every catalogue in the folder up to its list of texts. Returns their languages."""
    with (folder / TEMPLATE).open("rb") as file:
        template = read_po(file)
    found = sorted(folder.glob(WRITTEN))
    for path in found:
        _replace(path, _updated(path, template))
    return [path.parts[-3] for path in found]


def _updated(path: Path, template: Catalog) -> str:
    written = path.read_text(encoding="utf-8")
    catalogue = read_po(io.StringIO(written), locale=path.parts[-3], abort_invalid=True)
    catalogue.update(template, no_fuzzy_matching=True)
    anew = io.BytesIO()
    write_po(anew, catalogue, width=0)
    return with_status(anew.getvalue().decode("utf-8"), _status_of(written))


def with_status(written: str, status: str = DRAFT) -> str:
    """The catalogue with the line that says what it is, which it may have already."""
    return (
        written if _status_lines(written) else written.replace(_BEFORE, f"{status}\n{_BEFORE}", 1)
    )


def _status_of(written: str) -> str:
    return next(iter(_status_lines(written)), DRAFT)


def _status_lines(written: str) -> list[str]:
    return [line for line in header_of(written) if line.startswith('"X-Status:')]


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    sys.stdout.write(" ".join(gather(TRANSLATIONS)) + "\n")
