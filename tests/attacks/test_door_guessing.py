"""Guessing codes: how many a second a guesser gets looked up, and that nobody else is shut out."""

import threading
import time
from collections import Counter
from contextlib import suppress

import pytest
from attack_door import LET_IN, LOOKED_UP, TURNED_AWAY, door_without_stretching
from attack_site import Caller, RealSite

from surveys.answering import sitting
from surveys.answering.turns import FAILURES_A_SECOND, LONGEST_WAIT
from surveys.invitations.codes import word_list

pytestmark = pytest.mark.attack

WORDS = len(word_list()) ** 5


@pytest.fixture
def door(tmp_path, monkeypatch):
    made = door_without_stretching(tmp_path, monkeypatch)
    yield made
    made.answering.site.engine.dispose()


def seconds(door, number):
    """So many seconds of the door's clock."""
    for _ in range(number):
        yield
        door.answering.clock.forward(seconds=1)


def test_the_ceiling_of_the_door_leaves_a_guesser_next_to_nothing():
    hits = 1000 * FAILURES_A_SECOND * 42 * 24 * 3600 / WORDS  # 1,000 cards, six weeks
    print(f"\nexpected hits of 42 days at the ceiling, 1,000 cards: {hits:.0e}")
    assert hits < 1e-4


def test_guesser_who_throws_cookies_away_has_ten_a_second_looked_up(door):
    browser, statuses = door.fresh(), Counter()
    browser.honest = False
    for _ in seconds(door, 20):
        statuses.update(door.guess(browser) for _ in range(15))
    print(f"\n20 seconds, 15 tries each, first cookie used again and again: {dict(statuses)}")
    assert set(statuses) == {LOOKED_UP, TURNED_AWAY}
    assert statuses[LOOKED_UP] <= 21 * FAILURES_A_SECOND


def test_guesser_who_keeps_the_cookie_has_five_and_then_waits_longer_and_longer(door):
    browser, statuses = door.fresh(), Counter()
    for _ in seconds(door, 3600):
        if len(statuses) < 2 or door.answering.clock.time.second % 30 == 0:
            statuses.update([door.guess(browser)])
    print(f"\none hour in one browser, a try every 30 seconds at least: {dict(statuses)}")
    assert statuses[LOOKED_UP] <= 12


def test_hoarded_turns_are_held_up_by_the_stretching_alone(door):
    """A limit: turns saved up are let through all at once, so that nobody waits for a flood.

    What then holds a guesser is that each worker stretches two codes at a time; see below.
    """
    hoard = [door.fresh() for _ in range(60)]
    for browser in hoard:
        assert door.guess(browser) in (LOOKED_UP, TURNED_AWAY)
    door.answering.clock.forward(seconds=LONGEST_WAIT + 1)
    at_once = sum(door.guess(browser) == LOOKED_UP for browser in hoard)
    print(f"\n60 turns redeemed within one second: {at_once} looked up")
    assert at_once > FAILURES_A_SECOND, "the ceiling holds for hoarders too: say so in the promise"


def test_child_with_the_right_words_comes_in_during_a_flood_after_one_wait(door, monkeypatch):
    invitation, flood = door.answering.invite(), door.fresh()
    flood.honest = False
    monkeypatch.setattr(sitting, "parse_words", lambda text: tuple(text.split()))
    for _ in seconds(door, 10):
        for _ in range(15):
            door.guess(flood)
    child, secret = door.fresh(), sitting.secret_from_link(invitation.link)
    door.guess(flood)
    statuses = []
    for _ in seconds(door, LONGEST_WAIT + 2):
        for _ in range(3):
            door.guess(flood)
        if not statuses or door.answering.clock.time.second % 10 == 0:
            with monkeypatch.context() as patch:
                patch.setattr(sitting, "secret_from_typed_words", lambda *_: secret)
                statuses.append(door.post(child, "the right words are these"))
        if LET_IN in statuses:
            break
    assert statuses[-1] == LET_IN, statuses


def test_link_waits_for_no_flood(door):
    flood, invitation = door.fresh(), door.answering.invite()
    flood.honest = False
    for _ in range(40):
        door.guess(flood)
    assert door.post(door.fresh(), invitation.link) == LET_IN


SECONDS, GUESSERS = 6, 6


def test_real_server_keeps_to_its_ceiling_and_lets_the_right_words_in_meanwhile(tmp_path):
    site = RealSite(tmp_path / "served")
    card = site.invite(channel="card")
    site.start(workers=2)
    statuses, over, lock = Counter(), threading.Event(), threading.Lock()

    def attack(number):
        guesser = Caller(site)
        guesser.ask("GET", "/")
        cookie = guesser.cookie
        while not over.is_set():
            guesser.cookie = cookie
            with suppress(OSError):
                guesser.post("/start", words=f"{word_list()[number]} " * 5)
                with lock:
                    statuses[guesser.location] += 1

    threads = [threading.Thread(target=attack, args=(number,)) for number in range(GUESSERS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    over.wait(SECONDS)
    child = Caller(site)
    child.ask("GET", "/")
    waited = time.monotonic()
    while child.post("/start", words=" ".join(card.words)) and child.location != LET_IN:
        assert time.monotonic() - waited < LONGEST_WAIT + 10
        over.wait(0.5)
    came_in = time.monotonic() - waited
    over.set()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - began
    site.remove()
    looked_up, all_tries = statuses[LOOKED_UP], sum(statuses.values())
    print(
        f"\n{GUESSERS} guessers, {lasted:.1f} s, 2 workers: {all_tries} tries, {looked_up} looked up, "
        f"{looked_up / lasted:.1f}/s, {3600 * looked_up / lasted:.0f}/h; "
        f"the right words came in after {came_in:.1f} s"
    )
    assert set(statuses) <= {LOOKED_UP, TURNED_AWAY}
    assert looked_up > 0
    assert looked_up <= FAILURES_A_SECOND * (lasted + 2)
