"""A door to try codes at: the real pages in this process, with a clock that can be moved."""

from dataclasses import dataclass, field
from itertools import count

from answering_site import AnsweringSite

from surveys.answering import sitting
from surveys.answering.turns import Turns
from surveys.invitations.codes import word_list

# Where the door sends somebody tells what became of the words.
LOOKED_UP, TURNED_AWAY, LET_IN = "/not-open", "/", "/answer/welcome"


@dataclass
class Browser:
    """What a browser sends: a cookie and a token, and that of the last answer if it is honest."""

    cookie: str
    token: str
    honest: bool = True


@dataclass
class Door:
    """A site without its stretching: what holds a guesser up is the door's own pace alone."""

    answering: AnsweringSite
    numbers: count = field(default_factory=count)

    def fresh(self):
        """A browser that nobody has seen before. An attacker may use its first cookie for ever."""
        client = self.answering.client()
        page = client.get("/")
        token = page.get_data(as_text=True).partition('name="csrf_token" value="')[2]
        return Browser(client.get_cookie("heard").value, token.partition('"')[0])

    def post(self, browser, words, **headers):
        """Try words; where it leads."""
        client = self.answering.client()
        client.set_cookie("heard", browser.cookie)
        form = {"csrf_token": browser.token, "words": words}
        answer = client.post("/start", data=form, headers=headers)
        if browser.honest:
            browser.cookie = client.get_cookie("heard").value
        return answer.location

    def guess(self, browser, **headers):
        """Try words that nobody has tried; where it leads."""
        listed, number, found = word_list(), next(self.numbers), []
        for _ in range(5):
            number, index = divmod(number, len(listed))
            found.append(listed[index])
        return self.post(browser, " ".join(found), **headers)


def door_without_stretching(folder, monkeypatch, workers=1):
    """Words lead nowhere, at once."""
    answering = AnsweringSite(folder)
    answering.app.extensions["heard.turns"] = Turns(workers)
    monkeypatch.setattr(sitting, "secret_from_typed_words", lambda *_: bytes(16))
    return Door(answering)
