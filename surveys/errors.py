"""Errors as pages: kind and plain, never a stack trace, never a blank page, nothing lost."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

log = logging.getLogger("heard")

_DESK = ("/staff", "/coordinator", "/results", "/paper", "/preview", "/tablet")
_OWN_PAGE = frozenset({403, 404, 410, 413, 500, 503})


def show_errors_kindly(app: Flask) -> None:
    """Every error gets the page of the face it happened on: respondent's or desk."""
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _unforeseen)


def _form_expired(error: CSRFError) -> tuple[str, int]:
    return _page(419), 400


def _show(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return _page(code if code in _OWN_PAGE else 404 if code < 500 else 500), code


def _unforeseen(error: Exception) -> tuple[str, int]:
    log.error("unforeseen error on %s", request.endpoint, exc_info=error)
    return _show(InternalServerError())


def _page(code: int) -> str:
    if request.path.startswith(_DESK):
        return render_template(f"errors/{code if code in (403, 404) else 500}.html", code=code)
    return render_template(f"answering/errors/{code}.html", code=code)
