"""Who scans: nobody in particular, a respondent, and everybody who works at the desk.

In: the address of the served demonstration in $HEARD_HOME. Out: for each, the cookie that the real
pages gave them, and the forms they may fill in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app import open_own_site
from surveys.rehearsal.browser import Browser, Form
from surveys.rehearsal.commands import offline_of, ready_codes

BY_NAME = "heard"
_DESK = {  # where each types something: what an account may see is decided before any form is read
    "coordinator": ("/coordinator/languages/care4me/fa", "/staff/sign-in/password"),
    "administrator": ("/staff/people",),
}


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser: the cookie in it, and the pages they start from."""

    name: str
    cookie: str
    start: str
    inside: str  # an address that only such a visitor is shown
    pages: tuple[str, ...]


def visitors(address: str) -> Iterator[Visitor]:
    """Everybody, each with a session of their own."""
    site = open_own_site()
    offline = offline_of(site)
    yield Visitor("a stranger", "", "/", "/", ("/", "/staff/log-in", "/staff/invitation", "/talk"))
    code = next(code for code in ready_codes(site, offline).values() if code.startswith("#"))
    started = _start(address, code)
    yield Visitor("a respondent", started, "/answer/1", "/static/leave.js", ("/answer/1",))
    for name, password in offline.remembered()["log_ins"].items():
        yield Visitor(
            name, _log_in(address, name, password), "/staff/", "/staff/sign-in", _DESK.get(name, ())
        )


def forms_to_inject(address: str, visitor: Visitor) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(page, action, fields) of each form on a visitor's pages that takes something typed."""
    browser, seen = _browser(address, visitor.cookie), set()
    for page in visitor.pages:
        for form in browser.get(page).forms:
            action = form.action or page
            if form.method == "post" and action not in seen and _takes_words(form):
                seen.add(action)
                yield page, action, {**form.hidden, **dict.fromkeys(_names(form), "1")}
    browser.close()


def _takes_words(form: Form) -> bool:
    return bool(form.texts or form.choices)


def _names(form: Form) -> list[str]:
    return [*form.texts, *form.choices]


def _start(address: str, code: str) -> str:
    browser = Browser(address)
    page = browser.get("/")
    form = page.form_with("words")
    page = browser.submit(page, form, [("words", code)], ("", "", ""))
    agree = next(form for form in page.forms if form.action == "/answer/welcome")
    browser.submit(page, agree, [], ("", "", ""))
    return _cookie_of(browser)


def _log_in(address: str, name: str, password: str) -> str:
    browser = Browser(address)
    page = browser.get("/staff/log-in")
    form = page.form_with("password")
    page = browser.submit(page, form, [("name", name), ("password", password)], ("", "", ""))
    if page.status != 200 or not page.url.endswith("/staff/"):
        raise SystemExit(f"{name} could not log in: {page.status} {page.url}")
    return _cookie_of(browser)


def _browser(address: str, cookie: str) -> Browser:
    browser = Browser(address)
    if cookie:
        browser._cookies[BY_NAME] = cookie.partition("=")[2]
    return browser


def _cookie_of(browser: Browser) -> str:
    cookie = browser._cookies[BY_NAME]
    browser.close()
    return f"{BY_NAME}={cookie}"
