"""Many passwords at once: two are hashed, one waits, the others are told so, and pages go on."""

import re
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from datetime import date
from threading import Event

import pytest
from desk_site import set_clock

from config import server
from surveys.invitations import codes
from surveys.staff import passwords
from surveys.staff.accounts import account_for
from surveys.staff.invited import invite
from surveys.staff.passwords import DoorCrowded, at_the_door

PASSWORD = "four words of my own"
PLACES = 3
MANY = 16


@contextmanager
def crowd():
    """Every place at the door is taken."""
    with ExitStack() as places:
        for _ in range(PLACES):
            places.enter_context(at_the_door())
        yield


@pytest.fixture
def sam(real):
    return real("Sam", "coordinator").have_app()


def is_patience(answer):
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert "Many are signing in just now" in answer.text
    assert "Wait a little, then try again." in answer.text
    return True


def test_one_more_than_there_are_places_is_told_at_once():
    with crowd(), pytest.raises(DoorCrowded), at_the_door():
        pass


def test_a_place_is_given_back_whatever_happens():
    for _ in range(PLACES + 1):
        with pytest.raises(ZeroDivisionError), at_the_door():
            _ = 1 / 0


def test_the_doors_leave_threads_for_pages():
    doors = codes._AT_THE_DOOR, passwords._AT_THE_DOOR
    assert server.threads - sum(door._initial_value for door in doors) >= 2


def test_made_up_names_at_once_keep_nobody_from_a_page(app, monkeypatch):
    go_on = Event()
    monkeypatch.setattr("surveys.staff.accounts.fits", lambda *_: go_on.wait(30) and False)
    clients = [app.test_client() for _ in range(MANY)]
    tokens = [token_on(client.get("/staff/log-in")) for client in clients]

    def guess(number):
        data = {"csrf_token": tokens[number], "name": f"made up {number}", "password": PASSWORD}
        return clients[number].post("/staff/log-in", data=data).status_code

    with ThreadPoolExecutor(server.threads) as pool:
        running = {pool.submit(guess, number) for number in range(MANY)}
        refused = []
        while len(refused) < MANY - PLACES:
            done, running = wait(running, timeout=20, return_when=FIRST_COMPLETED)
            assert done, "all threads are held by passwords"
            refused += [one.result() for one in done]
        assert pool.submit(app.test_client().get, "/staff/log-in").result(20).status_code == 200
        go_on.set()
        assert {one.result() for one in running} == {422}
    assert set(refused) == {503}


def token_on(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def test_log_in_asks_for_patience_and_counts_no_try(sam):
    with crowd():
        for _ in range(7):
            answer = sam.give_password()
            assert is_patience(answer) and 'href="/staff/log-in"' in answer.text
    assert sam.give_password().location == "/staff/second-step"


def test_confirming_and_a_new_password_ask_for_it_too(sam):
    sam.log_in()
    new = "another four words"
    with crowd():
        assert is_patience(sam.post("/staff/sign-in/password", password=new, again=new))
    set_clock(sam.app, minutes=6)
    sam.client.get("/staff/sign-in/password")
    with crowd():
        for _ in range(7):
            assert is_patience(sam.post("/staff/confirm", password=PASSWORD))
    assert sam.post("/staff/confirm", password=PASSWORD).location == "/staff/sign-in/password"


def accept(client, code):
    page = "/staff/invitation"
    fields = {"code": code, "password": PASSWORD, "again": PASSWORD}
    return client.post(page, data={"csrf_token": token_on(client.get(page)), **fields})


def test_invitation_in_a_crowd_stays_good(site, client):
    _, code = invite(site.engine, site.pepper, "Ana", ["inspector"], date(2026, 11, 27))
    with crowd():
        assert is_patience(accept(client, code))
    assert accept(client, code).status_code == 303
    assert account_for(site.engine, "Ana", PASSWORD)


@pytest.mark.parametrize("code", ["a" * 26, "no code at all"])
def test_nothing_is_hashed_for_a_code_that_opens_nothing(client, code, monkeypatch):
    hashed = []
    monkeypatch.setattr("surveys.staff.invited.hash_password", hashed.append)
    with crowd():
        assert accept(client, code).status_code == 422
    assert hashed == []
