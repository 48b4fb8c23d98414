"""The room's one Blueprint, and who may do what with an offline tablet.

In: nothing. Out: ``blueprint``, and the audience that prepares tablets.
"""

from __future__ import annotations

from flask import Blueprint

from surveys.audiences import Audience

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk", template_folder="../templates")

PREPARERS = (Audience.COORDINATOR,)
"""Preparing makes places, and whoever has a place can fill it; so it is not everybody's."""
