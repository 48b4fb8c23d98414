"""The contact channel of a rehearsal: two keys, one invented message, and what to open it with.

In: a demonstration site and its offline folder. Out: a message that waits in the inbox, and the
lines that say how to read it. The message goes through the real page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from surveys.kiosk.assets import INBOX_BUNDLE
from surveys.rehearsal.browser import Browser
from surveys.rehearsal.offline import Offline, passphrase_path
from surveys.site import Site

ACCOUNT = "safeguarding"
_KEY = "contact_key"
_INVENTED = (
    ("name", "Robin (invented)"),
    ("reach", "At school, at lunch on Tuesday. Please do not ring at home."),
    ("words", "I would like to talk with somebody about where I live. Nothing bad has happened."),
)


class NotAsked(RuntimeError):
    """The page did not take the invented message."""


def make_contact_keys(site: Site, offline: Offline) -> None:
    """Make the lead's and the deputy's keys; each passphrase lies beside its key."""
    from surveys.contact.key_making import make_keys
    from surveys.vault.key_files import Stretching

    folders = (offline.folder / "safeguarding-lead", offline.folder / "safeguarding-deputy")
    files = make_keys(folders, site.public_keys, stretching=Stretching(8 * 1024, 1, 1))
    for file in files:
        path = passphrase_path(file.path)
        path.touch(mode=0o600)
        path.write_text(file.passphrase, encoding="utf-8")
    offline.remember(_KEY, str(files[0].path))


def ask_through_the_page(address: str) -> None:
    """Send one invented message, with no code. Raises NotAsked."""
    browser = Browser(address)
    try:
        page = browser.get("/talk")
        form = page.form_with("reach")
        if form is None:
            raise NotAsked("the page has no form")
        page = browser.submit(page, form, list(_INVENTED), ("go", "send", ""))
    finally:
        browser.close()
    if page.status != 200:
        raise NotAsked(f"the page answered {page.status}")


def inbox_lines(address: str, offline: Offline) -> Iterator[str]:
    """How to read the message; nothing for a demonstration of an earlier version."""
    remembered = offline.remembered()
    if _KEY not in remembered:
        return
    key = Path(remembered[_KEY])
    words = passphrase_path(key).read_text(encoding="utf-8")
    yield f"  {'“I need to talk”, one waits:':<32} {address}safeguarding/   log in as {ACCOUNT}"
    yield f"  {'':<32} key file: {key}"
    yield f"  {'':<32} passphrase: {words}"
    if not INBOX_BUNDLE.is_file():
        yield f"  {'':<32} (run `make assets` once, so that the page can open it)"
