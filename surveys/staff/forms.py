"""The forms of the desk's front door. In: what was typed. Out: fields, or kind errors."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from surveys.staff.accounts import LONGEST_NAME
from surveys.staff.invited import MOST_DAYS, USUAL_DAYS
from surveys.staff.passkeys import LONGEST_PASSKEY_NAME
from surveys.staff.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH

ROLE_NAMES = {
    "administrator": lazy_gettext("Administrator: makes and closes accounts"),
    "coordinator": lazy_gettext("Coordinator: runs the survey and sends the codes"),
    "custodian": lazy_gettext("Release custodian: releases answers"),
    "analyst": lazy_gettext("Analyst: opens and publishes answers"),
    "safeguarding": lazy_gettext("Safeguarding lead: reads requests to talk"),
    "inspector": lazy_gettext("Inspector: reads results"),
    "helper": lazy_gettext("Helper: hands over tablets"),
    "data_entry": lazy_gettext("Data entry: types in papers"),
}

_TOO_LONG_A_NAME = Length(max=LONGEST_NAME, message=lazy_gettext("That name is too long."))
_TOO_LONG_A_PASSWORD = Length(
    max=MAXIMUM_LENGTH, message=lazy_gettext("That password is too long.")
)


class LogInForm(FlaskForm):
    """Name and password. Whether they fit is decided elsewhere, and said of both together."""

    name = StringField(
        lazy_gettext("Your name"),
        [InputRequired(lazy_gettext("Type your name.")), _TOO_LONG_A_NAME],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Type your password.")), _TOO_LONG_A_PASSWORD],
    )


class NewPasswordForm(FlaskForm):
    """A password of one's own, twice."""

    password = PasswordField(
        lazy_gettext("New password"),
        [
            InputRequired(lazy_gettext("Type a new password.")),
            Length(
                min=MINIMUM_LENGTH,
                message=lazy_gettext(
                    "That password is too short. Use 14 characters or more: four words, for "
                    "instance."
                ),
            ),
            _TOO_LONG_A_PASSWORD,
        ],
    )
    again = PasswordField(
        lazy_gettext("The same password again"),
        [EqualTo("password", lazy_gettext("The two passwords are not the same."))],
    )


class AcceptForm(NewPasswordForm):
    """The code of an invitation, and a password."""

    code = StringField(
        lazy_gettext("Code of your invitation"),
        [
            InputRequired(lazy_gettext("Type or paste the code of your invitation.")),
            Length(max=200, message=lazy_gettext("That is not the code of an invitation.")),
        ],
    )


class PasskeyForm(FlaskForm):
    """What a passkey is to be called. The passkey itself is checked elsewhere."""

    name = StringField(
        lazy_gettext("Name of the passkey"),
        [
            InputRequired(lazy_gettext("Give the passkey a name, such as: work phone.")),
            Length(max=LONGEST_PASSKEY_NAME, message=lazy_gettext("That name is too long.")),
        ],
    )


class InviteForm(FlaskForm):
    """Who is invited, as what, and for how long the invitation stands."""

    name = StringField(
        lazy_gettext("Name"), [InputRequired(lazy_gettext("Type a name.")), _TOO_LONG_A_NAME]
    )
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        [InputRequired(lazy_gettext("Choose a role."))],
        choices=[SelectChoice(role, name) for role, name in ROLE_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = IntegerField(
        lazy_gettext("Days until the invitation ends"),
        [
            InputRequired(lazy_gettext("Type a number of days from 1 to 30.")),
            NumberRange(1, MOST_DAYS, lazy_gettext("Type a number of days from 1 to 30.")),
        ],
        default=USUAL_DAYS,
    )


def troubles(form: FlaskForm) -> list[tuple[str, Any]]:
    """Every error of a form with the field it is about, for the summary at the top of a page."""
    return [(field.id, error) for field in form for error in field.errors]
