"""The administrator's page: who has an account, inviting somebody, closing an account.

In: a name and roles. Out: an invitation whose code is shown once; nobody but the person invited
ever knows their password. Every act stands in the audit log.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext

from surveys.audiences import Audience, confirmed, open_to
from surveys.site import current_site
from surveys.staff.accounts import (
    Account,
    AccountError,
    DutiesClash,
    NameTaken,
    account_with_id,
    all_accounts,
    plain_name,
)
from surveys.staff.closing import close_for_good
from surveys.staff.desk import Page, blueprint, note, own_account
from surveys.staff.duties import broken_duty
from surveys.staff.factors import factors_of
from surveys.staff.forms import ROLE_NAMES, InviteForm
from surveys.staff.invited import USUAL_DAYS, invite, invite_again, invited_until
from surveys.staff.letting_in import not_together
from surveys.staff.relying_party import relying_party
from surveys.staff.telling import (
    DUTY_INVITED_AGAIN,
    INVITED_AGAIN,
    NobodyTold,
    tell_of_new_way_in,
    watched_duties,
)

log = logging.getLogger("heard")


@blueprint.get("/people")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def people() -> Page:
    """Every account, with its roles and factors, and the form that invites somebody."""
    return _page(InviteForm())


@blueprint.post("/people")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def invite_person() -> Page:
    """Make an account without a password, and show the code of its invitation this once."""
    form, site = InviteForm(), current_site()
    if not form.validate_on_submit():
        return _page(form), 422
    name, roles = form.name.data or "", form.roles.data or []
    last_day = site.now().date() + timedelta(days=form.days.data or USUAL_DAYS)
    try:
        account, code = invite(site.engine, site.pepper, name, roles, last_day)
    except NameTaken:
        return _page(form, gettext("There is an account with that name already.")), 422
    except DutiesClash as clash:
        return _page(form, gettext(str(clash))), 422
    except AccountError:  # nothing is left of the name, or it has signs that nobody sees
        return _page(form, gettext("Type a name with letters or digits that can be seen.")), 422
    about = {"name": account.name, "roles": " ".join(sorted(account.roles))}
    note(own_account().name, "account_invited", **about, until=last_day.isoformat())
    return _shown_once(account, code, last_day.isoformat())


@blueprint.get("/people/<account>/again")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def ask_again(account: str) -> Page:
    """Ask before somebody's way in is made anew."""
    return _again_page(_other(account))


@blueprint.post("/people/<account>/again")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def invite_person_again(account: str) -> Page:
    """Take password and factors away and show a new code: for whoever has lost their way in.

    Of an account that may do what an administrator may not, two people are told first; when no mail
    leaves, nothing is changed.
    """
    site, found = current_site(), _other(account)
    if not _names(found):
        return _again_page(found, _other_name()), 422
    if reason := broken_duty(found.roles):
        return _again_page(found, not_together(reason)), 422
    today, duties = site.now().date(), _watched(found)
    about = {"name": found.name}
    if duties:
        try:
            told = tell_of_new_way_in(site, duties, today)
        except NobodyTold as error:
            log.error("an account was not invited again, because nobody was told: %s", error)
            return _again_page(found, _nobody_told()), 422
        about |= {"duties": " ".join(duties), "told": str(told)}
    last_day = today + timedelta(days=USUAL_DAYS)
    _, code = invite_again(site.engine, site.pepper, found.name, last_day)
    note(own_account().name, DUTY_INVITED_AGAIN if duties else INVITED_AGAIN, **about)
    return _shown_once(found, code, last_day.isoformat())


@blueprint.get("/people/<account>/close")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def ask_close(account: str) -> Page:
    """Ask before an account is closed for good."""
    return render_template("staff/close.html", account=_other(account), trouble="")


@blueprint.post("/people/<account>/close")
@open_to(Audience.ADMINISTRATOR)
@confirmed
def close_person(account: str) -> Page:
    """Close the account; its sessions end at their next page."""
    found = _other(account)
    if not _names(found):
        return render_template("staff/close.html", account=found, trouble=_other_name()), 422
    close_for_good(current_site().engine, found.name)
    note(own_account().name, "account_closed", name=found.name)
    return redirect(url_for("staff.people"), 303)


def _other(account: str) -> Account:
    """The open account of that id, if it is not one's own."""
    try:
        found = account_with_id(current_site().engine, bytes.fromhex(account))
    except ValueError:
        abort(404)
    if found is None or not found.active or found.id == own_account().id:
        abort(404)
    return found


def _watched(found: Account) -> tuple[str, ...]:
    """The duties of which two people are told; in a demonstration there is nobody to tell."""
    return () if current_site().demo else watched_duties(found.roles)


def _again_page(found: Account, trouble: str = "") -> str:
    watched = bool(_watched(found))
    return render_template("staff/again.html", account=found, trouble=trouble, watched=watched)


def _nobody_told() -> str:
    return gettext(
        "Nothing was changed. Two people have to be told of this, and no mail could be sent to "
        "them. Ask whoever looks after the server."
    )


def _names(found: Account) -> bool:
    """Whether the account's name was typed, so that nothing is closed by a slip."""
    return plain_name(request.form.get("name", "")) == plain_name(found.name)


def _other_name() -> str:
    return gettext("That is not the name of this account.")


def _shown_once(account: Account, code: str, last_day: str) -> str:
    site = current_site()
    party = relying_party(site, request.host)
    return render_template(
        "staff/invited.html",
        account=account,
        code=code,
        link=f"{party.origin}{url_for('staff.invitation')}#{code}" if party else "",
        last_day=last_day,
    )


def _page(form: InviteForm, trouble: str = "") -> str:
    engine = current_site().engine
    return render_template(
        "staff/people.html",
        form=form,
        trouble=trouble,
        accounts=[(account, factors_of(engine, account.id)) for account in all_accounts(engine)],
        invited=invited_until(engine),
        today=current_site().now().date(),
        role_names=ROLE_NAMES,
        own=own_account().id,
    )
