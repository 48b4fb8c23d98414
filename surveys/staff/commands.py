"""``flask staff ...``: make, list and close accounts, change passwords, check the audit log.

In: names and roles on the command line, passwords only from a pipe. Out: words on the terminal;
a password that was made here is shown once and kept nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from surveys.site import Site
from surveys.staff import accounts, audit
from surveys.staff.pages import audit_log_of
from surveys.staff.passwords import UnfitPassword, new_password

_ROLES = click.Choice([role.value for role in sorted(accounts.STAFF_ROLES)])
_WHO = "command line"


@click.group()
def staff() -> None:
    """Accounts of the people behind the desk, and the audit log."""


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
        account = accounts.close_account(site.engine, name)
    _note(site, "account_closed", name=account.name)
    click.echo(f"{account.name} cannot sign in any more.")


@staff.command("list")
@click.pass_obj
def show_all(site: Site) -> None:
    """Every account with its roles."""
    for account in accounts.all_accounts(site.engine):
        state = "" if account.active else " (closed)"
        click.echo(f"{account.name}: {', '.join(sorted(account.roles))}{state}")


@staff.command("audit")
@click.option("--head", "earlier_head", help="A head written down earlier: finds a cut-off end.")
@click.pass_obj
def check_audit(site: Site, earlier_head: str | None) -> None:
    """Check the audit log and print its head, to be written down by two people."""
    path = audit_log_of(site)
    faults = audit.check(path, earlier_head)
    for fault in faults:
        click.echo(f"line {fault.line}: {fault.words}" if fault.line else fault.words, err=True)
    click.echo(f"head {audit.head(path)}")
    if faults:
        sys.exit(1)


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
