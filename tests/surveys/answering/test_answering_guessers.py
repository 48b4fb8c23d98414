"""Guessers against the real server with real stretching, while a child behind their address starts."""

import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config.settings import read_settings
from surveys.invitations.codes import access_from_secret, secret_from_words
from surveys.keys.key_making import public_halves
from surveys.vault.drafts import Draft
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.slots import NewSlot, create_slots
from surveys.vault.waves import WaveStatus, prepare_wave, set_status

ROOT = Path(__file__).parents[3]
HOME = "203.0.113.7"
RIGHT = "gizmo maple taxi urban sweater"
WRONG = "sweater urban taxi maple gizmo"
WORKERS, GUESSERS = 2, 6
LOOKED_UP, TURNED_AWAY, LET_IN = "/not-open", "/", "/answer/welcome"  # where each is sent


@pytest.fixture
def port(site_home, app):
    """The real site over http, with one code whose five words are RIGHT."""
    _invite(app.extensions["heard"], read_settings(site_home))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    told = {"HEARD_HOME": str(site_home), "HEARD_BIND": f"127.0.0.1:{number}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "config/server.py", "app:create_app()"],
        cwd=ROOT, env={**os.environ, **told, "HEARD_WORKERS": str(WORKERS)},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(number)
        yield number
    finally:
        process.terminate()
        process.wait(120)


def _invite(site, settings):
    survey, today = site.surveys["care4me"], site.now().date()
    wave = prepare_wave(site.engine, survey, secrets.token_bytes(16), today, today)
    keys = [(new_private_key(purpose),) for purpose in (Purpose.RESPONSE, Purpose.MIX)]
    write_wave_keys(site.public_keys, wave.id, public_halves(*keys))
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    access = access_from_secret(secret_from_words(RIGHT.split(), settings.site_id, settings.pepper))
    draft = Draft(survey.questionnaires[0].audience, {})
    slot = NewSlot(access.slot_id, access.part_key, draft)
    create_slots(site.engine, site.storage_key, wave, [slot])


def _wait_for(port):
    until = time.monotonic() + 300  # on a machine that is busy with other tests
    while time.monotonic() < until:
        try:
            return _ask(port, "GET", "/")
        except OSError:
            time.sleep(0.2)
    return pytest.fail("the site did not start")


def _ask(port, method, path, cookie="", form=None):
    """(where it leads, cookie, text) of one request from HOME."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"X-Forwarded-For": HOME, "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    body = urlencode(form) if form else None
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        new = (answer.headers["Set-Cookie"] or cookie).split(";")[0]
        return answer.headers["Location"] or path, new, text
    finally:
        connection.close()


def _try(port, words, cookie=""):
    """Type words at the front door; without a cookie as somebody who has just come."""
    _, cookie, text = _ask(port, "GET", "/", cookie)
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)[1]
    return _ask(port, "POST", "/start", cookie, {"csrf_token": token, "words": words})[:2]


def test_guessers_are_held_and_a_child_behind_their_address_gets_in(port):
    led, over = Counter(), threading.Event()

    def guess():
        while not over.is_set():
            led[_try(port, WRONG)[0]] += 1

    guessers = [threading.Thread(target=guess) for _ in range(GUESSERS)]
    for thread in guessers:
        thread.start()
    try:
        began = time.monotonic()
        while led[TURNED_AWAY] < 20:  # they are being slowed by now
            assert time.monotonic() - began < 300, led
            time.sleep(0.1)
        tries, cookie = [], ""
        while LET_IN not in tries:
            assert len(tries) < 12, (tries, led)
            time.sleep(5.1 if tries else 0)
            where, cookie = _try(port, RIGHT, cookie)
            tries.append(where)
    finally:
        over.set()
        for thread in guessers:
            thread.join(60)
    assert set(tries[:-1]) <= {TURNED_AWAY}, "asked back, never told that the words are wrong"
    # looked up: 20 of the address at each worker, and what was under way when the 20th failed
    assert led[LOOKED_UP] <= WORKERS * (20 + GUESSERS), led
    assert set(led) == {LOOKED_UP, TURNED_AWAY}
    print(f"\nguessers {dict(led)}, child {tries}")
