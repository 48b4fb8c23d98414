"""Which inspection a command is about: the one with this id, or the one with the latest Day 1.

In: what was typed. Out: an Inspection, or an error in words.
"""

from __future__ import annotations

import click

from surveys.inspections.record import Inspection, inspection_by_id, inspections
from surveys.site import Site

inspection_option = click.option(
    "--inspection", "inspection_id", help="Its id; left out, the one with the latest Day 1."
)


def chosen_inspection(site: Site, inspection_id: str | None) -> Inspection:
    """The inspection that is meant. Raises click's exception when there is none."""
    if inspection_id is None:
        found = next(iter(inspections(site.engine)), None)
    else:
        found = inspection_by_id(site.engine, _bytes(inspection_id))
    if found is None:
        raise click.ClickException("There is no such inspection. Open one first.")
    return found


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise click.ClickException("An inspection's id has 32 characters, 0-9 and a-f.") from None
