"""The page "I need to talk": reached from everywhere, kept once, never losing a word or an answer."""

import re
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import AnsweringSite, tiny_survey
from contact_keys import DEPUTY, KEYS, opened
from sqlalchemy.exc import OperationalError

from questionnaires.responses import Written
from surveys.contact.keys import keys_path, write_keys
from surveys.contact.message import Message
from surveys.contact.requests import all_requests
from surveys.contact.rules import ContactRules

WORDS = {"name": "Sam", "reach": "At school, at lunch", "words": "It is about home."}
SAM = Message("Sam", "At school, at lunch", "It is about home.")


def once(respondent):
    return respondent.document.find(".//input[@name='once']").attrib["value"]


def ask(respondent, **values):
    """Open the page and send it."""
    respondent.get("/talk")
    return respondent.post("/talk", once=once(respondent), go="send", **{**WORDS, **values})


def written(respondent):
    return {
        box.attrib["name"]: "".join(box.itertext()).removeprefix("\n")
        for box in respondent.document.findall(".//textarea")
    }


def leads_to_talk(respondent):
    return bool(
        respondent.document.findall(".//a[@href='/talk']")
        or respondent.document.findall(".//button[@value='talk']")
    )


def test_a_message_needs_no_code_and_opens_for_the_deputy(answering, respondent):
    ask(respondent)
    assert respondent.heading == "Thank you!"
    assert opened(answering.site.engine, DEPUTY) == [SAM]


def test_every_page_leads_there_before_during_and_after(answering):
    person = Respondent(answering)
    met = []

    def look():
        met.append(person.address)
        assert leads_to_talk(person), person.address

    for address in ("/", "/help", "/privacy", "/accessibility", "/nowhere", "/answer/ended"):
        person.get(address)
        look()
    person.get("/")
    person.post("/start", words="no such words at all")
    look()  # they open nothing
    person.enter()
    look()
    person.agree()
    for _ in range(7):
        look()
        person.press("skip" if person.address != "/answer/1" else "next")
        if person.address == "/answer/check":
            break
    look()
    person.get("/answer/pictures")
    look()
    person.get("/answer/delete")
    look()
    person.get("/answer/check")
    person.post("/answer/send")
    look()
    assert {"/not-open", "/answer/welcome", "/answer/2", "/answer/check", "/answer/thanks"} <= set(
        met
    )


def test_what_hides_a_page_says_nothing_of_it(respondent):
    respondent.enter()
    respondent.agree()
    respondent.press("hide")
    assert respondent.address == "/break" and not leads_to_talk(respondent)
    respondent.get("/away")
    assert not leads_to_talk(respondent)


def test_answers_are_there_before_and_after(answering, respondent):
    respondent.enter()
    respondent.agree()
    respondent.get("/answer/6")
    respondent.press("talk", words="A garden")
    assert respondent.address == "/talk"
    assert answering.draft(respondent.invitation) == {"wish": Written("A garden")}
    ask(respondent)
    back = respondent.document.find(".//a[@class='next']").attrib["href"]
    assert back == "/answer/6" and "Your answers so far are safe." in respondent.visible_text
    respondent.get(back)
    assert "A garden" in respondent.text
    assert answering.draft(respondent.invitation) == {"wish": Written("A garden")}


@pytest.mark.parametrize(
    ("reach", "back"),
    [
        (lambda person: person.get("/"), "/"),
        (lambda person: person.enter(), "/answer/welcome"),
        (lambda person: (person.enter(), person.agree(), person.press("talk")), "/answer/1"),
    ],
)
def test_the_way_back_leads_where_one_was(respondent, reach, back):
    reach(respondent)
    respondent.get("/talk")
    assert respondent.document.find(".//a[@class='tool']").attrib["href"] == back


def test_the_way_back_from_check_and_thanks(answering):
    person = Respondent(answering)
    person.enter()
    person.agree()
    answer_all(person)
    person.get("/answer/check")
    person.get("/talk")
    assert person.document.find(".//a[@class='tool']").attrib["href"] == "/answer/check"
    person.get("/answer/check")
    person.post("/answer/send")
    ask(person)
    assert person.document.find(".//a[@class='next']").attrib["href"] == "/answer/thanks"


def test_an_answer_too_long_to_save_is_not_lost_by_asking(answering, respondent):
    respondent.enter()
    respondent.agree()
    respondent.get("/answer/6")
    respondent.press("talk", words="x" * 41)
    assert respondent.address == "/answer/6" and "x" * 41 in respondent.text
    (way,) = respondent.document.findall(".//section//a[@href='/talk']")
    assert way.attrib["target"] == "_blank"
    assert "0800 1111" in respondent.visible_text


def test_nothing_is_filled_in_beforehand(answering, respondent):
    respondent.enter()
    respondent.agree()
    respondent.pick("yes")
    respondent.get("/talk")
    assert written(respondent) == {"name": "", "reach": "", "words": ""}


@pytest.mark.parametrize(
    ("values", "fault", "place"),
    [
        ({"name": " "}, "Please write what we can call you.", "#name"),
        ({"reach": "\n"}, "Please write how and when we can reach you.", "#reach"),
        ({"words": "x" * 2001}, "Please make this shorter.", "#words"),
        ({"name": "x" * 101}, "Please make this shorter.", "#name"),
    ],
)
def test_what_is_to_be_mended_is_said_and_nothing_is_lost(
    answering, respondent, values, fault, place
):
    page = ask(respondent, **values)
    assert page.status_code == 422
    (link,) = respondent.document.findall(".//*[@id='notice']//a")
    assert link.attrib["href"] == place and "".join(link.itertext()) == fault
    kept = {name: text.strip() for name, text in {**WORDS, **values}.items()}
    assert written(respondent) == kept
    assert all_requests(answering.site.engine) == []


def test_words_may_be_left_out_and_controls_go(answering, respondent):
    ask(respondent, words="", name="Sa\x00m\x1b[2J")
    assert opened(answering.site.engine) == [Message("Sam[2J", "At school, at lunch", "")]


def test_a_double_press_keeps_one(answering, respondent):
    respondent.get("/talk")
    token = once(respondent)
    for _ in range(3):
        respondent.post("/talk", once=token, go="send", **WORDS)
        assert respondent.heading == "Thank you!"
    assert len(all_requests(answering.site.engine)) == 1


def test_two_presses_at_the_same_moment_keep_one(answering):
    token, clients = "ab" * 16, [answering.client() for _ in range(2)]
    with patch("surveys.contact.talking.was_taken", return_value=False):
        pages = [client.post("/talk", data={**WORDS, "once": token}) for client in clients]
    assert [page.status_code for page in pages] == [303, 303]
    assert len(all_requests(answering.site.engine)) == 1


def test_a_page_that_was_open_for_hours_still_sends(answering, respondent):
    respondent.enter()
    respondent.agree()
    respondent.press("talk")
    token = once(respondent)
    answering.clock.forward(hours=5)
    respondent.client.post("/talk", data={**WORDS, "once": token, "csrf_token": "long gone"})
    assert opened(answering.site.engine) == [SAM]


def test_a_form_of_another_site_is_refused(answering, respondent):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert respondent.client.post("/talk", data=WORDS, headers=headers).status_code == 403
    assert all_requests(answering.site.engine) == []


def test_the_fourth_of_a_day_is_told_whom_to_ring_and_keeps_its_words(answering, respondent):
    for _ in range(3):
        ask(respondent)
    page = ask(respondent, words="a fourth")
    assert page.status_code == 429 and written(respondent)["words"] == "a fourth"
    assert "Please ring one of these people." in respondent.visible_text
    assert respondent.visible_text.index("999") < respondent.visible_text.index("0800 1111")
    assert len(all_requests(answering.site.engine)) == 3
    answering.clock.forward(days=1)
    ask(respondent)
    assert len(all_requests(answering.site.engine)) == 4


def test_the_whole_site_takes_so_many_an_hour(tmp_path):
    site = AnsweringSite(tmp_path / "few", contact=ContactRules(most_per_hour=2))
    write_keys(site.site.public_keys, KEYS)
    people = [Respondent(site) for _ in range(4)]
    for person in people:
        person.enter()
    assert [ask(person).status_code for person in people[:3]] == [200, 200, 429]
    assert written(people[2])["words"] == WORDS["words"]
    site.clock.forward(hours=1, minutes=1)
    assert ask(people[3]).status_code == 200
    site.site.engine.dispose()


def from_address(respondent, address):
    """What the council's proxy says of where somebody is."""
    respondent.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.1, {address}"
    return respondent


def press(answering, address):
    """A script without a cookie, as often as it likes."""
    visitor = from_address(Respondent(answering), address).client
    return visitor.post("/talk", data=WORDS).status_code


def test_nobody_without_a_code_can_close_it_for_all_others(answering, caplog):
    assert [press(answering, "203.0.113.7") for _ in range(30)] == [303] * 10 + [429] * 20
    assert press(answering, "198.51.100.1") == 303, "another address"
    assert caplog.text == "", "the site is not full"
    many = [press(answering, f"198.51.100.{number}") for number in range(2, 40)]
    assert many == [303] * 4 + [429] * 34, "half of the site's number"
    assert caplog.text.count("15 sent from /talk in an hour") == 1
    for mark in ("203.0.113", "198.51.100", "Sam"):
        assert mark not in caplog.text
    child = from_address(Respondent(answering), "203.0.113.7")
    child.enter()
    assert ask(child).status_code == 200 and child.heading == "Thank you!"
    assert len(all_requests(answering.site.engine)) == 16


def test_a_browser_that_has_just_sent_its_answers_counts_as_one_with_a_code(tmp_path):
    site = AnsweringSite(tmp_path / "few", contact=ContactRules(most_per_hour=2))
    write_keys(site.site.public_keys, KEYS)
    child = Respondent(site)
    child.enter()
    child.agree()
    answer_all(child)
    child.get("/answer/check")
    child.post("/answer/send")
    assert [press(site, "203.0.113.7"), press(site, "203.0.113.8")] == [303, 429]
    assert ask(child).status_code == 200
    site.site.engine.dispose()


def test_a_database_that_is_busy_loses_no_word(answering, respondent):
    gone = OperationalError("insert", {}, Exception("locked"))
    with patch("surveys.contact.requests.writing", side_effect=gone):
        page = ask(respondent)
    assert page.status_code == 429 and written(respondent)["words"] == WORDS["words"]
    assert ask(respondent).status_code == 200


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("{}")])
def test_without_keys_there_are_people_to_ring_and_no_form(answering, respondent, spoil):
    respondent.get("/talk")
    token = once(respondent)
    spoil(keys_path(answering.site.public_keys))
    respondent.get("/talk")
    assert respondent.document.findall(".//textarea") == []
    assert "0800 1111" in respondent.visible_text and respondent.heading == "I need to talk"
    respondent.client.post("/talk", data={**WORDS, "once": token})
    assert all_requests(answering.site.engine) == []


def test_another_look_keeps_what_was_written(respondent):
    respondent.get("/talk")
    respondent.post("/talk", once=once(respondent), size="bigger", **WORDS)
    assert respondent.document.attrib["data-size"] == "bigger" and written(respondent) == WORDS


def test_leave_and_hide_work_at_once_and_keep_nothing(answering, respondent):
    respondent.enter()
    respondent.agree()
    respondent.press("talk")
    respondent.post("/talk", go="hide", **WORDS)
    assert respondent.address == "/break" and "Sam" not in respondent.text
    other = Respondent(answering)
    other.get("/talk")
    other.post("/talk", go="leave", **WORDS)
    assert other.address == "/away"
    assert all_requests(answering.site.engine) == []


LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "promise"),
    [
        ((2026, 11, 20, 12, 0), "They will look today or on Monday 23 November."),
        ((2026, 11, 20, 16, 59), "They will look today or on Monday 23 November."),
        ((2026, 11, 20, 17, 0), "Nobody is there just now. They will look on Monday 23 November."),
        ((2026, 11, 20, 8, 59), "Nobody is there just now. They will look on Friday 20 November."),
        ((2026, 11, 21, 12, 0), "Nobody is there just now. They will look on Monday 23 November."),
        ((2026, 12, 24, 20, 0), "Nobody is there just now. They will look on Tuesday 29 December."),
    ],
)
def test_the_promise_is_true_of_the_hour(answering, respondent, now, promise):
    answering.clock.time = datetime(*now, tzinfo=LONDON)
    ask(respondent)
    text = respondent.visible_text
    assert promise in text
    assert "They look on working days, from 09:00 to 17:00." in text
    assert re.search(r"999.*0800 1111.*They will look", text), "whom to ring stands first"


@pytest.mark.parametrize("hour", [12, 23])
@pytest.mark.parametrize("look", ["child", "young"])
def test_999_and_childline_stand_first_at_any_hour(tmp_path, look, hour):
    site = AnsweringSite(tmp_path / "look", tiny_survey(look=look))
    write_keys(site.site.public_keys, KEYS)
    site.clock.time = site.clock.time.replace(hour=hour)
    person = Respondent(site)
    person.enter()
    for step in (lambda: person.get("/talk"), lambda: ask(person)):
        step()
        numbers = [
            "".join(line.itertext()) for line in person.document.findall(".//*[@class='contact']")
        ]
        assert numbers == ["999", "0800 1111"]
    site.site.engine.dispose()


def test_what_is_promised_is_word_for_word(respondent):
    respondent.get("/talk")
    for sentence in (
        "This is not part of the survey.",
        "Only two people can read what you write here.",
        "If they think that somebody is not safe, they may have to tell others who can help.",
        "They do not look straight away.",
    ):
        assert sentence in respondent.visible_text


def test_thanks_are_shown_once_and_never_to_whoever_comes_back(respondent):
    ask(respondent)
    assert respondent.heading == "Thank you!"
    respondent.get("/talk")
    assert respondent.heading == "I need to talk" and written(respondent)["words"] == ""


def test_a_script_is_told_the_address_so_that_no_browser_keeps_the_words(respondent):
    respondent.get("/talk")
    data = {**WORDS, "once": once(respondent)}
    page = respondent.client.post("/talk", data=data, headers={"Accept": "application/json"})
    assert page.json == {"to": "/talk"}
