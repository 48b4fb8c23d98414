"""Whatever stands in a workbook, its author gets a version that loads or a list of faults."""

import io
from pathlib import Path

from hand_made import saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from questionnaires.interchange.faults import WorkbookError
from questionnaires.interchange.reading import read_version
from questionnaires.interchange.writing import unchecked_workbook
from questionnaires.loading import load_survey

EXAMPLES = Path(__file__).parents[2] / "examples" / "valid"
EVERYTHING = load_survey(EXAMPLES / "every_type_of_question")
BYTES = unchecked_workbook(EVERYTHING, EVERYTHING.questionnaires[0])

VALUES = st.one_of(
    st.none(),
    st.sampled_from(
        ["…", "_dont_know", "moved", "Moved", "end_group", "begin_group", "note", "text", "rank",
         "select_one yes_no", "select_one", "select_multiple reasons", "calculate", "table-list",
         "field-list", "${moved} = 'yes'", "${moved}", "${", "yes", "no", "10", "=1+1", "not(",
         "'", "a\n\nb", "0: a\n10: b", "{moved}", "/etc/passwd", "x-page", "x-from-moved", "moved-1",
         "string-length(.) <= 5", "not(selected(., 'school') and count-selected(.) > 1)"]
    ),
    st.integers(-5, 3000),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.sampled_from(["survey"] * 4 + ["choices", "settings"]), st.integers(1, 40), st.integers(1, 20), VALUES),
    min_size=1,
    max_size=4,
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(CHANGES)
def test_any_cell_can_say_anything(changes):
    workbook = load_workbook(io.BytesIO(BYTES))
    for sheet, row, column, value in changes:
        workbook[sheet].cell(row, column).value = value
    try:
        imported = read_version(saved(workbook))
    except WorkbookError as error:
        told = error.faults
    else:
        told = imported.warnings
        assert imported.survey.questionnaires
    assert {fault.sheet for fault in told} <= {"survey", "choices", "settings"}, told
    assert all(str(fault) for fault in told)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_row_can_be_missing_or_elsewhere(data):
    workbook = load_workbook(io.BytesIO(BYTES))
    sheet = workbook[data.draw(st.sampled_from(["survey", "survey", "choices"]))]
    row = data.draw(st.integers(2, sheet.max_row))
    values = [cell.value for cell in sheet[row]]
    sheet.delete_rows(row)
    if data.draw(st.booleans()):
        sheet.insert_rows(place := data.draw(st.integers(2, sheet.max_row + 1)))
        for column, value in enumerate(values, start=1):
            sheet.cell(place, column).value = value
    try:
        assert read_version(saved(workbook)).survey.questionnaires
    except WorkbookError as error:
        told = error.faults
    else:
        told = ()
    assert all(fault.row >= 0 and fault.message for fault in told)
