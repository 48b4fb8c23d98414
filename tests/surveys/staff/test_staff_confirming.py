"""Proving it once more: asked after five minutes, by password or factor, and then the way goes on."""

import re

import pytest
from desk_site import set_clock
from flask import Blueprint
from real_desk import words
from test_staff_second_step import passkey_of, send_passkey

from surveys.audiences import Audience, confirmed, open_to
from surveys.audit.log import audit_log_of, entries


@pytest.fixture
def app(app):
    files = Blueprint("files", __name__)

    @files.get("/results/all.csv")
    @open_to(Audience.INSPECTOR)
    @confirmed
    def export():
        return "a,b\n", {"Content-Type": "text/csv"}

    @files.post("/results/only-post")
    @open_to(Audience.INSPECTOR)
    @confirmed
    def act():
        return "done"

    app.register_blueprint(files)
    return app


@pytest.fixture
def ina(real):
    person = real("Ina", "inspector").have_app()
    person.log_in()
    return person


def test_sign_in_itself_counts_for_five_minutes(ina):
    assert ina.opens("/results/all.csv")
    set_clock(ina.app, minutes=5)
    assert ina.opens("/results/all.csv")
    set_clock(ina.app, minutes=5, seconds=1)
    assert ina.client.get("/results/all.csv").location == "/staff/confirm"
    assert ina.opens("/results/"), "reading goes on"


def test_password_confirms_and_offers_the_file(ina):
    set_clock(ina.app, minutes=6)
    ina.client.get("/results/all.csv")
    wrong = ina.post("/staff/confirm", password="not the password")
    assert wrong.status_code == 422 and "does not fit" in words(wrong)
    assert not ina.opens("/results/all.csv")
    done = ina.post("/staff/confirm", password=ina.password)
    assert done.status_code == 200 and 'href="/results/all.csv"' in done.text
    assert ina.opens("/results/all.csv")
    set_clock(ina.app, minutes=11)
    assert ina.opens("/results/all.csv")
    set_clock(ina.app, minutes=11, seconds=1)
    assert not ina.opens("/results/all.csv")


def test_code_or_passkey_confirms_too_and_a_page_is_opened(ina):
    key = passkey_of(ina)
    for number, confirm in enumerate(
        (
            lambda: ina.post("/staff/confirm", code=ina.code()),
            lambda: send_passkey(ina, key, "/staff/confirm"),
        ),
        start=1,
    ):
        set_clock(ina.app, minutes=6 * number)
        assert ina.client.get("/staff/sign-in/password").location == "/staff/confirm"
        assert confirm().location == "/staff/sign-in/password"
        assert ina.opens("/staff/sign-in/password")


def test_somebody_elses_passkey_confirms_nothing(ina, real):
    other = real("Otto", "coordinator").have_app()
    other.log_in()
    passkey_of(ina)
    key = passkey_of(other)
    set_clock(ina.app, minutes=6)
    ina.client.get("/staff/sign-in/password")
    assert send_passkey(ina, key, "/staff/confirm").status_code == 422
    assert not ina.opens("/staff/sign-in/password")


def test_five_wrong_tries_wait_with_those_of_the_door(ina):
    set_clock(ina.app, minutes=6)
    for _ in range(5):
        ina.post("/staff/confirm", password="not the password")
    assert ina.post("/staff/confirm", password=ina.password).status_code == 429
    ina.client = ina.app.test_client()
    assert ina.give_password().status_code == 429


def test_wrong_codes_wait_apart_from_passwords_and_stand_in_the_log(ina):
    set_clock(ina.app, minutes=6)
    for _ in range(5):
        assert ina.post("/staff/confirm", code="000000").status_code == 422
    assert ina.post("/staff/confirm", code=ina.code()).status_code == 429
    wrong = [one for one in entries(audit_log_of(ina.site)) if one.what == "second_factor_wrong"]
    assert [one.who for one in wrong] == ["Ina"] * 5
    assert ina.post("/staff/confirm", password="not the password").status_code == 422
    assert len(entries(audit_log_of(ina.site))) == 1 + 5, "a wrong password is no factor"
    assert ina.post("/staff/confirm", password=ina.password).status_code in (200, 302, 303)
    ina.client = ina.app.test_client()
    ina.give_password()
    assert ina.post("/staff/second-step", code=ina.code()).status_code == 429


def test_form_sent_too_late_is_not_carried_out(ina):
    token = re.search(
        r'csrf_token"[^>]*value="([^"]+)"', ina.client.get("/staff/sign-in/codes").text
    )[1]
    set_clock(ina.app, minutes=6)
    before = ina.account.session_number
    answer = ina.client.post("/staff/sign-in/codes", data={"csrf_token": token})
    assert answer.location == "/staff/confirm"
    assert ina.account.session_number == before
    assert ina.post("/staff/confirm", password=ina.password).location == "/staff/sign-in/codes"


def test_address_that_only_takes_forms_leads_home_afterwards(ina):
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', ina.client.get("/staff/").text)[1]
    set_clock(ina.app, minutes=6)
    answer = ina.client.post("/results/only-post", data={"csrf_token": token})
    assert answer.location == "/staff/confirm"
    assert ina.post("/staff/confirm", password=ina.password).location == "/staff/"


def test_way_on_is_the_address_asked_for_and_never_another_site(ina):
    set_clock(ina.app, minutes=6)
    ina.client.get("/staff/sign-in/password?next=//evil.example/x.csv")
    answer = ina.post("/staff/confirm?next=//evil.example", password=ina.password)
    assert answer.location == "/staff/sign-in/password?next=//evil.example/x.csv"


def test_time_moved_back_does_not_stretch_it(ina):
    set_clock(ina.app, minutes=-6)
    assert not ina.opens("/results/all.csv")
