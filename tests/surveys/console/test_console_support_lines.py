"""Numbers to call that nobody has rung yet are something to do, never an error page."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from surveys.console.checks import CheckState, support_lines_check
from surveys.site import SupportLine

TODAY = date(2026, 11, 20)


class FakeSite:
    def __init__(self, *checked_on):
        self.support_lines = tuple(
            SupportLine(f"line_{number}", "A line", "0800", "Words", "always", ("child",), day)
            for number, day in enumerate(checked_on)
        )


@pytest.fixture(autouse=True)
def language():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("checked_on", "state", "words"),
    [
        ((), CheckState.MISSING, "no support lines"),
        (("",), CheckState.LOOK, "1 has never"),
        (("", "", "2026-11-01"), CheckState.LOOK, "2 have never"),
        (("2026-01-01", "2026-11-01"), CheckState.LOOK, "last checked on"),
        (("2026-11-01",), CheckState.READY, "checked on"),
    ],
)
def test_support_lines_check(checked_on, state, words):
    check = support_lines_check(FakeSite(*checked_on), TODAY)
    assert check.state is state
    assert words in check.words
