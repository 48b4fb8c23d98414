"""Guessing of words: slowed by address and for the whole site, and no right word is ever shut out."""

import logging
import re
from datetime import date

import pytest
from answering_respondent import Respondent

from surveys.answering import sitting, tries, turns
from surveys.answering.turns import Ticket, Turns

DAY = date(2026, 11, 20)
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
RIGHT, WRONG = "gizmo maple taxi urban sweater", "sweater urban taxi maple gizmo"


def put_off(door, caller, ticket, now):
    """When to come back, as a ticket; None for a try that may be made now."""
    return door.take(caller, ticket, now).later


def fail(door, caller, times, now=0):
    """Failures of one caller that the site's pace lets through: one a second."""
    for second in range(times):
        assert put_off(door, caller, None, now + second) is None
        door.failed(caller, now + second)
    return now + times


def test_twentieth_failure_slows_its_address_and_no_other():
    door = Turns()
    home, elsewhere = door.hidden(HOME, DAY), door.hidden(ELSEWHERE, DAY)
    now = fail(door, home, 20)
    assert put_off(door, home, None, now).at == now + 5
    assert put_off(door, elsewhere, None, now) is None
    assert put_off(door, None, None, now) is None


def test_address_is_quick_again_ten_minutes_after_the_first_of_twenty():
    door = Turns()
    home = door.hidden(HOME, DAY)
    fail(door, home, 20)
    assert put_off(door, home, None, 599)
    assert put_off(door, home, None, 600) is None


def test_ticket_lets_in_once_at_its_time_whatever_others_have_done():
    door = Turns()
    home = door.hidden(HOME, DAY)
    now = fail(door, home, 20)
    ticket = put_off(door, home, None, now)
    for _ in range(500):  # somebody floods from the same address meanwhile
        put_off(door, home, None, now + 1)
        door.failed(home, now + 1)
    assert put_off(door, home, ticket, ticket.at - 1) == ticket
    assert put_off(door, home, ticket, ticket.at) is None
    again = put_off(door, home, ticket, ticket.at)
    assert again is not None and again != ticket


def test_ticket_ends_after_ten_minutes():
    door = Turns()
    assert put_off(door, None, Ticket("a", 0, placed=True), 600) is None
    fail(door, door.hidden(HOME, DAY), 20, now=700)
    assert put_off(door, door.hidden(HOME, DAY), Ticket("b", 0, placed=True), 720) is not None


def test_ticket_of_a_try_that_was_not_made_is_as_good_as_before():
    door = Turns()
    home = door.hidden(HOME, DAY)
    now = fail(door, home, 20)
    ticket = put_off(door, home, None, now)
    door.not_tried(door.take(home, ticket, ticket.at))
    assert put_off(door, home, ticket, ticket.at) is None
    assert put_off(door, home, ticket, ticket.at) is not None


@pytest.mark.parametrize("placed", [True, False])
def test_a_used_ticket_stays_used_when_too_many_are_at_the_door(placed):
    """Coming with it again is one more try among others, whatever comes of that."""
    door, ticket = Turns(), Ticket("a", 0, placed=placed)
    assert door.take(None, ticket, 0).redeemed == ticket
    for _ in range(3):
        again = door.take(None, ticket, 0)
        assert (again.later, again.redeemed) == (None, None)
        door.not_tried(again)
    assert door.take(None, ticket, 0).redeemed is None


def test_a_try_that_was_not_made_gives_back_the_place_that_it_took():
    door, used = Turns(), Ticket("a", 0, placed=True)
    assert put_off(door, None, used, 0) is None
    for ticket in (None, used, Ticket("b", 0, placed=False)):
        for _ in range(300):
            door.not_tried(door.take(None, ticket, 0))
    assert [put_off(door, None, None, 0) is None for _ in range(12)] == [True] * 10 + [False] * 2


@pytest.mark.parametrize(("workers", "share"), [(1, 10), (2, 5), (5, 2)])
def test_ten_failures_a_second_are_let_through_by_all_workers_together(workers, share):
    door = Turns(workers)
    assert [put_off(door, None, None, 0) is None for _ in range(share + 3)] == [True] * share + [
        False
    ] * 3


@pytest.mark.parametrize("workers", [1, 2])
def test_guesser_who_queues_as_told_keeps_to_the_pace_and_waits_half_a_minute_at_most(workers):
    door, waiting, tried = Turns(workers), [], 0
    for now in range(120):
        due = [ticket for ticket in waiting if ticket.at <= now]
        waiting = [ticket for ticket in waiting if ticket.at > now]
        for ticket in [*due, *[None] * (9 // workers)]:
            later = put_off(door, None, ticket, now)
            tried += later is None
            waiting += [later] if later else []
            assert later is None or later.at - now <= 31
    assert tried <= (120 + 1) * 10 / workers


def test_flood_from_one_address_takes_no_place_from_others():
    door = Turns()
    home, elsewhere = door.hidden(HOME, DAY), door.hidden(ELSEWHERE, DAY)
    now = fail(door, home, 20)
    for _ in range(1000):
        assert put_off(door, home, None, now).at == now + 5
    assert put_off(door, elsewhere, None, now) is None


def test_slowed_address_that_comes_back_in_crowds_keeps_to_the_pace_of_the_site():
    door = Turns()
    home = door.hidden(HOME, DAY)
    now = fail(door, home, 20)
    tickets = [put_off(door, home, None, now) for _ in range(50)]
    again = [put_off(door, home, ticket, now + 5) for ticket in tickets]
    assert again.count(None) == 10
    assert all(ticket.placed for ticket in again if ticket)
    assert [put_off(door, home, ticket, ticket.at) for ticket in again if ticket] == [None] * 40


def test_right_words_give_their_place_back():
    door = Turns()
    for _ in range(300):
        assert put_off(door, None, None, 0) is None
        door.opened()


def test_address_is_hidden_by_a_key_of_the_day_that_no_other_worker_has():
    door, other = Turns(), Turns()
    today = door.hidden(HOME, DAY)
    assert today == door.hidden(HOME, DAY)
    assert len(today) == 32 and HOME.encode() not in today
    assert today != other.hidden(HOME, DAY)
    fail(door, today, 20)
    tomorrow = door.hidden(HOME, date(2026, 11, 21))
    assert tomorrow != today
    assert not door._callers
    assert tomorrow != door.hidden(HOME, DAY)


def test_callers_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(turns, "MOST_CALLERS", 3)
    door = Turns()
    for number in range(10):
        door.failed(bytes([number]), number)
    assert list(door._callers) == [bytes([7]), bytes([8]), bytes([9])]
    for number in range(50):
        put_off(door, None, Ticket(str(number), number * 1000, placed=True), number * 1000)
    assert len(door._used) <= 2


@pytest.mark.parametrize(("workers", "share"), [(1, 200), (2, 100), (3, 67)])
def test_two_hundred_failures_an_hour_are_told_once_as_a_number(caplog, workers, share):
    door = Turns(workers)
    with caplog.at_level(logging.WARNING, "heard"):
        for number in range(share - 1):
            door.count_for_alarm(number)
        assert caplog.messages == []
        for number in range(300):
            door.count_for_alarm(share + number)
    [told] = caplog.messages
    assert re.findall(r"\d+", told) == [str(share), str(workers)]


def test_failures_of_another_hour_count_anew(caplog):
    door = Turns()
    for hour in range(4):
        for _ in range(199):
            door.count_for_alarm(hour * 3601.0)
    assert caplog.messages == []


# Through the pages, with the stretching of words left out.


@pytest.fixture
def door(answering, monkeypatch):
    """A site where RIGHT leads to a fresh slot; words are not stretched."""
    right = answering.invite()

    def secret(words, *_):
        fits = list(words) == RIGHT.split()
        return sitting.secret_from_link(right.link) if fits else bytes(16)

    monkeypatch.setattr(sitting, "secret_from_typed_words", secret)
    return answering


def come(door, address=HOME, told_by="127.0.0.1"):
    person = Respondent(door)
    person.client.environ_base["REMOTE_ADDR"] = told_by
    person.client.environ_base["HTTP_X_FORWARDED_FOR"] = address
    person.get("/")
    return person


def guess_without_cookies(door, times, address=HOME):
    """What a guesser does who forgets every cookie, so that no session ever counts five."""
    for _ in range(times):
        person = come(door, address)
        door.clock.forward(seconds=1)
        yield person.enter(WRONG).status_code


def test_forgetting_cookies_is_no_way_round(door):
    assert list(guess_without_cookies(door, 25)) == [404] * 20 + [429] * 5


def test_right_words_from_a_guessers_address_open_after_one_short_wait(door):
    assert 429 in set(guess_without_cookies(door, 40))
    child = come(door)
    page = child.enter(RIGHT)
    assert page.status_code == 429
    assert "You have done nothing wrong." in child.text
    assert "Minutes to wait" not in child.text
    assert child.document.find(".//input[@id='words']").attrib["value"] == RIGHT
    for _ in range(4):
        assert set(guess_without_cookies(door, 1)) == {429}
    door.clock.forward(seconds=2)
    child.enter(RIGHT)
    assert child.heading == "Tiny"


def test_waiting_is_no_wrong_try(door):
    list(guess_without_cookies(door, 20))
    child = come(door)
    for _ in range(10):
        assert child.enter(RIGHT).status_code == 429
    with child.client.session_transaction() as session:
        assert session.get("tries", 0) == 0


def test_a_copied_cookie_brings_no_second_try(door):
    list(guess_without_cookies(door, 20))
    guesser = come(door)
    guesser.enter(WRONG)
    cookie, token = guesser.client.get_cookie("heard").value, guesser.token
    door.clock.forward(seconds=6)
    answers = []
    for _ in range(4):
        guesser.client.set_cookie("heard", cookie)
        page = guesser.client.post("/start", data={"csrf_token": token, "words": WRONG})
        answers.append(page.location)
    assert answers == ["/not-open", "/", "/", "/"]


def test_nothing_is_looked_up_out_of_turn(door, monkeypatch):
    list(guess_without_cookies(door, 20))
    monkeypatch.setattr(sitting, "read_draft", pytest.fail)
    assert come(door).enter(RIGHT).status_code == 429


def test_other_addresses_and_links_wait_for_nobody(door):
    list(guess_without_cookies(door, 30))
    neighbour = come(door, ELSEWHERE)
    neighbour.enter(RIGHT)
    assert neighbour.heading == "Tiny"
    scanned = come(door)
    scanned.enter()
    assert scanned.heading == "Tiny"


def test_a_household_of_ipv6_is_one_address(door):
    list(guess_without_cookies(door, 20, "2001:db8:1:2::1"))
    assert come(door, "2001:db8:1:2:ffff::9").enter(RIGHT).status_code == 429
    assert come(door, "2001:db8:1:3::1").enter(RIGHT).status_code == 200


@pytest.mark.parametrize("address", ["", "unknown", "127.0.0.1", "1.2.3.4, spoofed"])
def test_without_an_address_only_the_site_is_slowed(door, address):
    """A proxy that tells no address: everybody would seem to be one caller, and wait for all."""
    local = list(guess_without_cookies(door, 25, address))
    assert local == [404] * 25 if address != "127.0.0.1" else [404] * 20 + [429] * 5


def test_a_caller_from_outside_is_not_believed_about_its_address(door):
    for number in range(20):
        person = come(door, f"10.0.0.{number}", told_by=HOME)
        door.clock.forward(seconds=1)
        assert person.enter(WRONG).status_code == 404
    assert come(door, "10.0.0.99", told_by=HOME).enter(WRONG).status_code == 429


def test_eleventh_failure_of_a_second_waits_its_turn(door):
    people = [come(door, f"198.51.100.{number}") for number in range(12)]
    assert [person.enter(WRONG).status_code for person in people] == [404] * 10 + [429] * 2
    door.clock.forward(seconds=1)
    people[-1].enter(RIGHT)
    assert people[-1].heading == "Tiny"


def test_address_is_in_no_log_and_on_no_page(door, caplog):
    with caplog.at_level(logging.DEBUG):
        list(guess_without_cookies(door, 210))
    assert caplog.messages and HOME not in caplog.text
    kept = vars(door.app.extensions[tries._TURNS])
    assert HOME not in str(kept) and HOME.encode() not in b"".join(kept["_callers"])
    assert HOME.encode() not in b"".join(
        file.read_bytes() for file in door.folder.rglob("*") if file.is_file()
    )


def test_unknown_used_and_closed_words_are_answered_alike(door):
    from surveys.vault.waves import WaveStatus, set_status

    sent = come(door)
    sent.enter(RIGHT)
    sent.agree()
    sent.get("/answer/check")
    sent.post("/answer/send")
    pages = {name: _told(come(door), words) for name, words in
             {"unknown": WRONG, "used": RIGHT, "no words": "hello"}.items()}  # fmt: skip
    pages["unknown link"] = _told(come(door), "a" * 26)
    open_still = door.invite()
    set_status(door.site.engine, door.wave.id, WaveStatus.CLOSED)
    pages["closed"] = _told(come(door), open_still.link)
    assert len(set(pages.values())) == 1, pages
    assert "404" in next(iter(pages.values()))


def _told(person, words):
    page = person.enter(words)
    text = re.sub(r'name="csrf_token"[^>]*', "", page.get_data(as_text=True))
    kept = sorted((name, value) for name, value in page.headers if name not in
                  ("Set-Cookie", "Content-Length"))  # fmt: skip
    return f"{page.status_code} {kept} {text}"
