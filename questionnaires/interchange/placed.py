"""What a version file will say, with the rows of the workbook that it comes from.

In: values and rows. Out: plain values that can be written as YAML, and for each its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from questionnaires.interchange.tables import Row
from questionnaires.yaml_source import Route


class Placed(dict[str, object]):
    """Names and values that one row says."""

    def __init__(self, row: Row, values: Mapping[str, object]) -> None:
        """Values that are empty are left out: nothing is said by them."""
        said = {k: v for k, v in values.items() if v is not False and v not in _EMPTY}
        super().__init__(said)
        self.row = row


_EMPTY: tuple[object, ...] = (None, "", (), [], {})


def rows_by_route(
    value: object, row: Row | None = None, route: Route = ()
) -> Iterator[tuple[Route, Row]]:
    """Where each value below this one comes from: the row of the nearest thing that has one."""
    row = value.row if isinstance(value, Placed) else row
    if row is not None:
        yield route, row
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from rows_by_route(item, row, (*route, key))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from rows_by_route(item, row, (*route, place))
