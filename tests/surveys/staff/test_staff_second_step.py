"""Signing in to a real site: nobody gets in with a password alone, by any page."""

import json
import re

import pytest
from desk_site import set_clock
from real_desk import ADDRESS, PASSWORD, words
from soft_passkey import SoftPasskey

from surveys.audit import log as audit
from surveys.staff.accounts import change_password, close_account
from surveys.staff.factors import factors_of
from surveys.staff.sign_in import begin_halfway


@pytest.fixture
def sam(real):
    return real("Sam Okafor", "coordinator").have_app()


@pytest.fixture
def new(real):
    """Somebody who has a password and nothing else yet."""
    return real("Nina New", "coordinator")


def passkey_of(person, name="a key"):
    """Make a passkey through the pages; whoever does is signed in."""
    key = SoftPasskey(origin=ADDRESS, rp_id="heard.example.gov.uk")
    page = "/staff/sign-in/passkey"
    form = person.client.get(page).text
    question = re.search(r'name="asked" value="([^"]+)"', form)[1].replace("&#34;", '"')
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    data = {"csrf_token": token, "name": name, "credential": key.create(question)}
    assert person.client.post(page, data=data).status_code in (200, 303)
    return key


def send_passkey(person, key, page, url=None):
    form = person.client.get(page).text
    question = re.search(r'name="asked" value="([^"]+)"', form)[1].replace("&#34;", '"')
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    data = {"csrf_token": token, "credential": key.get(question)}
    return person.client.post(url or page, data=data)


def acts(site):
    lines = audit.audit_log_of(site).read_text().splitlines()
    return [json.loads(line)["what"] for line in lines]


def test_password_and_code_lead_home(sam):
    assert sam.give_password().location == "/staff/second-step"
    assert not sam.opens("/staff/"), "a password alone opens nothing"
    assert sam.post("/staff/second-step", code=sam.code()).location == "/staff/"
    assert sam.opens("/staff/") and sam.opens("/coordinator/")
    assert acts(sam.site) == ["sign_in"]


def test_same_code_does_not_sign_in_twice(sam):
    sam.log_in()
    thief = sam.app.test_client()
    sam.client, own = thief, sam.client
    sam.give_password()
    answer = sam.post("/staff/second-step", code=sam.code())
    assert answer.status_code == 422 and "does not fit" in words(answer)
    assert own.get("/staff/").status_code == 200


def test_code_without_the_password_is_asked_for_the_password(sam):
    answer = sam.client.get("/staff/second-step")
    assert answer.location == "/staff/log-in"
    posted = sam.post("/staff/second-step", page="/staff/log-in", code=sam.code())
    assert posted.location == "/staff/log-in"


def test_the_second_step_waits_five_minutes(sam):
    sam.give_password()
    set_clock(sam.app, minutes=5)
    assert sam.client.get("/staff/second-step").status_code == 200
    set_clock(sam.app, minutes=5, seconds=1)
    assert sam.client.get("/staff/second-step").location == "/staff/log-in"


@pytest.mark.parametrize("change", ["close", "password", "log out"])
def test_what_ends_sessions_ends_half_a_sign_in_too(sam, change):
    sam.give_password()
    if change == "close":
        close_account(sam.site.engine, sam.name)
    elif change == "password":
        change_password(sam.site.engine, sam.name, "another password")
    else:
        sam.post("/staff/log-out", page="/staff/second-step")
    assert sam.client.get("/staff/second-step").location == "/staff/log-in"


def test_wrong_codes_wait_by_account_and_stand_in_the_log(sam):
    sam.give_password()
    for _ in range(5):
        assert sam.post("/staff/second-step", code="000000").status_code == 422
    answer = sam.post("/staff/second-step", code=sam.code())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    answer = sam.post("/staff/second-step", recovery=sam.codes[0])
    assert answer.status_code == 429, "recovery codes are counted with them"
    assert acts(sam.site) == ["second_factor_wrong"] * 5
    sam.client = sam.app.test_client()
    assert sam.give_password().status_code == 303, "the password's own count is another"
    assert sam.post("/staff/second-step", code=sam.code()).status_code == 429
    set_clock(sam.app, seconds=31)
    assert sam.log_in().location == "/staff/"


def test_recovery_code_signs_in_once(sam):
    sam.give_password()
    assert sam.post("/staff/second-step", recovery=sam.codes[0]).location == "/staff/"
    assert "9 codes left" in words(sam.client.get("/staff/sign-in"))
    sam.post("/staff/log-out", page="/staff/")
    sam.give_password()
    assert sam.post("/staff/second-step", recovery=sam.codes[0]).status_code == 422


def test_few_codes_left_are_mentioned_at_home(sam):
    for code in sam.codes[:7]:
        sam.give_password()
        sam.post("/staff/second-step", recovery=code)
        home = words(sam.client.get("/staff/"))
        sam.post("/staff/log-out", page="/staff/")
    assert "You have 3 recovery codes left." in home


def test_without_a_second_factor_only_setting_one_up_opens(new):
    assert new.give_password().location == "/staff/sign-in"
    for rule in new.app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static" and not rule.arguments:
            view = new.app.view_functions[rule.endpoint]
            answer = new.client.get(str(rule))
            if getattr(view, "sets_up", False):
                assert answer.status_code == 200, rule
            elif "public" not in view.audiences:
                assert answer.location == "/staff/sign-in", rule
    assert acts(new.site) == ["sign_in_to_set_up"]


def test_setting_up_an_app_opens_the_desk_and_ends_other_sessions(new):
    new.give_password()
    other = new.app.test_client()
    other.set_cookie("heard", new.client.get_cookie("heard").value)
    page = new.client.get("/staff/sign-in/app")
    new.secret = re.search(r'class="letters"[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    wrong = new.post("/staff/sign-in/app", code="000000")
    assert wrong.status_code == 422 and not factors_of(new.site.engine, new.id)
    done = new.post("/staff/sign-in/app", code=new.code())
    assert len(set(re.findall(r"<code>([a-z2-7-]{19})</code>", done.text))) == 10
    assert new.opens("/coordinator/")
    assert other.get("/staff/sign-in").location == "/staff/log-in"
    assert acts(new.site) == ["sign_in_to_set_up", "app_set_up", "recovery_codes_replaced"]
    assert new.secret not in new.client.get("/staff/sign-in/app").text, "never shown again"


def test_passkey_alone_is_both_factors(new):
    new.give_password()
    key = passkey_of(new, "work phone")
    assert new.opens("/coordinator/")
    new.post("/staff/log-out", page="/staff/")
    answer = send_passkey(new, key, "/staff/log-in", "/staff/log-in/passkey")
    assert answer.location == "/staff/"
    assert new.opens("/coordinator/")


def test_passkey_after_a_password_is_the_second_factor(new, sam):
    new.give_password()
    key = passkey_of(new)
    new.post("/staff/log-out", page="/staff/")
    new.give_password()
    assert send_passkey(new, key, "/staff/second-step").location == "/staff/"
    sam.log_in()
    of_sam = passkey_of(sam)
    new.post("/staff/log-out", page="/staff/")
    new.give_password()
    answer = send_passkey(new, of_sam, "/staff/second-step")
    assert answer.status_code == 422 and "does not belong to this account" in words(answer)
    assert not new.opens("/staff/")


def test_passkey_answer_is_believed_once(new):
    new.give_password()
    key = passkey_of(new)
    new.post("/staff/log-out", page="/staff/")
    form = new.client.get("/staff/log-in").text
    question = re.search(r'name="asked" value="([^"]+)"', form)[1].replace("&#34;", '"')
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    key.count = -1  # as those do that keep no count
    data = {"csrf_token": token, "credential": key.get(question)}
    copied = new.client.get_cookie("heard").value
    assert new.client.post("/staff/log-in/passkey", data=data).location == "/staff/"
    thief = new.app.test_client()
    thief.set_cookie("heard", copied)
    answer = thief.post("/staff/log-in/passkey", data=data)
    assert answer.status_code == 422 and thief.get("/staff/").status_code == 303


def test_passkey_answers_of_strangers_are_noted_nowhere_and_end_no_wait(new, monkeypatch):
    monkeypatch.setattr("surveys.staff.guesses.MOST_NAMES", 3)
    for _ in range(5):
        new.give_password("not the password")
    home = new.site.summaries.parent
    before = {path.name for path in home.iterdir()}
    for number in range(10):
        credential = SoftPasskey() if number % 2 else None
        new.client = new.app.test_client()
        form = new.client.get("/staff/log-in").text
        question = re.search(r'name="asked" value="([^"]+)"', form)[1].replace("&#34;", '"')
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
        answer = credential.get(question) if credential else "nonsense"
        data = {"csrf_token": token, "credential": answer}
        assert new.client.post("/staff/log-in/passkey", data=data).status_code == 422
    assert {path.name for path in home.iterdir()} == before
    assert len(json.loads((home / "guesses.json").read_text())) == 1
    assert new.give_password().status_code == 429


@pytest.mark.parametrize("page", ["/staff/log-in", "/staff/second-step"])
def test_passkey_answer_after_five_minutes_is_refused(new, page):
    new.give_password()
    key = passkey_of(new)
    new.post("/staff/log-out", page="/staff/")
    if "second" in page:
        new.give_password()
    form = new.client.get(page).text
    question = re.search(r'name="asked" value="([^"]+)"', form)[1].replace("&#34;", '"')
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    set_clock(new.app, minutes=5, seconds=1)
    url = "/staff/log-in/passkey" if "log-in" in page else page
    answer = new.client.post(url, data={"csrf_token": token, "credential": key.get(question)})
    assert answer.status_code == 422 or answer.location == "/staff/log-in"
    assert not new.opens("/staff/")


def test_closed_account_has_no_passkey(new):
    new.give_password()
    key = passkey_of(new)
    close_account(new.site.engine, new.name)
    new.client = new.app.test_client()
    answer = send_passkey(new, key, "/staff/log-in", "/staff/log-in/passkey")
    assert answer.status_code == 422 and "opens no account" in words(answer)


def test_the_last_factor_cannot_be_removed_and_another_can(sam):
    sam.log_in()
    page = "/staff/sign-in/app/remove"
    assert "only second factor" in words(sam.client.get(page))
    sam.post(page, page="/staff/sign-in/codes")
    assert factors_of(sam.site.engine, sam.id).app
    passkey_of(sam, "work phone")
    assert sam.post(page).location == "/staff/sign-in"
    assert not factors_of(sam.site.engine, sam.id).app
    assert sam.opens("/coordinator/")
    assert acts(sam.site)[-2:] == ["passkey_added", "app_removed"]


@pytest.mark.parametrize("change", ["password", "passkey", "app"])
def test_every_change_ends_other_sessions_and_keeps_this_one(sam, change):
    sam.log_in()
    other = sam.app.test_client()
    other.set_cookie("heard", sam.client.get_cookie("heard").value)
    assert other.get("/coordinator/").status_code == 200
    if change == "password":
        fresh = "another password of mine"
        sam.post("/staff/sign-in/password", password=fresh, again=fresh)
    elif change == "passkey":
        passkey_of(sam)
    else:
        page = sam.client.get("/staff/sign-in/app").text
        sam.secret = re.search(r'class="letters"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        sam.post("/staff/sign-in/app", code=sam.code())
    assert other.get("/coordinator/").location == "/staff/log-in"
    assert sam.opens("/coordinator/")


def test_own_password_changes_and_the_old_one_is_gone(sam):
    sam.log_in()
    page = "/staff/sign-in/password"
    assert "not the same" in words(sam.post(page, password="long enough it is", again="other"))
    assert "too short" in words(sam.post(page, password="short", again="short"))
    assert (
        sam.post(page, password="long enough it is", again="long enough it is").status_code == 303
    )
    sam.post("/staff/log-out", page="/staff/")
    assert sam.give_password(PASSWORD).status_code == 422
    assert sam.give_password("long enough it is").location == "/staff/second-step"


def test_new_codes_replace_the_old(sam):
    sam.log_in()
    page = sam.post("/staff/sign-in/codes").text
    fresh = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    assert len(fresh) == 10 and not set(fresh) & set(sam.codes)
    sam.post("/staff/log-out", page="/staff/")
    sam.give_password()
    assert sam.post("/staff/second-step", recovery=sam.codes[0]).status_code == 422
    assert sam.post("/staff/second-step", recovery=fresh[0]).status_code == 303


def test_half_a_sign_in_is_never_signed_in(sam):
    with sam.client.session_transaction() as session:
        begin_halfway(session, sam.account, sam.site.now())
    for url in ("/staff/", "/coordinator/", "/results/", "/staff/sign-in", "/staff/confirm"):
        assert sam.client.get(url).location == "/staff/log-in", url


def test_demonstration_lets_a_password_be_enough_and_says_so(client, site, app):
    from surveys.staff.accounts import add_account

    add_account(site.engine, "Dora Demo", PASSWORD, ["coordinator"])
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', client.get("/staff/log-in").text)[1]
    data = {"csrf_token": token, "name": "Dora Demo", "password": PASSWORD}
    assert client.post("/staff/log-in", data=data).location == "/staff/"
    home = words(client.get("/staff/"))
    assert "This is a demonstration, so a password is enough." in home
    assert "A real site asks everybody for a second factor." in home
