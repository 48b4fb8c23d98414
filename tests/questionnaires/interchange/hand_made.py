"""Workbooks as another person would write them, cell by cell."""

import io

from openpyxl import Workbook

SETTINGS = (("form_title", "form_id"), ("Lunch", "lunch"))
YES_NO = (("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No"))


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def sheets(survey, choices=YES_NO, settings=SETTINGS, **others):
    """A workbook of openpyxl with these rows; the first row of each sheet is its headings."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    given = {"survey": survey, "choices": choices, "settings": settings, **others}
    for name, rows in given.items():
        if rows is None:
            continue
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return workbook
