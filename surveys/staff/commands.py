"""``flask staff ...``: invite, list and close accounts, change passwords.

In: names and roles on the command line, passwords only from a pipe. Out: words on the terminal;
an invitation or a password that was made here is shown once and kept nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import click

from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.site import Site
from surveys.staff import accounts
from surveys.staff.closing import close_for_good
from surveys.staff.duties import broken_duty
from surveys.staff.factors import factors_of
from surveys.staff.invited import (
    MOST_DAYS,
    USUAL_DAYS,
    invite,
    invite_again,
    invited_until,
)
from surveys.staff.passwords import UnfitPassword, new_password
from surveys.staff.telling import (
    DUTY_INVITED_AGAIN,
    INVITED_AGAIN,
    NobodyTold,
    tell_of_new_way_in,
    watched_duties,
)

_ROLES = click.Choice([role.value for role in sorted(accounts.STAFF_ROLES)])
_WHO = "command line"


@click.group()
def staff() -> None:
    """Accounts of the people behind the desk."""


@staff.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=_ROLES, help="May be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from a pipe.")
@click.pass_obj
def add(site: Site, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Make an account and, unless one is piped in, a password, which is shown once."""
    password = _password(password_stdin)
    with _plain_errors():
        account = accounts.add_account(site.engine, name, password, roles)
    _note(site, "account_added", name=account.name, roles=" ".join(sorted(account.roles)))
    click.echo(f"{account.name} may now sign in as {' and '.join(sorted(account.roles))}.")
    _show(password, password_stdin)
    if not site.demo:
        click.echo("The first sign-in sets up a second factor. Better: flask staff invite.")


@staff.command("invite")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=_ROLES, help="May be repeated.")
@click.option("--again", is_flag=True, help="For an account that has lost its way in.")
@click.option(
    "--days", default=USUAL_DAYS, show_default=True, type=click.IntRange(1, MOST_DAYS),
    help="How long the invitation stands.",
)  # fmt: skip
@click.pass_obj
def invite_person(site: Site, name: str, roles: tuple[str, ...], again: bool, days: int) -> None:
    """Invite somebody: they choose a password that nobody else ever knows."""
    if again == bool(roles):
        raise click.UsageError("Give --role for a new account, or --again for one there is.")
    last_day = site.now().date() + timedelta(days=days)
    with _plain_errors():
        if again:
            account, code = invite_again(site.engine, site.pepper, name, last_day)
        else:
            account, code = invite(site.engine, site.pepper, name, roles, last_day)
    about = {"name": account.name, "roles": " ".join(sorted(account.roles))}
    if again:
        _note_again(site, account, **about, until=last_day.isoformat())
    else:
        _note(site, "account_invited", **about, until=last_day.isoformat())
    _show_invitation(site, account, code, last_day)


@staff.command("new-password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from a pipe.")
@click.pass_obj
def replace_password(site: Site, name: str, password_stdin: bool) -> None:
    """Replace the password of an account."""
    password = _password(password_stdin)
    with _plain_errors():
        account = accounts.change_password(site.engine, name, password)
    _note(site, "password_changed", name=account.name)
    click.echo(f"{account.name} has a new password.")
    _show(password, password_stdin)


@staff.command("close")
@click.argument("name")
@click.pass_obj
def close(site: Site, name: str) -> None:
    """Close an account: it is signed out at its next page and cannot sign in again."""
    with _plain_errors():
        account = close_for_good(site.engine, name)
    _note(site, "account_closed", name=account.name)
    click.echo(f"{account.name} cannot sign in any more.")


@staff.command("list")
@click.pass_obj
def show_all(site: Site) -> None:
    """Every account with its roles, its second factors, and whether it waits to be accepted."""
    invited = invited_until(site.engine)
    for account in accounts.all_accounts(site.engine):
        state = _state(site, account, invited.get(account.id))
        click.echo(f"{account.name}: {', '.join(sorted(account.roles))}{state}")


def _state(site: Site, account: accounts.Account, until: date | None) -> str:
    """What the list says after the roles: of a closed account only that it is closed."""
    if not account.active:
        return " (closed)"
    words = [str(factors_of(site.engine, account.id))]
    if not account.has_password:
        ended = until is None or until < site.now().date()
        words = ["invited, and the invitation has ended" if ended else f"invited until {until}"]
    if broken_duty(account.roles):
        words.append("cannot sign in: these roles may not be one person's")
    return f" ({'; '.join(words)})"


def _note_again(site: Site, account: accounts.Account, **about: str) -> None:
    """Into the log, with a word of its own for a duty that two people are told of.

    Unlike the page, this goes on when nobody can be told: who may type here may do everything.
    """
    duties = watched_duties(account.roles)
    if not duties:
        _note(site, INVITED_AGAIN, **about)
        return
    told = 0
    try:
        told = tell_of_new_way_in(site, duties, site.now().date())
    except NobodyTold as error:
        click.echo(f"Nobody was mailed of it ({error}). Tell two people yourself:", err=True)
        click.echo(f"an account that may act as {', '.join(duties)} was invited again.", err=True)
    _note(site, DUTY_INVITED_AGAIN, **about, told=str(told))


def _show_invitation(site: Site, account: accounts.Account, code: str, last_day: date) -> None:
    click.echo(f"Invitation for {account.name}, until the end of {last_day} (shown this once):")
    if site.address:
        click.echo(f"  {site.address}/staff/invitation#{code}")
    click.echo(f"  code {code}, for the page /staff/invitation")
    click.echo("Hand it over in person, or by a message that only they read.")


def _password(from_pipe: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_pipe else new_password()


def _show(password: str, from_pipe: bool) -> None:
    if not from_pipe:
        click.echo(f"Password (shown this once): {password}")


def _note(site: Site, what: str, **about: str) -> None:
    audit.record(audit_log_of(site), site.now().date(), _WHO, what, about)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (accounts.AccountError, UnfitPassword) as error:
        raise click.ClickException(str(error)) from None
