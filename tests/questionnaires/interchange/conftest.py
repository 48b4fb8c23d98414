"""Workbooks made by hand, and what their authors are told."""

import pytest
from hand_made import saved, sheets

from questionnaires.interchange.faults import WorkbookError
from questionnaires.interchange.reading import read_version


@pytest.fixture
def make():
    """The bytes of a workbook with these rows."""

    def make_bytes(*arguments, **named):
        return saved(sheets(*arguments, **named))

    return make_bytes


@pytest.fixture
def refused():
    """What the author of a workbook is told: (sheet, row) and message of every fault."""

    def faults_of(data):
        with pytest.raises(WorkbookError) as caught:
            read_version(data)
        return [(fault.sheet, fault.row, fault.message) for fault in caught.value.faults]

    return faults_of
