"""Errors as pages: kind and plain, never a stack trace, never a blank page, nothing lost."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

log = logging.getLogger("heard")

_DESK = ("/staff", "/coordinator", "/results", "/paper", "/preview", "/tablet", "/safeguarding")
_PLAIN = "text/plain"
_OWN_PAGE = frozenset({403, 404, 410, 413, 500, 503})


def show_errors_kindly(app: Flask) -> None:
    """Every error gets the page of the face it happened on: respondent's or desk."""
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _unforeseen)
    app.log_exception = _log_exception  # type: ignore[assignment,method-assign]  # Flask's own names the path


def _form_expired(error: CSRFError) -> tuple[str, int]:
    return _page(419), 400


def _show(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return _page(code if code in _OWN_PAGE else 404 if code < 500 else 500), code


def _unforeseen(error: Exception) -> Response | tuple[str, int]:
    log.error("unforeseen error on %s", request.endpoint, exc_info=error)
    try:
        return _show(InternalServerError())
    except Exception as another:  # whatever it is, somebody is waiting
        log.error("no page for an error on %s", request.endpoint, exc_info=another)
        return Response("Sorry, something went wrong. It is not your fault.", 500, mimetype=_PLAIN)


def _log_exception(exc_info: Any, /) -> None:
    """For what fails after a view: its cookie, its headers, the page of its error."""
    log.error("unforeseen error after %s", request.endpoint, exc_info=exc_info)


def _page(code: int) -> str:
    if request.path.startswith(_DESK):
        return render_template(f"errors/{code if code in (403, 404) else 500}.html", code=code)
    return render_template(f"answering/errors/{code}.html", code=code)
