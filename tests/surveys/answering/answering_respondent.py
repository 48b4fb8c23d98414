"""A respondent who presses buttons: fetches pages, follows redirects, posts what stands on them.

In: an AnsweringSite. Out: the page reached, and what is on it.
"""

import re

import html5lib


class Respondent:
    """Fetches pages, follows redirects and posts the forms that stand on them, as a browser would."""

    def __init__(self, answering, invitation=None):
        self.answering = answering
        self.invitation = invitation or answering.invite()
        self.client = answering.client()
        self.page = None

    def get(self, address):
        return self._keep(self.client.get(address, follow_redirects=True))

    def post(self, address, **values):
        values = {"csrf_token": self.token, **values} if "csrf_token" not in values else values
        return self._keep(self.client.post(address, data=values, follow_redirects=True))

    def enter(self, typed=None):
        self.get("/")
        return self.post("/start", words=typed or self.invitation.link)

    def agree(self):
        return self.post("/answer/welcome")

    def press(self, go="next", **values):
        """Post the question's form; ``words`` and ``answer`` as given."""
        values.setdefault("page", self.page_id)
        if go not in ("language", "size", "colours"):
            values["go"] = go
        if self.then_check:
            values["then"] = "check"
        return self.post(self.address, **values)

    def pick(self, *answers, go="next"):
        return self.press(go, answer=list(answers))

    @property
    def text(self):
        return self.page.get_data(as_text=True)

    @property
    def document(self):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return parser.parse(self.text)

    @property
    def heading(self):
        return " ".join("".join(self.document.find(".//h1").itertext()).split())

    @property
    def address(self):
        return self.page.request.path

    @property
    def token(self):
        return self.document.find(".//input[@name='csrf_token']").attrib["value"]

    @property
    def page_id(self):
        return self.document.find(".//input[@name='page']").attrib["value"]

    @property
    def then_check(self):
        return self.document.find(".//input[@name='then']") is not None

    @property
    def checked(self):
        return [
            field.attrib["value"]
            for field in self.document.findall(".//input")
            if "checked" in field.attrib
        ]

    @property
    def visible_text(self):
        return re.sub(r"\s+", " ", "".join(self.document.find("body").itertext()))

    def _keep(self, page):
        self.page = page
        return page


def answer_all(respondent):
    """From the first page to the check page, with an answer to everything."""
    respondent.press()
    respondent.pick("yes")
    respondent.pick("no")
    respondent.pick("cat")
    respondent.pick("7")
    respondent.press(words="A dog")
