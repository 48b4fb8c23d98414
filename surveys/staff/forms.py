"""The form of the log-in page. In: what was typed. Out: a name and a password, or kind errors."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from surveys.staff.accounts import LONGEST_NAME
from surveys.staff.passwords import MAXIMUM_LENGTH


class LogInForm(FlaskForm):
    """Name and password. Whether they fit is decided elsewhere, and said of both together."""

    name = StringField(
        lazy_gettext("Your name"),
        [
            InputRequired(lazy_gettext("Type your name.")),
            Length(max=LONGEST_NAME, message=lazy_gettext("That name is too long.")),
        ],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [
            InputRequired(lazy_gettext("Type your password.")),
            Length(max=MAXIMUM_LENGTH, message=lazy_gettext("That password is too long.")),
        ],
    )
