"""A browser without a screen: cookies, redirects and forms, so that rehearsals use the real pages.

In: URLs and what to fill in. Out: pages with their forms. Knows HTML, and nothing of Heard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
_MOST_TRIES = 3


@dataclass
class Choice:
    """Radio buttons or tick boxes that share a name."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form as the page gives it: hidden values, what can be chosen or written, its buttons."""

    action: str
    method: str
    id: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction


@dataclass
class Page:
    """What came back: where we are, how it went, and the forms."""

    url: str
    status: int
    text: str
    forms: list[Form]

    def form_with(self, button_or_field: str) -> Form | None:
        """The first form that has a button, field or choice of that name."""
        for form in self.forms:
            named = {name for name, _, _ in form.buttons} | set(form.choices) | set(form.texts)
            if button_or_field in named | set(form.hidden):
                return form
        return None


_CONTROL = re.compile(r"<(/?form|input|textarea|button)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\")?")


def forms_in(page: str) -> list[Form]:
    """Every form of a page that quotes its attributes, controls tied by ``form=`` included.

    Reads the tags of forms alone: an HTML parser would take longer than the server does.
    """
    forms: list[Form] = []
    inside: Form | None = None
    for tag, attributes in _CONTROL.findall(page):
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        if tag == "form":
            inside = Form(given.get("action", ""), given.get("method", "get"), given.get("id", ""))
            forms.append(inside)
        elif tag == "/form":
            inside = None
        elif owner := _owner(forms, given.get("form"), inside):
            _add_control(owner, tag, given)
    return forms


def _owner(forms: list[Form], form_id: str | None, inside: Form | None) -> Form | None:
    if form_id is None:
        return inside
    return next((form for form in forms if form.id == form_id), None)


def _add_control(form: Form, tag: str, given: dict[str, str]) -> None:
    name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "text")
    if kind == "hidden":
        form.hidden[name] = given.get("value", "")
    elif kind in ("radio", "checkbox"):
        form.choices.setdefault(name, Choice(kind)).values.append(given.get("value", "on"))
    elif kind == "submit":
        form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))
    elif tag == "textarea" or kind in ("text", "password", "search"):
        form.texts.append(name)


class Browser:
    """One person's browser: its own cookies, one connection, redirects followed."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._connection = HTTPConnection(self._host, timeout=60)
        self._cookies: dict[str, str] = {}

    def get(self, url: str) -> Page:
        """Fetch a page."""
        return self._follow("GET", url, None)

    def submit(
        self, page: Page, form: Form, filled: list[tuple[str, str]], button: tuple[str, str, str]
    ) -> Page:
        """Send a form with what was filled in, by pressing one of its buttons."""
        pairs = [*form.hidden.items(), *filled]
        if button[0]:
            pairs.append((button[0], button[1]))
        return self._follow("POST", button[2] or form.action or page.url, urlencode(pairs))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _follow(self, method: str, url: str, body: str | None) -> Page:
        for _ in range(_MOST_REDIRECTS):
            status, location, text = self._exchange(method, url, body)
            if status not in _REDIRECTS:
                return Page(url, status, text, forms_in(text))
            method, url, body = "GET", location, None
        raise HTTPException(f"too many redirects from {url}")

    def _exchange(self, method: str, url: str, body: str | None) -> tuple[int, str, str]:
        for attempt in range(_MOST_TRIES):
            try:
                return self._send(method, url, body)
            except (ConnectionError, HTTPException):
                self._connection.close()
                if attempt == _MOST_TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _send(self, method: str, url: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Host": self._host, "Sec-Fetch-Site": "same-origin"}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, url, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._remember(line)
        return answer.status, answer.headers.get("Location", ""), text

    def _remember(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value and morsel["max-age"] != "0":
                self._cookies[name] = morsel.value
            else:
                self._cookies.pop(name, None)
