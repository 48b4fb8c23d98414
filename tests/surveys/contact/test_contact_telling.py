"""Who is told that something waits, when, once, and in words that say nothing."""

import threading
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite
from contact_keys import KEYS
from mail_server import MailServer, Post

from surveys.contact.keys import write_keys
from surveys.contact.requests import (
    State,
    Step,
    add_request,
    all_requests,
    mark_done,
    mark_seen,
)
from surveys.contact.rules import ContactRules
from surveys.contact.telling import Rung, tell, words_for
from surveys.mail.addresses import Notify
from surveys.mail.sending import MailSettings, Security

LEAD, DEPUTY, THIRD = (f"{name}@example.gov.uk" for name in ("lead", "deputy", "third"))
NOTIFY = Notify(LEAD, DEPUTY, THIRD)
TODAY = date(2026, 11, 20)
TELLING = ("child", "care", "safe", "help", "talk", "survey", "Sam", "school", "home")


@pytest.fixture
def post():
    with MailServer() as server:
        yield server


def site_with(tmp_path, port, *, patience=5.0, notify=NOTIFY, **rules):
    mail = MailSettings(
        host="127.0.0.1", port=port, sender="heard@example.gov.uk", security=Security.NONE,
        patience=patience,
    )  # fmt: skip
    site = AnsweringSite(tmp_path / "site", mail=mail, notify=notify, contact=ContactRules(**rules))
    write_keys(site.site.public_keys, KEYS)
    site.site.summaries.mkdir(exist_ok=True)
    return site


@pytest.fixture
def site(tmp_path, post):
    made = site_with(tmp_path, post.port)
    yield made
    made.site.engine.dispose()


def keep(site, number, day=TODAY):
    assert add_request(site.site.engine, bytes([number]) * 16, b"sealed", day)
    return bytes([number]) * 16


def told(post):
    return [receivers for receivers, _ in post.post.mails]


def test_the_ladder_tells_each_once(site, post):
    keep(site, 1)
    for days in (0, 0, 1, 1, 2, 2, 9):
        tell(site.site, TODAY + timedelta(days=days))
    assert told(post) == [[LEAD], [DEPUTY], [THIRD]]


def test_each_message_is_told_of_and_many_make_one_mail(site, post):
    keep(site, 1)
    tell(site.site, TODAY)
    keep(site, 2)
    keep(site, 3)
    tell(site.site, TODAY)
    first, second = (mail.get_content().strip() for mail in post.post.parsed)
    assert first == "One message is waiting in Heard. Log in to read it."
    assert second == "2 messages are waiting in Heard. Log in to read them."


def test_nobody_further_is_told_once_somebody_has_taken_it_on(site, post):
    seen, done = keep(site, 1), keep(site, 2)
    assert mark_seen(site.site.engine, seen, "Ada", TODAY)
    assert mark_done(site.site.engine, done, "Ada", TODAY, b"note")
    for days in range(4):  # a Friday, the weekend, the first working day
        tell(site.site, TODAY + timedelta(days=days))
    assert told(post) == []


def test_what_was_taken_on_and_not_closed_is_told_again_to_the_whole_ladder(site, post):
    seen, done = keep(site, 1), keep(site, 2)
    tell(site.site, TODAY)
    assert mark_seen(site.site.engine, seen, "Ada", TODAY)
    assert mark_seen(site.site.engine, done, "Ada", TODAY)
    assert mark_done(site.site.engine, done, "Ada", TODAY + timedelta(days=3), b"note")
    found = {}
    for days in range(1, 30):
        before = len(post.post.mails)
        tell(site.site, TODAY + timedelta(days=days))
        found |= {days: told(post)[before:]} if len(post.post.mails) > before else {}
    # taken on on a Friday: Tuesday is the second working day after it
    assert found == {4: [[LEAD]], 5: [[DEPUTY]], 6: [[THIRD]]}
    words = [mail.get_content().strip() for mail in post.post.parsed][1:]
    log_in = "One message is still open in Heard. Log in and record what was done."
    ask = "One message is still open in Heard. Please ask the people who read them to log in."
    assert words == [log_in, log_in, ask]
    (one,) = [one for one in all_requests(site.site.engine) if one.id == seen]
    assert one.steps[Step.AGAIN_THIRD].day == TODAY + timedelta(days=6)
    assert Step.TOLD_DEPUTY not in one.steps, "what it was told of is known by its own name"


def test_how_long_something_may_be_taken_on_is_the_councils_to_say(tmp_path, post):
    site = site_with(tmp_path, post.port, again_after_working_days=5)
    assert mark_seen(site.site.engine, keep(site, 1), "Ada", TODAY)
    tell(site.site, TODAY + timedelta(days=6))
    assert told(post) == []
    tell(site.site, TODAY + timedelta(days=7))
    assert told(post) == [[LEAD]]
    site.site.engine.dispose()


def test_what_is_closed_while_it_is_told_again_is_told_no_further(site, post):
    seen = keep(site, 1)
    assert mark_seen(site.site.engine, seen, "Ada", TODAY)
    tell(site.site, TODAY + timedelta(days=4))
    assert mark_done(site.site.engine, seen, "Ada", TODAY + timedelta(days=4), b"note")
    tell(site.site, TODAY + timedelta(days=30))
    assert told(post) == [[LEAD]]


def test_the_deputy_at_once_where_the_council_says_so(tmp_path, post):
    site = site_with(tmp_path, post.port, deputy_at_once=True)
    keep(site, 1)
    tell(site.site, TODAY)
    assert told(post) == [[LEAD], [DEPUTY]]
    site.site.engine.dispose()


def test_where_there_is_no_address_nobody_is_told_and_the_others_are(tmp_path, post):
    site = site_with(tmp_path, post.port, notify=Notify(LEAD, "", THIRD))
    keep(site, 1)
    assert tell(site.site, TODAY + timedelta(days=5)).told == {
        Step.TOLD_LEAD: 1, Step.TOLD_THIRD: 1,
    }  # fmt: skip
    site.site.engine.dispose()


@pytest.mark.parametrize("step", [step for step in Step if "_" in step])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_mail_says_nothing_of_what_waits(site, post, step, count):
    state = State.SEEN if step.startswith("again") else State.WAITING
    words = words_for(Rung(step, LEAD, 1, state), count)
    assert not [word for word in TELLING if word.lower() in words.lower()]
    keep(site, 1)
    tell(site.site, TODAY)
    (mail,) = post.post.parsed
    assert mail["Subject"] == "Heard: please log in"
    whole = post.post.mails[0][1].decode().lower()
    assert not [word for word in TELLING if word.lower() in whole]


def test_a_mail_that_was_refused_is_sent_again(tmp_path):
    with MailServer(Post(refuse={LEAD})) as server:
        site = site_with(tmp_path, server.port)
        keep(site, 1)
        assert tell(site.site, TODAY).failed == (Step.TOLD_LEAD,)
        assert all_requests(site.site.engine)[0].steps == {}
        server.post.refuse.clear()
        assert tell(site.site, TODAY).told == {Step.TOLD_LEAD: 1}
        assert told(server) == [[LEAD]]
    site.site.engine.dispose()


def test_two_that_tell_at_the_same_time_send_one_mail(site, post):
    keep(site, 1)
    threads = [threading.Thread(target=tell, args=(site.site, TODAY)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(post) == [[LEAD]]


def send(site):
    person = Respondent(site)
    person.get("/talk")
    token = person.document.find(".//input[@name='once']").attrib["value"]
    return person.post("/talk", once=token, name="Sam", reach="School", words="Home")


def wait_for_the_teller():
    for thread in threading.enumerate():
        if thread.name == "tell":
            thread.join(timeout=30)


def test_a_message_is_told_of_at_once(site, post):
    assert send(site).status_code == 200
    wait_for_the_teller()
    assert told(post) == [[LEAD]]
    assert Step.TOLD_LEAD in all_requests(site.site.engine)[0].steps


class Stuck(Post):
    """Takes a mail and says nothing until it is let go."""

    def __init__(self):
        super().__init__()
        self.let_go = threading.Event()
        self.reached = threading.Event()

    async def handle_DATA(self, server, session, envelope):
        import asyncio

        self.reached.set()
        await asyncio.get_running_loop().run_in_executor(None, self.let_go.wait, 20)
        return await super().handle_DATA(server, session, envelope)


def test_the_lead_is_told_once_an_hour_that_others_are_turned_away(tmp_path, post):
    site = site_with(tmp_path, post.port, most_per_hour=1)
    assert [send(site).status_code for _ in range(4)] == [200, 429, 429, 429]
    wait_for_the_teller()
    (full,) = [mail for mail in post.post.parsed if "waiting" not in mail.get_content()]
    assert full["To"] == LEAD and full["Subject"] == "Heard: please log in"
    assert full.get_content().startswith("Heard takes in no more messages for up to an hour")
    whole = full.as_string().lower()
    assert not [word for word in TELLING if word.lower() in whole]
    site.clock.forward(hours=1, minutes=1)
    assert [send(site).status_code for _ in range(2)] == [200, 429]
    wait_for_the_teller()
    assert sum("no more messages" in mail.get_content() for mail in post.post.parsed) == 2
    site.site.engine.dispose()


def test_a_mail_server_that_is_away_breaks_nothing_for_those_turned_away(tmp_path, caplog):
    with MailServer() as server:
        port = server.port
    site = site_with(tmp_path, port, most_per_hour=1)
    assert [send(site).status_code for _ in range(2)] == [200, 429]
    wait_for_the_teller()
    assert "nobody was told that messages are turned away" in caplog.text
    site.site.engine.dispose()


def test_a_slow_mail_server_holds_nobody_up(tmp_path):
    with MailServer(Stuck()) as server:
        site = site_with(tmp_path, server.port, patience=20.0)
        page = send(site)
        assert page.status_code == 200, "the page was there while the mail server still thought"
        assert server.post.reached.wait(20) and told(server) == []
        server.post.let_go.set()
        wait_for_the_teller()
        assert told(server) == [[LEAD]]
    site.site.engine.dispose()


def test_a_mail_server_that_is_away_breaks_nothing(tmp_path, caplog):
    with MailServer() as server:
        port = server.port
    site = site_with(tmp_path, port)
    assert send(site).status_code == 200
    wait_for_the_teller()
    (one,) = all_requests(site.site.engine)
    assert one.steps == {}
    assert "told_lead: the mail server did not take the mail" in caplog.text
    assert "Sam" not in caplog.text
    site.site.engine.dispose()


def test_whatever_goes_wrong_while_telling_stays_away_from_the_page(site, caplog):
    with patch("surveys.contact.telling.tell", side_effect=RuntimeError("Sam")):
        assert send(site).status_code == 200
        wait_for_the_teller()
    assert "nobody was told that a message waits" in caplog.text


def test_without_a_mail_server_no_one_is_told_and_messages_are_kept(tmp_path):
    site = AnsweringSite(tmp_path / "bare", notify=NOTIFY)
    write_keys(site.site.public_keys, KEYS)
    assert send(site).status_code == 200
    assert len(all_requests(site.site.engine)) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "tell"]
    site.site.engine.dispose()


@pytest.mark.parametrize(
    "wrong",
    [
        {"deputy_after_days": 3, "third_after_days": 2},
        {"deputy_after_days": -1},
        {"delete_after_days": 0},
        {"most_per_hour": 0},
        {"again_after_working_days": 0},
    ],
)
def test_rules_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011
        ContactRules(**wrong)
