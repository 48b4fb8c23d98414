"""Every page that anybody can meet, found by walking the site: nothing here names a page.

In: an AcceptanceSite. Out: the pages, as the app made them, for each stage and language: every GET
route and whatever it links to, what forms say when they are sent empty, and every error. A shelf
serves them again at their own addresses, so that a browser gets the very same page and headers.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from acceptance_site import stages
from answering_site import ROOT
from flask import request
from werkzeug.exceptions import HTTPException

from surveys.invitations.outbox.keys import outbox_keys, stop_token
from surveys.rehearsal.browser import forms_in

EACH = 2  # pages of one route in one stage, except those of which all are met
QUESTION = "answering.question"
ALL = {QUESTION, "trouble", "desk_trouble"}
REFUSING = ("trouble", ".not_open")  # pages whose status says that something did not open
UNSEEN = re.compile(r'<input[^>]*type="hidden"[^>]*>|href="[^"]*"')
NONSENSE = "What is this? " * 150
LINK = re.compile(r'<a\b[^>]*?href="(/[^"#]*)')
ERRORS = {
    "": ROOT / "surveys/templates/answering/errors",
    "/staff": ROOT / "surveys/templates/errors",
}


@dataclass(frozen=True)
class Met:
    """A page as somebody met it."""

    endpoint: str
    path: str
    stage: str
    language: str
    html: str

    @property
    def look(self):
        found = re.search(r'<html[^>]*data-look="(\w+)"', self.html)
        return found.group(1) if found else "staff"

    @property
    def heading(self):
        found = re.search(r"<h1.*?</h1>", self.html, re.S)
        return " ".join(re.sub("<[^>]*>", " ", found.group()).split()) if found else ""

    @property
    def name(self):
        return f"{self.look} {self.language} {self.path} ({self.stage}): {self.heading[:40]}"

    @property
    def likeness(self):
        """What two pages share that look the same, whoever meets them."""
        body = UNSEEN.sub("", self.html.split("<body", 1)[1])
        return self.endpoint, self.look, self.language, body


class Walk:
    """All pages of a site, in some languages; and which routes have been seen to answer."""

    def __init__(self, site, languages):
        self.site = site
        self.answered = set()
        self._found = {}
        self._shelf = {}
        self._sent, self._leads_on = set(), {}
        site.app.before_request_funcs.setdefault(None, []).insert(0, self._from_shelf)
        self._map = site.app.url_map.bind("localhost")
        for language in languages:
            for stage in stages():
                self._walk(stage, language)
        for number, met in enumerate(self.pages):
            self._shelf[str(number)] = met.html

    @property
    def pages(self):
        return list(self._found.values())

    def address(self, met):
        """Where a browser gets this very page."""
        return f"{urlsplit(met.path).path}?shelf={self.pages.index(met)}"

    def routes(self):
        """Every route that can be opened by its address."""
        return {
            rule.endpoint
            for rule in self.site.app.url_map.iter_rules()
            if "GET" in rule.methods and rule.endpoint not in {"static", *ALL} - {QUESTION}
        }

    def _from_shelf(self):
        return self._shelf.get(request.args.get("shelf", ""))

    def _walk(self, stage, language):
        person = self.site.person(stage, language)
        met, seen, ahead = [], {}, list(self._starts())
        while ahead:
            path = ahead.pop(0)
            endpoint = self._endpoint(path)
            known = seen.setdefault(endpoint, set())
            if endpoint is None or path in known:
                continue
            if len(known) >= (EACH if endpoint not in ALL else stage.meets_all):
                continue
            answer = person.client.get(path)
            if answer.status_code >= 300 and not endpoint.endswith(REFUSING):
                continue
            known.add(path)
            self.answered.add(endpoint)
            if answer.mimetype == "text/html":
                met.append(self._keep(endpoint, path, stage, language, answer.text))
                ahead += LINK.findall(answer.text)
        self._send_forms(met, stage, language)

    def _starts(self):
        for rule in self.site.app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.arguments:
                yield str(rule)
        yield from (f"/answer/{step}" for step in range(1, 40))
        keys = outbox_keys(self.site.site.storage_key)
        yield f"/no-more-mail/{stop_token(keys, 'person@example.org', bytes(16))}"
        for before, folder in ERRORS.items():
            yield from (f"{before}/trouble/{file.stem}" for file in sorted(folder.glob("*.html")))

    def _endpoint(self, path):
        try:
            return self._map.match(urlsplit(path).path, method="GET")[0]
        except HTTPException:
            return None

    def _keep(self, endpoint, path, stage, language, html):
        met = Met(endpoint, path, stage.name, language, html)
        return self._found.setdefault(met.likeness, met)

    def _send_forms(self, met, stage, language):
        """What comes back when somebody sends a form with nothing in it, or with nonsense."""
        for page in met:
            for place, form in enumerate(forms_in(page.html)):
                for text, button in (("", 0), (NONSENSE, 0), (NONSENSE, "help")):
                    key = (page.look, self._action(form), *self._fields(page), text, button)
                    key = (*key, stage.sends)
                    known = (key, language) in self._sent or self._leads_on.get(key)
                    if form.method != "post" or known or not (form.texts or not text):
                        continue
                    self._sent.add((key, language))
                    answer = self._send(page, place, stage, language, text, button)
                    self._leads_on[key] = answer is None
                    if answer:
                        self._keep(page.endpoint, page.path, stage, language, answer.text)

    def _action(self, form):
        return re.sub(r"[0-9]+", "0", form.action)

    def _fields(self, page):
        if page.endpoint != QUESTION:
            return (page.endpoint,)
        kinds = re.findall(r'<(select|textarea)\b|type="(radio|checkbox)"', page.html)
        return tuple(sorted({"".join(kind) for kind in kinds}))

    def _send(self, page, place, stage, language, text, button):
        person = self.site.person(stage, language)
        form = forms_in(person.client.get(page.path).text)[place]
        pressed = [(name, value) for name, value, _ in form.buttons if name]
        pressed = [pair for pair in pressed if button in (0, pair[1])][:1]
        if button and not pressed:
            return None
        written = dict.fromkeys(form.texts, text)
        data = {**form.hidden, **dict(pressed), **written}
        answer = person.client.post(form.action or page.path, data=data)
        shown = answer.mimetype == "text/html" and not 300 <= answer.status_code < 400
        return answer if shown else None
