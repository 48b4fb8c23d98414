"""Codes that open nothing take the same time, whether unknown, used, or of a wave that is closed.

Measured through the real route, in turns: the work that the processor does for a request, and the time
that somebody at the door sees. What counts is a gap that could be used: a tenth of what it takes to
stretch five words; for links, which are not stretched, a millisecond. A machine that is busy with other
things may spoil a round, and then a quarter of what a request takes is within the noise of what is seen;
of three rounds two must be even.
"""

import secrets
import time
from dataclasses import replace
from datetime import date
from itertools import combinations
from statistics import median

import pytest
from answering_site import AnsweringSite
from attack_door import LOOKED_UP, Door
from attack_timing import Comparison

from surveys.invitations.codes import CredentialSeed, access_from_secret, secret_from_link
from surveys.invitations.issuing import SiteKeys, issue
from surveys.invitations.register import new_invitation
from surveys.vault.slots import finish
from surveys.vault.waves import WaveStatus, prepare_wave, set_status

pytestmark = pytest.mark.attack

ROUNDS, WORDS_EACH, LINKS_EACH = 3, 8, 60
ONE_MILLISECOND = 0.001


@pytest.fixture
def door(tmp_path):
    answering = AnsweringSite(tmp_path)
    yield Door(answering)
    answering.site.engine.dispose()


def typed(code):
    return " ".join(code.words) if code.words else code.link


def codes(door, channel):
    """One code of each kind that opens nothing."""
    site = door.answering.site
    closed = prepare_wave(
        site.engine, door.answering.survey, secrets.token_bytes(16), date(2026, 11, 1),
        date(2026, 11, 30), number=2,
    )  # fmt: skip
    keys = SiteKeys(site.storage_key, site.pepper, site.site_id)
    seed, found = CredentialSeed.generate(), {}
    for name, wave in (("used", door.answering.wave), ("closed", closed)):
        wanted = [new_invitation(wave.id, "8-10", channel)]
        [found[name]] = issue(site.engine, wave, wanted, seed=seed, keys=keys)
    access = access_from_secret(secret_from_link(found["used"].link))
    assert finish(site.engine, site.storage_key, access, lambda _: b"sealed") is True
    for status in (WaveStatus.OPEN, WaveStatus.CLOSED):
        set_status(site.engine, closed.id, status)
    unknown = replace(found["used"], link="a" * 26, words=found["used"].words and ("zip",) * 5)
    return {"unknown": typed(unknown), **{name: typed(code) for name, code in found.items()}}


def seconds_of_one(door, browser, words):
    """Work and time of one request."""
    door.answering.clock.forward(seconds=2)  # the door's pace is not what is measured here
    work, began = time.thread_time(), time.perf_counter()
    led_to = door.post(browser, words)
    taken = time.thread_time() - work, time.perf_counter() - began
    assert led_to == LOOKED_UP
    return taken


def measure(door, found, each):
    """Every kind in turns, each time in a browser that nobody has seen: comparisons of work, of time."""
    browser = door.fresh()
    browser.honest = False
    taken = {name: [] for name in found}
    for number in range(each):
        names = list(found)[number % 3 :] + list(found)[: number % 3]
        for name in names:
            taken[name].append(seconds_of_one(door, browser, found[name]))
    return [
        [
            Comparison(f"{what}, {one} and {two}", column(taken[one]), column(taken[two]))
            for one, two in combinations(found, 2)
        ]
        for what, column in (("work", firsts), ("time", seconds))
    ]


def firsts(pairs):
    return [work for work, _ in pairs]


def seconds(pairs):
    return [seen for _, seen in pairs]


def is_even_in_two_of_three(door, found, each, margin):
    even = []
    for _ in range(ROUNDS):
        work, seen = measure(door, found, each)
        print("\n" + "\n".join(comparison.told() for comparison in (*work, *seen)))
        noise = max(margin(work), median(seen[0].first) / 4)
        even.append(
            all(comparison.is_even(margin(work)) for comparison in work)
            and not any(comparison.stands_out(noise) for comparison in seen)
        )
        if even.count(True) == 2:
            return True
    return False


def test_five_words_that_open_nothing_take_the_same_time(door):
    def tenth_of_the_stretching(comparisons):
        return median(comparisons[0].first) / 10

    found = codes(door, "card")
    assert is_even_in_two_of_three(door, found, WORDS_EACH, tenth_of_the_stretching)


def test_links_that_open_nothing_take_the_same_time(door):
    found = codes(door, "link")
    assert is_even_in_two_of_three(door, found, LINKS_EACH, lambda _: ONE_MILLISECOND)


def test_the_measure_notices_what_it_is_for():
    slow = [0.0030 + number * 1e-6 for number in range(60)]
    even = Comparison("same", slow, slow[::-1])
    assert even.is_even(ONE_MILLISECOND) and even.chance > 0.5
    late = Comparison("late", slow, [one + 0.002 for one in slow])
    assert not late.is_even(ONE_MILLISECOND) and late.stands_out(ONE_MILLISECOND)
    assert not even.stands_out(0)
    assert not Comparison("small but steady", slow, [one + 4e-4 for one in slow]).is_even(1)
