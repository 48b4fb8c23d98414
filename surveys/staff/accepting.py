"""Accepting an invitation: its code, and a password of one's own.

In: what was typed; the code may have come in the address, after the #, which no server or e-mail
gateway sees. Out: an account with a password, on its way to a second factor.
"""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext

from surveys.audiences import Audience, open_to
from surveys.site import current_site
from surveys.staff.accounts import DutiesClash
from surveys.staff.desk import Page, blueprint, note
from surveys.staff.forms import AcceptForm
from surveys.staff.invited import InvitationEnded, NoInvitation, accept
from surveys.staff.letting_in import after_password, not_together
from surveys.staff.passwords import UnfitPassword


@blueprint.get("/invitation")
@open_to(Audience.PUBLIC)
def invitation() -> Page:
    """The code and a new password. Opening the page does nothing."""
    return _page(AcceptForm())


@blueprint.post("/invitation")
@open_to(Audience.PUBLIC)
def accept_invitation() -> Page:
    """Keep the password, and go on to the second factor."""
    form, site = AcceptForm(), current_site()
    if not form.validate_on_submit():
        return _page(form), 422
    code, password = form.code.data or "", form.password.data or ""
    try:
        account = accept(site.engine, site.pepper, code, password, site.now().date())
    except InvitationEnded:
        trouble = gettext("This invitation has ended. Ask for a new one.")
        return _page(form, trouble), 422
    except NoInvitation:
        trouble = gettext(
            "This code opens no invitation. Check it, or ask for a new one if it was used before."
        )
        return _page(form, trouble), 422
    except DutiesClash as clash:
        return _page(form, not_together(str(clash))), 403
    except UnfitPassword:
        return _page(form, gettext("That password cannot be used. Choose another.")), 422
    note(account.name, "invitation_accepted")
    return after_password(account)


def _page(form: AcceptForm, trouble: str = "") -> str:
    return render_template("staff/invitation.html", form=form, trouble=trouble)
